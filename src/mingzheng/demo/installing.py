"""Puts the fictional city into an empty database: units, catalogue, accounts, site file, the items of its years.

Every step looks at what is there and adds what is missing, so that a killed run is simply run again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path

import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from mingzheng.city import services as city
from mingzheng.city.models import Membership, Person, Unit
from mingzheng.demo.drafting import drafts, source_prefix
from mingzheng.demo.figures import wanted
from mingzheng.demo.structure import MARK, units
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue import services as catalogue
from mingzheng.publish.catalogue.models import CatalogueChange, Column
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ImportReport, import_items

Progress = Callable[[int], object]
ACCOUNTS_FILE = "demo-accounts.txt"
FOUNDED = date(2016, 1, 1)
_HOURS = "工作日8:30—12:00，14:30—17:30"
# username, name shown, role, unit
_ACCOUNTS = (
    ("demo-office", "公开办（演示）", "office", "city"),
    ("demo-signer", "市财政局签发人（演示）", "signer", "czj"),
    ("demo-writer", "市财政局信息员（演示）", "writer", "czj"),
    ("demo-auditor", "审计员（演示）", "auditor", "city"),
    ("demo-admin", "系统管理员（演示）", "admin", "city"),
)


def prepare_database(scale: str) -> None:
    """Bring the database up to date. Refuses one that holds another city, or this one at another scale."""
    if Unit._meta.db_table in connection.introspection.table_names():
        _refuse_strangers()
    call_command("migrate", verbosity=0)
    other = Item.objects.sourced().filter(source_key__startswith="demo-")
    other = other.exclude(source_key__startswith=f"demo-{scale}/")
    if other.exists():
        raise Refusal(f"数据库中已有其他规模的演示数据，与“{scale}”不能并存，请另设 MINGZHENG_HOME。")


def _refuse_strangers() -> None:
    stranger = Unit.objects.exclude(org_code__startswith=MARK).first()
    if stranger is not None:
        raise Refusal(
            f"数据库中已有单位“{stranger}”，不是演示数据；演示只能建在空库里，请另设 MINGZHENG_HOME。"
        )


def create_units(progress: Progress) -> int:
    """Create the units that are missing; returns their number."""
    stored = {unit.code: unit for unit in Unit.objects.all()}
    made = 0
    with transaction.atomic():
        for spec in units():
            if spec.code not in stored:
                stored[spec.code] = city.create_unit(
                    None, code=spec.code, parent=stored[spec.parent] if spec.parent else None,
                    org_code=spec.org_code, name=spec.name, short_name=spec.short, tier=spec.tier,
                    region_code=spec.region, address=spec.address, hours=_HOURS, phone=spec.phone,
                    is_government=spec.is_government, sort=spec.number * 10, active_from=FOUNDED,
                )  # fmt: skip
                made += 1
            progress(1)
    return made


def load_catalogue() -> None:
    """The column standard and its changes of 2018, unless they are there."""
    if not Column.objects.exists():
        catalogue.load_standard(None)
    if not CatalogueChange.objects.filter(kind="added", unit=None).exists():
        catalogue.apply_changes(None, 2018)


def create_accounts() -> tuple[str, tuple[tuple[str, str], ...]]:
    """The demonstration's accounts with one random password of this installation: (password, (username, name))."""
    path = settings.HOME / ACCOUNTS_FILE
    password = _password(path)
    for username, name, role, code in _ACCOUNTS:
        person = Person.objects.filter(username=username).first()
        person = person or city.create_person(None, username=username, name=name, password=password)
        if not Membership.objects.filter(person=person).exists():
            city.grant(None, person, role, city.unit_by_code(code), starts_on=FOUNDED)
    return password, tuple((username, name) for username, name, _, _ in _ACCOUNTS)


def _password(path: Path) -> str:
    """The password in the accounts file, which is written before any account uses it."""
    if not path.exists():
        password = secrets.token_urlsafe(12)
        lines = ["演示账号（密码相同）", *(f"{username}\t{name}" for username, name, _, _ in _ACCOUNTS)]
        path.touch(mode=0o600)
        path.write_text("\n".join([*lines, f"密码：{password}"]) + "\n", "utf-8")
    return path.read_text("utf-8").rpartition("密码：")[2].strip()


def write_site_file() -> None:
    """The portal's facts of the fictional city; a file that is there stays as the office has it."""
    path = settings.SITE_FILE
    if path.exists():
        return
    root = units()[0]
    facts = {
        "name": root.name,
        "domain": "www.shifan.example",
        "id_code": f"{root.region}0001",
        "icp": "示ICP备00000000号",
        "police": "示公网安备 00000000000000号",
        "sponsor": root.name,
        "organiser": f"{root.name}办公室",
        "contact": root.phone,
    }
    path.write_text(yaml.safe_dump(facts, allow_unicode=True, sort_keys=False), "utf-8")


def stored_items(year: int, scale: str) -> int:
    """How many of the year's items are stored already."""
    prefix = source_prefix(year, scale)
    return Item.objects.sourced().filter(source_key__startswith=prefix).count()


def import_year(year: int, scale: str, progress: Progress) -> ImportReport:
    """Import the items of a year, unless all of them are there."""
    total = wanted(year, scale).total
    if stored_items(year, scale) == total:
        progress(total)
        return ImportReport(present=total)
    office = city.person_by_username("demo-office")
    return import_items(office, drafts(year, scale), source=f"示范市{year}年", progress=progress)
