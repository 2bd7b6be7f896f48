"""Facts of the site that stand on every page: its name, its codes, who runs it, and the main navigation.

They come from ``settings.SITE_FILE``; what the file does not say is derived from the city government's own unit.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from typing import Final

import yaml
from django.conf import settings

from mingzheng.city.models import Unit
from mingzheng.law.errors import Refusal
from mingzheng.portal import addresses
from mingzheng.portal.rendering import STATIC_DIR, TEMPLATES_DIR, Shell

FIELDS: Final = (
    "name", "domain", "scheme", "id_code", "icp", "police", "sponsor", "organiser", "contact",
    "find_error_url", "sitemap_url", "search_url",
)  # fmt: skip
_ID_CODE = re.compile(r"\d{10}|bm\d{8}")
_FIND_ERROR: Final = "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code="


def site_facts(root: Unit) -> dict[str, str]:
    """The site's facts. Raises Refusal when the site file is not what it should be (国办发〔2017〕47号)."""
    id_code = f"{root.region_code[:6] or '000000'}0001"
    facts = {
        "name": root.name,
        "domain": f"www.{root.code}.gov.cn",
        "scheme": "https",
        "id_code": id_code,
        "sponsor": f"{root.name}办公室",
        "contact": root.phone or root.email,
    } | _from_file()
    if not _ID_CODE.fullmatch(facts["id_code"]):
        raise Refusal(f"网站标识码“{facts['id_code']}”有误，应为10位数字，或bm加8位数字。")
    facts.setdefault("search_url", addresses.SEARCH)
    facts.setdefault("sitemap_url", addresses.MAP)
    facts.setdefault("find_error_url", _FIND_ERROR + facts["id_code"])
    return facts


def _from_file() -> dict[str, str]:
    path = settings.SITE_FILE
    if not path.is_file():
        return {}
    try:
        found = yaml.safe_load(path.read_text("utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Refusal(f"网站设置文件“{path.name}”不是合法的YAML。") from None
    if not isinstance(found, dict):
        raise Refusal(f"网站设置文件“{path.name}”应当是键值表。")
    unknown = [str(key) for key in found if key not in FIELDS]
    if unknown:
        raise Refusal(f"网站设置文件“{path.name}”有未知的项目：{'、'.join(unknown)}。")
    return {key: str(value) for key, value in found.items() if value not in (None, "")}


def navigation(root: Unit) -> list[dict[str, str]]:
    """The main navigation: the same on every page, and only addresses that always exist."""
    return [
        {"title": "首页", "url": addresses.HOME},
        {"title": "政府信息公开", "url": addresses.unit_path(root.code)},
        {"title": "规范性文件", "url": addresses.DOCUMENTS},
        {"title": "政府公报", "url": addresses.GAZETTE},
        {"title": "单位名录", "url": addresses.UNITS},
        {"title": "公开数据", "url": addresses.FIGURES},
        {"title": "年度报告", "url": addresses.REPORTS},
    ]


class Site:
    """The site of one city: its facts, and the shell that renders its pages."""

    def __init__(self, root: Unit) -> None:
        self.facts = site_facts(root)
        self.name = self.facts["name"]
        nav = navigation(root)
        self.shell = Shell(self.facts, nav)
        self.fingerprint = _fingerprint(self.facts, nav)
        """Changes when anything that stands on every page changes."""

    def address(self, path: str) -> str:
        """The full address of a page, as it stands in the tag Url and in QR codes."""
        return f"{self.facts['scheme']}://{self.facts['domain']}{path}"


def _fingerprint(facts: dict[str, str], nav: list[dict[str, str]]) -> str:
    given = json.dumps([facts, nav], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(given.encode() + _sources_digest()).hexdigest()


@lru_cache(maxsize=1)
def _sources_digest() -> bytes:
    digest = hashlib.sha256()
    for folder in (TEMPLATES_DIR, STATIC_DIR):
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.digest()
