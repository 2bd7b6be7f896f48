"""A revision of the catalogue is planned, counted, looked at, and adopted as a whole; nothing is half done."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.publish.catalogue_editions.tables import line, table

from mingzheng.city.models import AuditEntry, OutboxEvent, Unit
from mingzheng.city.services import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.editions import services
from mingzheng.publish.catalogue.editions.figures import ChangeCounts, counts_of, lines_of, preview, years
from mingzheng.publish.catalogue.editions.services import standing_of
from mingzheng.publish.catalogue.models import CatalogueChange, CatalogueEdition, Column
from mingzheng.publish.catalogue.services import CatalogueView, column_by_code
from mingzheng.publish.items.services import ItemDraft
from mingzheng.publish.sheets.services import read_field_table

TODAY = timezone.localdate()
LEAF = {
    "name": "新栏目", "content_requirements": "公开某类信息。", "elements": ["名称"], "check_points": ["是否公开"],
    "update_cycle_days": 90, "min_per_period": 1, "tiers": ["T2", "T3"],
}  # fmt: skip


@pytest.fixture
def office(catalogue: Any) -> Any:
    return catalogue.people["office"]


@pytest.fixture
def edition(office: Any) -> CatalogueEdition:
    return services.open_edition(office, name="新版", effective_on=TODAY, reason="年度修订")


def codes(unit: Unit, on: date = TODAY) -> set[str]:
    def flat(nodes: Any) -> Any:
        for node in nodes:
            yield node.column.code
            yield from flat(node.children)

    return set(flat(CatalogueView().tree(unit, on)))


def test_an_adopted_edition_is_in_force_at_once_and_every_change_is_a_counted_fact(
    catalogue: Any, office: Any, edition: CatalogueEdition
) -> None:
    services.plan_column(office, edition.pk, parent="", code="XN", values=LEAF | {"name": "新主栏目"})
    below = services.plan_column(office, edition.pk, parent="XN", values=LEAF)
    deeper = services.plan_column(office, edition.pk, parent=below, values=LEAF | {"name": "更下级"})
    services.plan_adjustment(office, edition.pk, "TZ01", {"name": "公示公告"}, "统一名称")
    services.plan_closure(office, edition.pk, "DT", "并入通知公告")
    assert (below, deeper) == ("XN01", "XN0101")
    closed = len([code for code in codes(catalogue.units["city"]) if code.startswith("DT")])
    sentence = counts_of(edition).sentence
    assert sentence == (
        f"新增目录3个，其中一级主栏目1个，二级子目录1个，三级以下子目录1个，调整子目录1个，停用目录{closed}个。"
    )
    assert "XN" not in codes(catalogue.units["czj"]), "a draft changes nothing"
    assert column_by_code("TZ01").name != "公示公告"
    before = OutboxEvent.objects.filter(topic="catalogue.changed").count()
    services.adopt(office, edition.pk)
    assert OutboxEvent.objects.filter(topic="catalogue.changed").count() == before + 1
    assert {"XN", "XN01", "XN0101"} <= codes(catalogue.units["czj"])
    assert not {"XN", "DT"} & codes(catalogue.units["city"])
    assert column_by_code("TZ01").name == "公示公告"
    facts = CatalogueChange.objects.filter(on=TODAY)
    assert facts.count() == edition.changes.count() == edition.changes.exclude(fact=None).count()
    assert ChangeCounts.of(facts.values_list("kind", "level")).sentence == sentence
    assert dict(years())[TODAY.year].sentence == sentence
    assert {"edition.opened", "edition.edited", "edition.adopted", "catalogue.changed"} <= set(
        AuditEntry.objects.values_list("verb", flat=True)
    )


def test_the_diff_says_before_and_after_also_when_the_edition_is_in_force(
    office: Any, edition: CatalogueEdition
) -> None:
    old = column_by_code("TZ01").name
    services.plan_adjustment(office, edition.pk, "TZ01", {"name": "公示公告"})
    for _ in range(2):
        [shown] = lines_of(edition, standing_of(edition))
        assert shown.fields == [("name", old, "公示公告")]
        if edition.state == "draft":
            edition = services.adopt(office, edition.pk)


def test_the_form_of_the_annual_report(catalogue: Any) -> None:
    assert dict(years())[2018].sentence == (
        "新增目录115个，其中一级主栏目5个，二级子目录9个，三级以下子目录101个，调整子目录14个，停用目录0个。"
    )


def test_an_edition_for_a_later_day_waits_for_it(
    catalogue: Any, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = TODAY + timedelta(days=10)
    edition = services.open_edition(office, name="下月版", effective_on=later, reason="按上级部署")
    services.plan_column(office, edition.pk, parent="TZ", values=LEAF | {"name": "招聘"})
    services.plan_adjustment(office, edition.pk, "TZ01", {"name": "公示公告"})
    services.adopt(office, edition.pk)
    assert services.carry_out_due() == 0
    assert column_by_code("TZ01").name != "公示公告"
    other = services.open_edition(office, name="另一版", effective_on=TODAY, reason="补充")
    services.plan_adjustment(office, other.pk, "TZ", {"content_requirements": "公开通知、公告。"})
    with pytest.raises(Refusal, match="版次“下月版”将于"):
        services.adopt(office, other.pk)
    monkeypatch.setattr(timezone, "localdate", lambda *given: later)
    told: list[str] = []
    assert services.carry_out_due(lambda done, problem: told.append(problem)) == 1
    assert (told, services.carry_out_due()) == ([""], 0)
    assert column_by_code("TZ01").name == "公示公告"
    assert set(CatalogueChange.objects.filter(on=later).values_list("kind", flat=True)) == {
        "added",
        "adjusted",
    }


def test_a_column_with_items_is_closed_only_with_a_reason_and_its_items_stay(
    catalogue: Any, office: Any, edition: CatalogueEdition
) -> None:
    item = catalogue.publish(
        office, ItemDraft("czj", "TZ01", "关于放假的通知", "<p>放假。</p>", issuer="示范市财政局")
    )
    with pytest.raises(Refusal, match="有1条已发布信息，停用须写明理由"):
        services.plan_closure(office, edition.pk, "TZ01", " ")
    assert not edition.changes.exists()
    services.plan_closure(office, edition.pk, "TZ01", "信息并入其他栏目")
    looked = preview(edition, standing_of(edition))
    assert (looked.items, looked.closures[0].items) == (1, 1)
    services.adopt(office, edition.pk)
    item.refresh_from_db()
    assert item.status == "published"
    assert column_by_code("TZ01").effective_to == TODAY


def test_items_published_after_the_planning_ask_for_a_reason_too(
    catalogue: Any, office: Any, edition: CatalogueEdition
) -> None:
    services.plan_closure(office, edition.pk, "TZ01", "")
    catalogue.publish(
        office, ItemDraft("czj", "TZ01", "关于放假的通知", "<p>放假。</p>", issuer="示范市财政局")
    )
    with pytest.raises(Refusal, match="有1条已发布信息"):
        services.adopt(office, edition.pk)
    assert not CatalogueChange.objects.filter(on=TODAY).exists(), "nothing of it was done"


def test_the_preview_names_tiers_units_and_local_adjustments(
    catalogue: Any, office: Any, edition: CatalogueEdition
) -> None:
    from mingzheng.publish.catalogue.services import adjust_for_unit

    adjust_for_unit(
        catalogue.people["czj-signer"], catalogue.units["czj"], column_by_code("TZ01"), kind="rename",
        name="财政公告", on=TODAY, reason="习惯",
    )  # fmt: skip
    services.plan_adjustment(office, edition.pk, "TZ01", {"name": "公示公告", "tiers": ["T2", "T3"]})
    services.plan_column(office, edition.pk, parent="TZ", values=LEAF | {"tiers": ["T2"]})
    looked = preview(edition, standing_of(edition))
    reached = {line["label"]: (line["units"], line["added"], line["adjusted"]) for line in looked.tiers}
    assert reached["市直重点部门"] == (1, 1, 1)
    assert reached["镇"] == (1, 0, 1), "the tier that loses the column is reached as well"
    assert {unit.code for unit in looked.units} >= {"czj", "daj", "qingshui"}
    assert [each.name for each in looked.local] == ["财政公告"]


def test_planning_again_joins_and_planning_back_is_no_change(office: Any, edition: CatalogueEdition) -> None:
    old = column_by_code("TZ01").name
    services.plan_adjustment(office, edition.pk, "TZ01", {"name": "甲"})
    services.plan_adjustment(office, edition.pk, "TZ01", {"content_requirements": "公开乙。"})
    [change] = edition.changes.all()
    assert change.fields == {"name": "甲", "content_requirements": "公开乙。"}
    was = column_by_code("TZ01").content_requirements
    services.plan_adjustment(office, edition.pk, "TZ01", {"name": old, "content_requirements": was})
    assert not edition.changes.exists()


def test_changes_are_dropped_with_what_hangs_on_them(office: Any, edition: CatalogueEdition) -> None:
    services.plan_column(office, edition.pk, parent="", code="XN", values=LEAF)
    services.plan_column(office, edition.pk, parent="XN", values=LEAF)
    services.drop_change(office, edition.pk, "XN")
    assert not edition.changes.exists()
    services.plan_closure(office, edition.pk, "DT", "并入")
    first = edition.changes.filter(level=2).first()
    assert first is not None
    with pytest.raises(Refusal, match="仍在停用之列"):
        services.drop_change(office, edition.pk, first.code)
    services.drop_change(office, edition.pk, "DT")
    assert not edition.changes.exists()


def test_closing_a_new_column_takes_it_out_of_the_draft(office: Any, edition: CatalogueEdition) -> None:
    code = services.plan_column(office, edition.pk, parent="TZ", values=LEAF)
    assert services.plan_closure(office, edition.pk, code, "") == 0
    assert not edition.changes.exists()


@pytest.mark.parametrize(
    ("parent", "code", "changed", "rule"),
    [
        ("", "", {}, "两个大写字母组成，请填写"),  # the top level has no number to count
        ("", "X1", {}, "应当是两个大写字母"),
        ("TZ", "CZ77", {}, "应当是上级代码TZ加两位数字"),
        ("TZ", "TZ01", {}, "已被使用"),
        ("QQ", "", {}, "没有代码为“QQ”的栏目"),
        ("TZ", "", {"name": " "}, "没有名称"),
        ("TZ", "", {"name": "长" * 61}, "名称超过60字"),
        ("TZ", "", {"content_requirements": ""}, "没有写明内容要求"),
        ("TZ", "", {"legal_basis": "法" * 201}, "公开依据超过200字"),
        ("TZ", "", {"tiers": []}, "没有选定适用层级"),
        ("TZ", "", {"tiers": ["T9"]}, "适用层级“T9”不在可选范围"),
        ("ZD02", "", {"tiers": ["T6"]}, "上级栏目“保障性住房”不适用于镇"),
        ("ZD0201", "", {"tiers": ["T1"]}, ""),  # the fourth level is the last
        ("TZ", "", {"five_opens": "x"}, "五公开“x”不在可选范围"),
        ("TZ", "", {"column_type": "x"}, "栏目类别“x”不在可选范围"),
        ("TZ", "", {"statutory_item": "x"}, "条例事项“x”不在可选范围"),
        ("TZ", "", {"elements": ["甲", "甲"]}, "公开要素有重复"),
        ("TZ", "", {"update_exempt": True}, "不能有更新周期"),
        ("TZ", "", {"update_cycle_days": None}, "有周期内最少条数而没有更新周期"),
        ("TZ", "", {"update_cycle_days": 0}, "应当是正整数"),
        ("TZ", "", {"time_limit": {"value": 3}}, "应当写明天数、单位和起算点"),
        (
            "TZ",
            "",
            {"time_limit": {"value": 3, "unit": "week", "from": "formed"}},
            "单位或者起算点不在可选范围",
        ),
    ],
)
def test_what_breaks_a_rule_of_columns_is_refused_by_name(
    office: Any, edition: CatalogueEdition, parent: str, code: str, changed: dict[str, Any], rule: str
) -> None:
    if not rule:
        services.plan_column(office, edition.pk, parent=parent, code=code, values=LEAF | changed)
        with pytest.raises(Refusal, match="第5级，公开目录最多4级"):
            services.plan_column(office, edition.pk, parent="ZD020101", values=LEAF | changed)
        return
    with pytest.raises(Refusal, match=rule):
        services.plan_column(office, edition.pk, parent=parent, code=code, values=LEAF | changed)
    assert not edition.changes.exists()


@pytest.mark.parametrize(
    ("act", "rule"),
    [
        (lambda p, e: services.plan_adjustment(p, e.pk, "NONE", {}), "没有代码为“NONE”的栏目"),
        (lambda p, e: services.plan_adjustment(p, e.pk, "ZD02", {"tiers": ["T1"]}), "的下级栏目"),  # lower ones have more
        (lambda p, e: services.adopt(p, e.pk), "没有任何变动"),
        (lambda p, e: services.change_head(p, e.pk, name=" ", effective_on=TODAY, reason="x"), "须有名称和修订理由"),
        (lambda p, e: services.change_head(p, e.pk, name="x", effective_on=date(2018, 1, 1), reason="x"), "过去不能改写"),
        (lambda p, e: (services.plan_column(p, e.pk, parent="TZ", values=LEAF | {"elements": []}), services.adopt(p, e.pk)), "应当列出公开要素"),
        (lambda p, e: (services.plan_column(p, e.pk, parent="TZ", values=LEAF | {"check_points": []}), services.adopt(p, e.pk)), "应当列出考察点"),
        (lambda p, e: (services.plan_column(p, e.pk, parent="TZ", values=LEAF | {"update_cycle_days": None, "min_per_period": None, "time_limit": None}), services.adopt(p, e.pk)), "应当有更新周期、公开时限"),
        (lambda p, e: (services.plan_closure(p, e.pk, "TZ", "并"), services.plan_column(p, e.pk, parent="TZ", values=LEAF)), "将要停用"),
        (lambda p, e: (services.plan_closure(p, e.pk, "TZ", "并"), services.plan_adjustment(p, e.pk, "TZ01", {"name": "甲"})), "已列入停用"),
        (lambda p, e: (services.plan_column(p, e.pk, parent="TZ", values=LEAF), services.plan_column(p, e.pk, parent="TZ", values=LEAF)), "名称相同"),
        (lambda p, e: (services.discard(p, e.pk), services.plan_column(p, e.pk, parent="TZ", values=LEAF)), "已作废，不能再改动"),
        (lambda p, e: (services.discard(p, e.pk), services.adopt(p, e.pk)), "已作废"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_refused(
    office: Any, edition: CatalogueEdition, act: Any, rule: str
) -> None:
    with pytest.raises(Refusal, match=rule):
        act(office, edition)
    assert not CatalogueChange.objects.filter(on=TODAY).exists()


def test_a_draft_whose_day_has_gone_by_is_not_adopted(office: Any, edition: CatalogueEdition) -> None:
    services.plan_adjustment(office, edition.pk, "TZ01", {"name": "甲"})
    CatalogueEdition.objects.update(effective_on=TODAY - timedelta(days=1))
    with pytest.raises(Refusal, match="早于今天"):
        services.adopt(office, edition.pk)


def test_a_column_that_another_edition_closed_meanwhile_is_named(
    office: Any, edition: CatalogueEdition
) -> None:
    services.plan_adjustment(office, edition.pk, "TZ01", {"name": "甲"})
    other = services.open_edition(office, name="另一版", effective_on=TODAY, reason="补充")
    services.plan_closure(office, other.pk, "TZ01", "并入")
    services.adopt(office, other.pk)
    with pytest.raises(Refusal, match="TZ01）已经变化"):
        services.adopt(office, edition.pk)


@pytest.mark.parametrize("username", ["czj-signer", "czj-writer", "hexi-office", "admin", "auditor", "chief"])
def test_the_standard_is_the_city_offices_alone(catalogue: Any, office: Any, username: str) -> None:
    edition = services.open_edition(office, name="新版", effective_on=TODAY, reason="年度修订")
    person = catalogue.people[username]
    for act in (
        lambda: services.open_edition(person, name="x", effective_on=TODAY, reason="x"),
        lambda: services.plan_column(person, edition.pk, parent="TZ", values=LEAF),
        lambda: services.plan_adjustment(person, edition.pk, "TZ01", {"name": "甲"}),
        lambda: services.plan_closure(person, edition.pk, "TZ01", "x"),
        lambda: services.drop_change(person, edition.pk, "TZ01"),
        lambda: services.discard(person, edition.pk),
        lambda: services.adopt(person, edition.pk),
    ):
        with pytest.raises(NotAllowed):
            act()


FIELD = [line("房屋征收", "征收决定"), line(None, "补偿安置", 县级=None), line("搬迁", "压煤村庄搬迁")]


def test_a_field_becomes_columns_of_the_standard(
    catalogue: Any, office: Any, edition: CatalogueEdition, tmp_path: Path
) -> None:
    found = read_field_table(table(tmp_path / "征收.xlsx", FIELD, ("B4:B5",)))
    code = services.plan_column(
        office, edition.pk, parent="ZD", values=LEAF | {"name": "占位", "tiers": ["T4"]}
    )
    assert services.import_field(office, edition.pk, found, name="拆迁安置", parent="ZD") == 6
    services.adopt(office, edition.pk)
    [field] = Column.objects.filter(name="拆迁安置")
    assert (
        field.level,
        field.parent.code,
        int(field.code) if field.code.isdigit() else field.code > code,
    ) == (2, "ZD", True)
    assert [(each.name, each.level) for each in field.children.all()] == [("房屋征收", 3), ("搬迁", 3)]
    leaf = column_by_code(f"{field.code}0102")
    assert (leaf.name, leaf.level, leaf.tiers) == ("补偿安置", 4, ["T6", "T7"])
    assert all([leaf.legal_basis, leaf.elements, leaf.check_points, leaf.time_limit])
    town, county, department = (codes(catalogue.units[each]) for each in ("qingshui", "hexi", "czj"))
    assert leaf.code in town
    assert leaf.code not in county
    assert field.code not in department


def test_a_unit_defines_a_field_of_its_own(catalogue: Any, tmp_path: Path) -> None:
    person, unit = catalogue.people["hexi-office"], catalogue.units["hexi"]
    found = read_field_table(table(tmp_path / "征收.xlsx", FIELD, ("B4:B5",)))
    edition = services.open_edition(person, name="本县领域", effective_on=TODAY, reason="试点", unit=unit)
    services.import_field(person, edition.pk, found, name="拆迁安置", parent="ZD")
    with pytest.raises(Refusal, match="只能更名或者停用于本级"):
        services.plan_adjustment(person, edition.pk, "ZD", {"name": "甲"})
    services.adopt(person, edition.pk)
    [field] = Column.objects.filter(name="拆迁安置")
    own = codes(unit)
    assert (field.owner, len([code for code in own if code.startswith(field.code)])) == (unit, 6)
    assert field.code.isalnum(), "it stands in addresses"
    assert field.code not in codes(catalogue.units["qingshui"])
    assert CatalogueChange.objects.filter(unit=unit, on=TODAY).count() == 6
    next_one = services.open_edition(person, name="再改", effective_on=TODAY, reason="整改", unit=unit)
    services.plan_adjustment(person, next_one.pk, field.code, {"name": "拆迁和安置"})
    services.adopt(person, next_one.pk)
    assert column_by_code(field.code).name == "拆迁和安置"
    with pytest.raises(NotAllowed):
        services.open_edition(person, name="x", effective_on=TODAY, reason="x", unit=catalogue.units["czj"])


def test_a_table_with_errors_or_too_deep_is_not_taken_in(
    office: Any, edition: CatalogueEdition, tmp_path: Path
) -> None:
    wrong = read_field_table(table(tmp_path / "错.xlsx", [line("征收", None)]))
    with pytest.raises(Refusal, match="有1行不合要求"):
        services.import_field(office, edition.pk, wrong, name="拆迁", parent="ZD")
    right = read_field_table(table(tmp_path / "对.xlsx", FIELD, ("B4:B5",)))
    with pytest.raises(Refusal, match="上级栏目“保障性住房”不适用于镇"):
        services.import_field(office, edition.pk, right, name="拆迁", parent="ZD02")
    with pytest.raises(Refusal, match="最多4级"):
        services.import_field(office, edition.pk, right, name="拆迁", parent="TZ01")
    with pytest.raises(Refusal, match="须写明领域名称"):
        services.import_field(office, edition.pk, right, name=" ", parent="ZD")
    assert not edition.changes.exists()
