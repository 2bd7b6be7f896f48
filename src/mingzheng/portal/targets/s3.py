"""A store that speaks S3. Keys are the names of the files; who reads is told the type and how long to keep each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError

from mingzheng.portal.precompress import original_of
from mingzheng.portal.server import content_type
from mingzheng.portal.targets.target import MARK, Unreachable, is_hidden

_AT_ONCE: Final = 8
_MOST_DELETED: Final = 1000  # by one request of S3
_ASSETS: Final = "public, max-age=86400"  # their addresses change with their content
_PAGES: Final = "no-cache"


class S3Target:
    def __init__(self, spec: str, bucket: str, prefix: str, endpoint: str, region: str) -> None:
        self.spec, self._bucket, self._prefix = spec, bucket, prefix
        self._endpoint, self._region = endpoint, region
        self._open: Any = None

    @property
    def _client(self) -> Any:
        if self._open is None:
            config = Config(
                connect_timeout=5,
                read_timeout=60,
                retries={"max_attempts": 3, "mode": "standard"},
                max_pool_connections=_AT_ONCE,
                s3={"addressing_style": "path" if self._endpoint else "auto"},
                request_checksum_calculation="when_required",  # many compatible stores know no other
                response_checksum_validation="when_required",
            )
            self._open = boto3.session.Session().client(
                "s3", endpoint_url=self._endpoint or None, region_name=self._region, config=config
            )
        return self._open

    def read_mark(self) -> str:
        with _told():
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + MARK)
            except ClientError as error:
                if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                    return ""
                raise
            return str(answer["Body"].read(100).decode("ascii", "replace")).strip()

    def write_mark(self, mark: str) -> None:
        with _told():
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + MARK, Body=mark.encode())

    def listing(self) -> Iterator[str]:
        with _told():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            for page in pages:
                names = (each["Key"].removeprefix(self._prefix) for each in page.get("Contents", ()))
                yield from (name for name in names if not is_hidden(name))

    def put(self, root: Path, names: Sequence[str]) -> None:
        def send(name: str) -> None:
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._prefix + name,
                Body=(root / name).read_bytes(),
                ContentType=content_type(name),
                CacheControl=_ASSETS if name.startswith("assets/") else _PAGES,
            )

        with _told():
            # A store compresses by itself, or not at all: it does not choose among files.
            _all_at_once(send, [name for name in names if original_of(name) is None])

    def remove(self, root: Path, names: Iterable[str]) -> None:
        keys = [{"Key": self._prefix + name} for name in names]
        with _told():
            for start in range(0, len(keys), _MOST_DELETED):
                some = {"Objects": keys[start : start + _MOST_DELETED], "Quiet": True}
                answer = self._client.delete_objects(Bucket=self._bucket, Delete=some)
                if answer.get("Errors"):
                    raise Unreachable(f"存储没有删除“{answer['Errors'][0].get('Key')}”")

    def close(self) -> None:
        if self._open is not None:
            self._open.close()


def _all_at_once(send: Callable[[str], None], names: Sequence[str]) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(send, names):
            pass


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unreachable(f"存储没有应答：{error}") from error
    except OSError as error:
        raise Unreachable(f"无法读取“{error.filename}”") from error
