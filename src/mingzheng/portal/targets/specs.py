"""Reads ``MINGZHENG_TARGETS``: ``folder:/srv/www``, ``rsync:user@host:/path``, ``s3://bucket/prefix?endpoint=…&region=…``."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from mingzheng.law.errors import Refusal
from mingzheng.portal.targets.folder import FolderTarget
from mingzheng.portal.targets.rsync import RsyncTarget
from mingzheng.portal.targets.target import Target

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def targets_of(setting: str) -> list[Target]:
    """The targets that the setting names, each once. Raises Refusal for what cannot be read."""
    return [read_target(spec) for spec in dict.fromkeys(setting.split())]


def read_target(spec: str) -> Target:
    """One target from its line."""
    if spec.startswith("folder:"):
        path = Path(spec.removeprefix("folder:"))
        if not path.is_absolute():
            raise Refusal(f"交付目标“{spec}”有误，文件夹应写完整路径，例如folder:/srv/www。")
        return FolderTarget(spec, path)
    if spec.startswith("rsync:"):
        place = spec.removeprefix("rsync:")
        if not place or place.startswith("-") or not ("/" in place or "::" in place):
            raise Refusal(f"交付目标“{spec}”有误，应写作rsync:用户@主机:/路径。")
        return RsyncTarget(spec, place)
    if spec.startswith("s3://"):
        return _s3(spec)
    raise Refusal(f"交付目标“{spec}”有误，应以folder:、rsync:或者s3://开头。")


def _s3(spec: str) -> Target:
    from mingzheng.portal.targets.s3 import S3Target  # boto3 takes its time, and few need it

    parts = urlsplit(spec)
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    endpoint = given.pop("endpoint", "")
    region = given.pop("region", "us-east-1")
    if given or not _BUCKET.fullmatch(parts.netloc) or (endpoint and urlsplit(endpoint).username):
        raise Refusal(
            f"交付目标“{parts.netloc}”有误，应写作s3://存储桶/前缀?endpoint=网址&region=区域，密钥用环境变量设置。"
        )
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise Refusal(f"交付目标“{parts.netloc}”的endpoint有误，应为http://或者https://开头的网址。")
    prefix = unquote(parts.path).strip("/")
    return S3Target(spec, parts.netloc, f"{prefix}/" if prefix else "", endpoint, region)


def digest_of(spec: str) -> str:
    """The name under which what was delivered to a target is remembered."""
    return hashlib.sha256(spec.encode()).hexdigest()[:20]
