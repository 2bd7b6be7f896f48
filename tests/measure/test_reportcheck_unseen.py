"""Phrasings that the checker was not built on: numbers written in other ways, other bases, overlaps, other subjects."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from mingzheng.law.errors import Refusal
from mingzheng.measure.reportcheck import Result, check_lines, check_report
from mingzheng.measure.reportcheck.lines import Line
from mingzheng.measure.reportcheck.typeset import typeset


def check(text: str, rows: list[str] | None = None) -> Result:
    lines = [Line(line, f"第{number}行") for number, line in enumerate(text.split("\n"), start=1)]
    return check_lines([*lines, *(Line(row, "表1", is_row=True) for row in rows or [])])


def levels(result: Result) -> list[str]:
    return [finding.level for finding in result.findings]


# statement, the working that must be confirmed
CONFIRMED = [
    # thousands parted by a space, numerals above a hundred, one unit for several numbers
    ("主动公开信息3 456条，其中政务动态2 980条，公告公示476条。", "2980+476=3456"),
    ("公开信息六百三十条，其中网站四百二十条，微信二百一十条。", "420+210=630"),
    ("通过网站、微博、微信分别公开信息420、130、50条，共计600条。", "420+130+50=600"),
    # a list that a sentence of its own opens
    ("我局收到申请44件。从申请方式看，网络申请30件，信函申请12件，当面申请2件。", "30+12+2=44"),
    ("收到申请44件。按申请人划分，自然人40件，法人或其他组织4件。", "40+4=44"),
    # a list that divides two figures together
    ("办理建议28件、提案42件，其中省级交办10件、市级交办60件。", "10+60=70"),
    # shares side by side, a share of a part that is named, shares in words
    ("收到申请73件，其中当面9件、网络51件、信函13件，分别占12.3%、69.9%和17.8%。", "51/73=69.8630%"),
    ("受理事项5000项，其中线上3600项，线下1400项，线上占比72%。", "3600/5000=72.0000%"),
    ("同意公开6件，占答复总数24件的四分之一。", "6/24=25.0000%"),
    # changes: rounded ends, a base in brackets, the result after the rate, multiples
    ("访问量达326万次，较2020年的280万次增长16.4%。", "(3260000-2800000)/2800000=16.4286%"),
    ("申请总数为26件（2017年为20件），同比增长30%。", "(26-20)/20=30.0000%"),
    ("申请件数较2020年（65件）下降20%，为52件。", "(52-65)/65=20.0000%"),
    ("全年公开信息4500条，是上年1500条的3倍。", "4500/1500=3倍"),
    ("收到申请由上年的36件增加到72件，翻了一番。", "72/36=2倍"),
    ("全年召开新闻发布会24场，平均每月2场。", "24/12=2"),
    # outcomes that make up the closed requests, not the open one before them
    ("共办结申请40件，结转下年度3件；予以公开20件，不予公开5件，无法提供10件，不予处理3件，其他处理2件。", "20+5+10+3+2=40"),
    ("举办《养老服务》《义务教育》《公共交通》三场主题新闻发布会。", "列出3件"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "working"), CONFIRMED)
def test_a_true_statement_is_confirmed_with_its_working(text: str, working: str) -> None:
    result = check(text)
    assert "error" not in levels(result)
    assert working in [claim.computed for claim in result.confirmed]


FALSE = [
    "主动公开信息3 456条，其中政务动态2 980条，公告公示576条。",
    "公开信息六百三十条，其中网站四百二十条，党务栏三百一十条。",
    "收到申请44件。从申请方式看，网络申请30件，信函申请12件，当面申请5件。",
    "收到申请44件。按申请人划分，自然人40件，法人或其他组织6件。",
    "收到申请73件，其中当面9件、网络51件、信函13件，分别占12.3%、69.9%和18.7%。",
    "访问量达326万次，较2020年的280万次增长14.1%。",
    "申请总数为26件（2017年为20件），同比增长23.1%。",
    "申请件数较2020年（65件）下降25%，为52件。",
    "全年公开信息4500条，是上年1500条的4倍。",
    "收到申请由上年的36件增加到62件，翻了一番。",
    "答复48件（其中予以公开20件、不予公开8件、无法提供22件），2件正在办理中。",
    "网上咨询412件，已答复411件，答复率98.9%。",
    "举办《养老服务》《义务教育》《公共交通》四场主题新闻发布会。",
    "新收申请1286件，上年结转52件，共1338件，已办结1290件，结转48件，办结率94.6%。",
    "编印公报4期，登载文件56件，是上年28件的3倍。",
    "收到申请28件，上年结转2件，办结27件，结转下年度1件。",
    "派单1056件，实办1020件，办结1012件，办结率92.9%。",
    "收到申请100件。其中，网络申请80件，当面申请20件。公民申请90件；法人或其他组织申请8件。",
]


@pytest.mark.parametrize("text", FALSE)
def test_a_false_statement_is_an_error(text: str) -> None:
    assert "error" in levels(check(text))


NO_ERROR = [
    # parts of another figure than the nearest
    "新收申请93件，上年结转4件，共办理申请91件，结转下年度6件。其中，予以公开32件，无法提供41件。",
    "全年收到申请43件，其中予以公开20件，不予公开5件，无法提供16件，不予处理2件，其他处理2件（含上年结转2件）。",
    "收到申请30件。其中，予以公开10件，不予公开3件，无法提供10件，不予处理2件，其他处理1件。",
    "通过网络（28件）和信函（7件）提交，其中公民30件，企业5件。",
    "现有子站46个，发布信息8.2万条；新媒体包括微信公众号56个、微博12个、抖音号22个，合计90个。",
    # the list ended at the semicolon
    "被申请复议5件，其中维持3件，纠正1件；被提起诉讼4件，败诉0件。",
    "发布会8次，其中主要负责人参加2次；在线访谈12次，其中主要负责人参加3次。",
    # one thing may be counted twice
    "发布会12场，其中市领导出席4场，部门负责人出席12场。",
    "解读政策42件，其中图解16件，视频动漫18件，专家解读16件。",
    "公开信息450条，其中政府网站300条，微信公众号200条，部分信息在两个渠道同步发布。",
    # a rate of something else
    "公开栏目由12个增加到18个，公开内容增加35%。",
    "粉丝由年初的1.2万人增至1.8万人，增长50%；全年发文312篇，同比增长22.4%。",
    "行政许可办结2380件，较去年的2210件增加170件；行政处罚62件，比上年多12件。",
    "收到留言326条，其中咨询260条，投诉66条，办结率100%，较上年的280条增长16.4%。",
    "抽查网站325家，不合格3家，合格率99.1%。",
    # cumulative counts, approximate counts, meetings by number
    "5日内办结12件，10日内办结26件，20日内办结38件，共38件。",
    "走访2、3个村，第15、16、17次会议研究议题3个。",
]


@pytest.mark.parametrize("text", NO_ERROR)
def test_what_only_looks_wrong_is_no_error(text: str) -> None:
    assert "error" not in levels(check(text))


@pytest.mark.parametrize(
    ("total", "level"),
    [(2345, "warning"), (2325, "note")],  # one figure changed; some parts left out
)
def test_a_shortfall_of_one_changed_figure_is_worth_a_look(total: int, level: str) -> None:
    assert levels(check(f"公开信息{total}条，其中动态1280条，公告865条。")) == [level]


OUTCOMES = (
    "予以公开", "部分公开", "属于国家秘密", "其他法律行政法规禁止公开", "危及“三安全一稳定”", "保护第三方合法权益",
    "属于三类内部事务信息", "属于四类过程性信息", "属于行政执法案卷", "属于行政查询事项", "本机关不掌握相关政府信息",
    "没有现成信息需要另行制作", "补正后申请内容仍不明确", "信访举报投诉类申请", "重复申请", "要求提供公开出版物",
    "无正当理由大量反复申请", "要求行政机关确认或重新出具已获取信息", "逾期不补正", "逾期未按收费通知要求缴纳费用",
    "3.其他",
)  # fmt: skip


def table_three(new: int, refused: int, lapsed: int = 0, nought: str = "0") -> list[str]:
    """Rows of one applicant column: ``refused`` as state secrets, ``lapsed`` for unpaid fees, the rest granted."""
    values = dict.fromkeys(OUTCOMES, 0)
    values |= {
        "属于国家秘密": refused,
        "逾期未按收费通知要求缴纳费用": lapsed,
        "予以公开": new - refused - lapsed,
    }

    def row(name: str, value: int) -> str:
        return " | ".join([name, *(str(cell) if cell else nought for cell in (value, 0, 0, 0, 0, 0, value))])

    return [
        row("一、本年新收政府信息公开申请数量", new),
        row("二、上年结转政府信息公开申请数量", 0),
        *(row(name, value) for name, value in values.items()),
        row("（七）总计", new),
        row("四、结转下年度继续办理", 0),
    ]


# what the text says of the table (new 20, refused 5), and the gravest finding
AGAINST_THE_TABLE = [
    ("全年收到政府信息公开申请20件。", None),
    ("全年收到政府信息公开申请12件。", "error"),
    ("上半年收到政府信息公开申请12件。", "note"),  # a part of the year
    ("局机关收到政府信息公开申请12件。", "note"),  # a part of the body
    ("制作公文80件，其中主动公开50件，依申请公开20件，不予公开10件。", None),  # documents, not requests
]


@pytest.mark.parametrize(("text", "level"), AGAINST_THE_TABLE)
def test_the_text_is_held_against_the_table_only_where_it_speaks_of_the_same(
    text: str, level: str | None
) -> None:
    found = levels(check(text, table_three(20, 5)))
    assert found == ([level] if level else [])


@pytest.mark.parametrize("nought", ["0", "/", "—", "-", "无"])
def test_nought_may_be_written_with_a_stroke(nought: str) -> None:
    result = check("全年收到政府信息公开申请20件。", table_three(20, 5, nought=nought))
    assert levels(result) == []
    assert {claim.kind for claim in result.confirmed} == {"文表对照", "表内勾稽"}


def test_lapsed_requests_call_for_a_word_on_fees() -> None:
    rows = table_three(20, 5, lapsed=1)
    assert "R08" in check("一、总体情况", rows).findings[0].message
    assert not check("六、其他需要报告的事项：未收取信息处理费。", rows).findings


def test_an_empty_fifth_chapter_is_a_warning() -> None:
    head, tail = "五、存在的主要问题及改进情况\n", "\n六、其他需要报告的事项\n无。"
    assert levels(check(head + "无。" + tail)) == ["warning"]
    assert not check(head + "公开不够及时，下一步将健全内部流转制度，按月检查更新情况。" + tail).findings


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("收到1,265件,其中A(含B)3件:", "收到1,265件，其中A（含B）3件："),
        ("(250-200)/200=25%", "(250-200)/200=25%"),
    ],
)
def test_what_is_said_has_full_width_marks(written: str, told: str) -> None:
    assert typeset(written) == told


ENCRYPTED = (
    b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    b"<</Filter/Standard/V 1/R 2/P -44/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>",
)  # fmt: skip


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(ENCRYPTED, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<" + b"43" * 16 + b"><" + b"43" * 16 + b">]>>"
    content += b"xref\n0 5\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (
        table, trailer, len(content),
    )  # fmt: skip
    path = tmp_path / "报告.pdf"
    path.write_bytes(content)
    with pytest.raises(Refusal, match="已加密"):
        check_report(path)


def test_a_damaged_document_is_refused_in_one_sentence(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("全年公开信息10条。" * 200)
    whole = io.BytesIO()
    document.save(whole)
    content = bytearray(whole.getvalue())
    for start in range(40, len(content), 97):
        content[start] ^= 0xFF
    path = tmp_path / "报告.docx"
    path.write_bytes(content)
    with pytest.raises(Refusal, match=r"^无法读取 报告\.docx：.*。$"):
        check_report(path)
