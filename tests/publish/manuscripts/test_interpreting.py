"""A normative document is handed in with the plan of its interpretation; an interpretation keeps its form."""

from __future__ import annotations

from datetime import date

import pytest

from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.services import ItemDraft
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.checking import findings_of
from mingzheng.publish.manuscripts.models import ManuscriptFile

DOCUMENT = "ZC0101"
PLAN = {
    "plan_outline": "背景依据；主要措施；惠民举措。",
    "plan_forms": ["department", "graphic"],
    "plan_interpreter": "李局长",
    "plan_on": date(2026, 12, 1),
}
TEXT = "为规范财政资金使用，制定本办法。" + "".join(
    f"第{number}条规定财政资金的第{number}项用途和监督方法。" for number in range(1, 40)
)


@pytest.fixture
def write(catalogue):
    def started(**content):
        content = {"title": "示范市财政资金管理办法", "body": f"<p>{TEXT}</p>", **content}
        column = column_by_code(content.pop("column", DOCUMENT))
        return services.start(
            catalogue.people["czj-writer"], catalogue.units["czj"], column=column, **content
        )

    return started


def found(manuscript, *rules):
    return [each.finding.message for each in findings_of(manuscript) if each.finding.rule in rules]


def test_a_normative_document_without_a_plan_is_not_handed_in(catalogue, write):
    manuscript = write()
    assert found(manuscript, "plan") == [
        "规范性文件须随文报送解读方案，还缺解读提纲、解读形式、第一解读人、计划发布解读的日期。"
    ]
    with pytest.raises(Refusal, match="解读方案"):
        services.submit(catalogue.people["czj-writer"], manuscript.pk)


@pytest.mark.parametrize("missing", sorted(PLAN))
def test_every_part_of_the_plan_is_asked_for(write, missing):
    given = {name: value for name, value in PLAN.items() if name != missing}
    assert len(found(write(**given), "plan")) == 1


def test_with_a_plan_or_a_reason_it_goes_on(catalogue, write):
    assert found(write(**PLAN), "plan") == []
    waived = write(plan_waiver="仅规范内部工作流程，不涉及公众")
    assert found(waived, "plan") == ["不作解读，理由是“仅规范内部工作流程，不涉及公众”。"]
    assert services.submit(catalogue.people["czj-writer"], waived.pk)


def test_other_columns_statements_and_amendments_need_no_plan(catalogue, write):
    assert found(write(column="TZ01"), "plan") == []
    assert found(write(is_statement=True), "plan") == []
    item = catalogue.publish(
        catalogue.people["office"], ItemDraft("czj", DOCUMENT, "示范市财政资金管理办法", f"<p>{TEXT}</p>")
    )
    assert found(services.amend(catalogue.people["czj-writer"], item.pk), "plan") == []


@pytest.fixture
def interpretation(catalogue, write):
    document = catalogue.publish(
        catalogue.people["office"],
        ItemDraft("czj", DOCUMENT, "示范市财政资金管理办法", f"<p>{TEXT}</p>", doc_no="示财〔2018〕1号"),
    )

    def written(form, body, **content):
        return write(
            title="《示范市财政资金管理办法》解读", column="JD0202", body=body, interpretation_level="own",
            interpretation_form=form, interprets=document, **content,
        )  # fmt: skip

    return written


OWN_WORDS = "<p>这个办法回答了大家最关心的问题：钱从哪里来、花到哪里去、由谁来管。</p>"
SPOKEN = "<p>问：为什么要出台这个办法？</p><p>答：为了管好每一笔钱。</p>"


@pytest.mark.parametrize(
    ("form", "body", "rules"),
    [
        ("department", OWN_WORDS, []),
        ("graphic", OWN_WORDS, ["form"]),
        ("graphic", OWN_WORDS + '<p><img src="/files/a" alt="一图读懂：资金从哪里来"></p>', []),
        ("questions", OWN_WORDS, ["form"]),
        ("questions", SPOKEN, []),
        ("interview", "<p>主持人：办法有哪些亮点？</p><p>李局长：主要有三个。</p>", []),
        ("conference", "<p>记者：何时施行？</p><p>王主任：下月一日。</p>", []),
        ("audio_video", OWN_WORDS, ["form", "transcript"]),
        ("department", f"<p>{TEXT}</p>", ["excerpt"]),
    ],
)
def test_each_form_has_what_its_readers_need(interpretation, form, body, rules):
    manuscript = interpretation(form, body)
    told = [
        each.finding.rule
        for each in findings_of(manuscript)
        if each.finding.rule in ("form", "transcript", "excerpt")
    ]
    assert told == rules


def test_a_recording_with_its_transcript_is_complete(catalogue, interpretation):
    manuscript = interpretation("audio_video", OWN_WORDS * 5)
    ManuscriptFile.objects.create(
        manuscript=manuscript,
        key="k",
        name="解读.mp4",
        kind="mp4",
        size=1,
        uploaded_by=catalogue.people["czj-writer"],
    )
    assert found(manuscript, "form", "transcript") == []
