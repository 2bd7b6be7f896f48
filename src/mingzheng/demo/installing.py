"""Puts the fictional city into an empty database: units, catalogue, accounts, the items of its years.

Every step looks at what is there and adds what is missing, so that a killed run is simply run again.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.db import connection, transaction

from mingzheng.city import services as city
from mingzheng.city.models import Membership, Person, Unit
from mingzheng.city.schema import bring_up_to_date
from mingzheng.demo.drafting import drafts, source_prefix
from mingzheng.demo.figures import wanted
from mingzheng.demo.structure import MARK, units
from mingzheng.law.errors import Refusal
from mingzheng.measure import services as measure
from mingzheng.office.signin.passwords import mark_as_own
from mingzheng.publish.catalogue import services as catalogue
from mingzheng.publish.catalogue.models import CatalogueChange, Column
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.services import ImportReport, import_items

Progress = Callable[[int], object]
FOUNDED = date(2016, 1, 1)
# Units whose annual report is published, and whether with everything below them.
_REPORTING = (("city", True), ("czj", False), ("hexi", True))
_PROBLEMS = (
    "存在的主要问题：一是部分栏目更新不够及时，个别单位集中在季末发布；二是解读形式还不够丰富，图解和音视频解读偏少。\n"
    "改进措施：一是按栏目更新周期逐月提醒、逐季通报；二是起草文件时同步准备解读材料，与文件同步发布；三是加强业务培训，"
    "提高信息员的业务能力。"
)
_HOURS = "工作日8:30—12:00，14:30—17:30"
# username, name shown, role, unit
_ACCOUNTS = (
    ("demo-office", "公开办（演示）", "office", "city"),
    ("demo-signer", "市财政局签发人（演示）", "signer", "czj"),
    ("demo-writer", "市财政局信息员（演示）", "writer", "czj"),
    ("demo-reviewer", "市财政局审核员（演示）", "reviewer", "czj"),
    ("demo-secrecy", "市财政局保密员（演示）", "secrecy", "czj"),
    ("demo-duty", "应急发布员（演示）", "duty", "czj"),
    ("demo-auditor", "审计员（演示）", "auditor", "city"),
    ("demo-admin", "系统管理员（演示）", "admin", "city"),
)


def prepare_database(scale: str) -> None:
    """Bring the database up to date. Refuses one that holds another city, or this one at another scale."""
    if Unit._meta.db_table in connection.introspection.table_names():
        _refuse_strangers()
    bring_up_to_date()
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


def create_accounts() -> tuple[tuple[str, str], ...]:
    """The demonstration's accounts: (username, name). All sign in with the password of this installation."""
    password = demo_password()
    for username, name, role, code in _ACCOUNTS:
        person = Person.objects.filter(username=username).first()
        person = person or city.create_person(None, username=username, name=name, password=None)
        if not Membership.objects.filter(person=person).exists():
            city.grant(None, person, role, city.unit_by_code(code), starts_on=FOUNDED)
        if not person.has_usable_password():
            city.set_password(None, person, password)
            mark_as_own(person)
    return tuple((username, name) for username, name, _, _ in _ACCOUNTS)


def demo_password() -> str:
    """The password of this demonstration: made once, kept in its folder, in no other place."""
    path = settings.HOME / "demo-password.txt"
    if not path.exists():
        settings.HOME.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(f"Shifan-{secrets.token_urlsafe(8)}-1")
    return path.read_text().strip()


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


def publish_reports(year: int) -> int:
    """Publish the city's report and those of a few units for the year, unless they are out; returns how many are new."""
    office = city.person_by_username("demo-office")
    made = 0
    for code, whole in _REPORTING:
        unit = city.unit_by_code(code)
        if (
            measure.published_reports()
            .filter(unit=unit, year=year, scope="whole" if whole else "own")
            .exists()
        ):
            continue
        measure.report_text(office, unit, year, "problems", _PROBLEMS)
        measure.publish_report(office, unit, year, whole=whole)
        made += 1
    return made
