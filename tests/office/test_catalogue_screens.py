"""公开目录 at the desk: reading, editions, imports, and what a unit adjusts; closed to everybody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.office.pages import english, queries, text
from tests.publish.catalogue_editions.tables import line, table

from mingzheng.publish.catalogue import services as catalogue_services
from mingzheng.publish.catalogue.editions import services
from mingzheng.publish.catalogue.models import CatalogueEdition, Column, UnitColumn
from mingzheng.publish.catalogue.services import column_by_code

TODAY = timezone.localdate()
LIST = "/office/catalogue/"
EDITIONS = f"{LIST}editions/"
NORM = {
    "name": "新栏目", "content_requirements": "公开某类信息。", "elements": "名称\n数量", "check_points": "是否公开",
    "tiers": ["T2", "T3"], "column_type": "信息公开目录", "limit_value": "20", "limit_unit": "working_day",
    "limit_from": "formed", "update_cycle_days": "90", "min_per_period": "",
}  # fmt: skip


def enter(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def office(catalogue: Any) -> Client:
    return enter(catalogue.people["office"])


@pytest.fixture
def signer(catalogue: Any) -> Client:
    return enter(catalogue.people["czj-signer"])


@pytest.fixture
def draft(catalogue: Any) -> CatalogueEdition:
    return services.open_edition(
        catalogue.people["office"], name="新版", effective_on=TODAY, reason="年度修订"
    )


@pytest.mark.parametrize("username", ["czj-writer", "auditor", "admin", "reviewer", "secrecy", "duty"])
def test_who_manages_nothing_finds_nothing(catalogue: Any, draft: CatalogueEdition, username: str) -> None:
    client = enter(catalogue.people[username])
    unit = catalogue.units["czj"].pk
    for address in (
        "", f"columns/{column_by_code('TZ').pk}/", "editions/", f"editions/{draft.pk}/", f"editions/{draft.pk}/columns/",
        f"editions/{draft.pk}/columns/TZ/", f"editions/{draft.pk}/columns/new/", f"editions/{draft.pk}/import/",
        "local/", f"local/{unit}/", f"local/{unit}/columns/new/",
    ):  # fmt: skip
        assert client.get(LIST + address).status_code == 404, address
    assert client.post(f"{EDITIONS}{draft.pk}/act/adopt/").status_code == 404


@pytest.mark.parametrize("username", ["czj-signer", "hexi-office", "chief"])
def test_an_edition_of_the_standard_is_not_there_for_units(
    catalogue: Any, draft: CatalogueEdition, username: str
) -> None:
    client = enter(catalogue.people[username])
    assert "年度修订" not in text(client.get(EDITIONS))
    assert "全市标准" not in text(client.get(EDITIONS))
    for address in ("", "columns/", "columns/TZ/", "columns/new/", "import/"):
        assert client.get(f"{EDITIONS}{draft.pk}/{address}").status_code == 404
    for verb in ("adopt", "discard", "drop", "head"):
        assert client.post(f"{EDITIONS}{draft.pk}/act/{verb}/", {"code": "TZ"}).status_code == 404


def test_a_foreign_unit_is_not_there(catalogue: Any, signer: Client) -> None:
    foreign = catalogue.units["daj"]
    column = catalogue_services.add_own_column(
        catalogue.people["office"], foreign, parent="TZ", on=TODAY, reason="需要",
        values={"name": "档案动态", "content_requirements": "公开。", "elements": ["名称"], "check_points": ["有无"]},
    )  # fmt: skip
    assert signer.get(f"{LIST}local/{foreign.pk}/").status_code == 404
    assert signer.get(f"{LIST}local/{foreign.pk}/columns/new/").status_code == 404
    assert signer.post(f"{LIST}local/{foreign.pk}/act/close/", {"id": column.pk}).status_code == 404
    assert signer.get(f"{LIST}columns/{column.pk}/").status_code == 404
    assert "档案动态" not in text(signer.get(LIST))
    own = catalogue.units["czj"].pk
    given = {"id": column.pk, "on": str(TODAY), "reason": "x"}
    assert signer.post(f"{LIST}local/{own}/act/close/", given).status_code == 404


def test_the_tree_is_searched_by_words_code_and_tier(office: Client) -> None:
    whole = text(office.get(LIST))
    assert "政策法规" in whole
    assert "环境保护" in whole
    found = text(office.get(LIST, {"q": "分户补偿"}))
    assert "房屋征收" in found
    assert "环境保护" not in found
    assert "保障性住房" not in text(office.get(LIST, {"tier": "T6"}))
    assert "没有符合条件的栏目" in text(office.get(LIST, {"q": "没有这样的栏目"}))
    assert len(queries(office, LIST)) <= 6


def test_a_column_says_what_it_asks_who_has_it_and_what_became_of_it(catalogue: Any, office: Client) -> None:
    column = column_by_code("ZC0403")
    shown = text(office.get(f"{LIST}columns/{column.pk}/"))
    for said in (
        "逐件清理结果",
        "清理结果是否逐件列明",
        "公开时限 自",
        "市直重点部门 1",
        "变动记录",
        "初始编制",
        "2018-03-20 调整",
    ):
        assert said in shown, said
    assert "终期测评反映清理结果只列总数" in shown
    assert len(queries(office, f"{LIST}columns/{column.pk}/")) <= 14


def test_an_edition_from_draft_to_force(catalogue: Any, office: Client) -> None:
    made = office.post(EDITIONS, {"name": "2027年版", "effective_on": str(TODAY), "reason": "年度修订"})
    edition = CatalogueEdition.objects.get()
    here = f"{EDITIONS}{edition.pk}/"
    assert made["Location"] == here
    assert office.post(f"{here}columns/new/?parent=TZ", NORM)["Location"] == here
    assert office.post(f"{here}columns/new/", NORM | {"code": "XN", "name": "主栏目"}).status_code == 302
    form = office.get(f"{here}columns/TZ01/").context["form"]
    given = {name: value for name, value in form.initial.items() if value not in (None, False)}
    adjusted = {name: given.get(name, "") for name in form.fields} | {
        "name": "公示公告",
        "reason": "统一名称",
    }
    assert (
        office.post(f"{here}columns/TZ01/", {k: v for k, v in adjusted.items() if v != ""}).status_code == 302
    )
    assert office.post(f"{here}columns/DT/", {"close": "1", "reason": "并入通知公告"}).status_code == 302
    shown = text(office.get(here))
    for said in (
        "新增目录2个，其中一级主栏目1个，二级子目录1个，三级以下子目录0个，调整子目录1个，停用目录",
        "涉及6个单位", "市直重点部门 1 2 1", "公示公告", "理由：统一名称", "将停用的栏目", "并入通知公告",
    ):  # fmt: skip
        assert said in shown, said
    assert [change.fields for change in edition.changes.filter(kind="adjusted")] == [{"name": "公示公告"}]
    assert "新增" in text(office.get(f"{here}columns/", {"q": "新栏目"}))
    answer = office.post(f"{here}act/adopt/", follow=True)
    assert "已施行" in text(answer)
    assert column_by_code("TZ01").name == "公示公告"
    assert "现行全市标准：2027年版" in text(office.get(EDITIONS))
    assert "2027年版" in text(office.get(f"{LIST}columns/{column_by_code('TZ01').pk}/"))
    assert office.get(f"{here}columns/").status_code == 400, "what is adopted is not changed"


def test_a_draft_is_renamed_a_change_dropped_and_the_draft_discarded(
    office: Client, draft: CatalogueEdition
) -> None:
    here = f"{EDITIONS}{draft.pk}/"
    office.post(f"{here}columns/TZ01/", {"close": "1", "reason": "并入"})
    assert draft.changes.count() == 1
    office.post(f"{here}act/drop/", {"code": "TZ01"})
    assert draft.changes.count() == 0
    later = str(TODAY + timedelta(days=5))
    office.post(f"{here}act/head/", {"name": "改名版", "effective_on": later, "reason": "改期"})
    office.post(f"{here}act/discard/")
    draft.refresh_from_db()
    assert (draft.name, str(draft.effective_on), draft.state) == ("改名版", later, "discarded")
    assert office.post(f"{here}act/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "此项必填"),
        ({"tiers": []}, "此项必填"),
        ({"update_exempt": "on"}, "不能有更新周期"),
        ({"name": "财政资金"}, ""),
        ({"elements": "甲\n甲"}, "公开要素有重复"),
        ({"column_type": "x"}, "x"),
    ],
)
def test_what_is_refused_is_said_at_the_form(
    office: Client, draft: CatalogueEdition, changed: dict[str, Any], sentence: str
) -> None:
    answer = office.post(f"{EDITIONS}{draft.pk}/columns/new/?parent=TZ", NORM | changed)
    assert answer.status_code == (200 if sentence else 302)
    if sentence:
        assert sentence in text(answer)
        assert not draft.changes.exists()


def test_closing_with_items_asks_for_a_reason_at_the_form(
    catalogue: Any, office: Client, draft: CatalogueEdition
) -> None:
    from mingzheng.publish.items.services import ItemDraft

    catalogue.publish(
        catalogue.people["office"],
        ItemDraft("czj", "TZ01", "关于放假的通知", "<p>放假。</p>", issuer="示范市财政局"),
    )
    answer = office.post(f"{EDITIONS}{draft.pk}/columns/TZ01/", {"close": "1", "reason": ""})
    assert "有1条已发布信息，停用须写明理由" in text(answer)


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def test_a_standard_table_is_brought_into_a_draft(
    office: Client, draft: CatalogueEdition, tmp_path: Path
) -> None:
    here = f"{EDITIONS}{draft.pk}/"
    wrong = table(tmp_path / "错.xlsx", [line("征收", "决定"), line("征收", None)])
    given = {"name": "拆迁安置", "parent": "ZD 重点领域"}
    answer = office.post(f"{here}import/", given | {"file": upload(wrong)})
    assert "第5行 缺少二级事项" in text(answer)
    assert not draft.changes.exists()
    right = table(tmp_path / "对.xlsx", [line("征收", "决定"), line(None, "补偿")], ("B4:B5",))
    assert office.post(f"{here}import/", given | {"file": upload(right)})["Location"] == here
    assert "新增目录4个，其中一级主栏目0个，二级子目录1个，三级以下子目录3个" in text(office.get(here))
    no_table = SimpleUploadedFile("表.xlsx", b"x")
    assert "不是xlsx文件" in text(office.post(f"{here}import/", given | {"file": no_table}))
    assert "没有“无此栏目”这个栏目" in text(
        office.post(f"{here}import/", {"name": "x", "parent": "无此栏目", "file": upload(right)})
    )


def test_a_unit_plans_a_field_of_its_own(catalogue: Any, tmp_path: Path) -> None:
    client, unit = enter(catalogue.people["hexi-office"]), catalogue.units["hexi"]
    client.post(EDITIONS, {"unit": unit.pk, "name": "本县领域", "effective_on": str(TODAY), "reason": "试点"})
    edition = CatalogueEdition.objects.get()
    assert edition.unit == unit
    path = table(tmp_path / "表.xlsx", [line("征收", "决定")])
    here = f"{EDITIONS}{edition.pk}/"
    client.post(f"{here}import/", {"name": "拆迁安置", "parent": "ZD", "file": upload(path)})
    assert "涉及1个单位" in text(client.get(here))
    client.post(f"{here}act/adopt/")
    assert Column.objects.filter(owner=unit).count() == 3
    assert "拆迁安置" in text(client.get(f"{LIST}local/{unit.pk}/"))
    assert enter(catalogue.people["czj-signer"]).get(here).status_code == 404
    foreign = {"unit": catalogue.units["czj"].pk, "name": "x", "effective_on": str(TODAY), "reason": "x"}
    assert client.post(EDITIONS, foreign).status_code == 200
    assert client.post(EDITIONS, foreign | {"unit": ""}).status_code == 200, (
        "the standard is not the county's"
    )
    assert CatalogueEdition.objects.count() == 1


def test_a_unit_renames_hides_and_ends(catalogue: Any, signer: Client) -> None:
    here = f"{LIST}local/{catalogue.units['czj'].pk}/"
    assert signer.get(f"{LIST}local/")["Location"] == here, "a single unit needs no list"
    given = {"column": "TZ01", "kind": "rename", "name": "财政公告", "on": str(TODAY), "reason": "习惯名称"}
    assert signer.post(here, given).status_code == 302
    assert "更名为“财政公告”" in text(signer.get(here))
    assert "已有更名，请先结束它" in text(signer.post(here, given))
    adjustment = UnitColumn.objects.get()
    assert signer.post(f"{here}act/end/", {"id": adjustment.pk, "on": str(TODAY)}).status_code == 302
    assert "已经结束的 栏目" in text(signer.get(here))
    assert signer.post(f"{here}act/end/", {"id": "x", "on": str(TODAY)}).status_code == 404


def test_a_unit_adds_and_closes_its_own_column(catalogue: Any, signer: Client) -> None:
    here = f"{LIST}local/{catalogue.units['czj'].pk}/"
    given = NORM | {"name": "财政要闻", "parent": "TZ", "on": str(TODAY), "reason": "本级需要"}
    assert signer.post(f"{here}columns/new/", given).status_code == 302
    [column] = Column.objects.exclude(owner=None)
    assert (column.name, column.tiers, column.parent and column.parent.code) == ("财政要闻", ["T2"], "TZ")
    close = {"id": column.pk, "on": str(TODAY), "reason": "并入"}
    signer.post(f"{here}act/close/", close)
    column.refresh_from_db()
    assert column.effective_to == TODAY


def test_no_page_speaks_english(catalogue: Any, office: Client, draft: CatalogueEdition) -> None:
    office.post(f"{EDITIONS}{draft.pk}/columns/new/?parent=TZ", NORM)
    office.post(f"{EDITIONS}{draft.pk}/columns/DT/", {"close": "1", "reason": "并入"})
    unit = catalogue.units["czj"].pk
    names = {"office"}  # the tests' people are called by their accounts
    for address in (
        "", f"columns/{column_by_code('ZC0403').pk}/", "editions/", f"editions/{draft.pk}/", "local/", f"local/{unit}/",
        f"local/{unit}/columns/new/", f"editions/{draft.pk}/columns/", f"editions/{draft.pk}/columns/TZ01/",
        f"editions/{draft.pk}/columns/new/", f"editions/{draft.pk}/import/",
    ):  # fmt: skip
        assert english(office.get(LIST + address)) <= names | {"xlsx"}, address
