"""A small annual report of the 2021 form, invented for the tests, in every kind of file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import docx

APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
OUTCOMES = (
    "(一)予以公开", "(二)部分公开(区分处理的,只计这一情形,不计其他情形)", "1.属于国家秘密", "2.其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”", "4.保护第三方合法权益", "5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷",
    "8.属于行政查询事项", "1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确",
    "1.信访举报投诉类申请", "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请", "5.要求行政机关确认或重新出具已获取信息",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "3.其他",
)  # fmt: skip
GRANTED, DENIED_STATE_SECRET, NOT_HELD = 0, 2, 10
Rows = dict[str, list[int]]


def row(natural: int, company: int = 0) -> list[int]:
    return [natural, company, 0, 0, 0, 0, natural + company]


def table_three() -> Rows:
    """40 new and 3 carried in; 41 closed and 2 carried out."""
    rows: Rows = {"一、本年新收政府信息公开申请数量": row(36, 4), "二、上年结转政府信息公开申请数量": row(3)}
    rows.update({name: row(0) for name in OUTCOMES})
    rows[OUTCOMES[GRANTED]] = row(12, 3)
    rows[OUTCOMES[DENIED_STATE_SECRET]] = row(2)
    rows[OUTCOMES[NOT_HELD]] = row(23, 1)
    rows["(七)总计"] = row(37, 4)
    rows["四、结转下年度继续办理"] = row(2)
    return rows


TABLE_FOUR = [3, 1, 0, 1, 5, 2, 0, 0, 0, 2, 1, 0, 1, 0, 2]
TEXT = (
    "某市水务局2022年政府信息公开工作年度报告\n一、总体情况\n本局全年收到政府信息公开申请40件,予以公开15件,结转下年度办理2件;"
    "行政复议5件、行政诉讼4件。\n三、收到和处理政府信息公开申请情况"
)
AFTER = "四、政府信息公开行政复议、行政诉讼情况"
HEAD_FOUR = "行政复议 行政诉讼 未经复议直接起诉 复议后起诉 " + "结果维持 结果纠正 其他结果 尚未审结 总计 " * 3


def as_lines(rows: Rows, four: list[int] = TABLE_FOUR, cell: str = " ", text: str = TEXT) -> str:
    """The report as plain text; ``cell`` parts the cells, "" runs them together."""
    body = [name + cell + cell.join(map(str, numbers)) for name, numbers in rows.items()]
    joint = "\n" if cell else ""
    return "\n".join([text, joint.join(body), AFTER, HEAD_FOUR + cell + cell.join(map(str, four))]) + "\n"


def as_html(rows: Rows, four: list[int] = TABLE_FOUR, text: str = TEXT) -> str:
    def line(cells: list[str]) -> str:
        return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"

    three = "".join(line([name, *map(str, numbers)]) for name, numbers in rows.items())
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><style>td{border:1px solid #000}</style></head><body>"
        + "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n"))
        + f"<table>{line(['申请人情况', *APPLICANTS])}{three}</table><p>{AFTER}</p><table>"
        + line(
            ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 2
            + ["复议后起诉维持", "结果纠正", "其他结果", "尚未审结", "总计"]
        )
        + line([str(number) for number in four])
        + "</table></body></html>"
    )


def write_docx(path: Path, rows: Rows, four: list[int] = TABLE_FOUR, text: str = TEXT) -> None:
    document = docx.Document()
    for paragraph in text.split("\n"):
        document.add_paragraph(paragraph)
    three = document.add_table(rows=0, cols=8)
    for name, numbers in rows.items():
        for cell, content in zip(three.add_row().cells, [name, *map(str, numbers)], strict=True):
            cell.text = content
    document.add_paragraph(AFTER)
    document.add_paragraph("未经复议直接起诉、复议后起诉")
    last = document.add_table(rows=1, cols=15)
    for cell, number in zip(last.rows[0].cells, four, strict=True):
        cell.text = str(number)
    document.save(str(path))


def write_pdf(path: Path, page: str) -> bool:
    """Prints a page to PDF with the system's Chromium; False when there is none."""
    source = path.with_suffix(".html")
    source.write_text(page, encoding="utf-8")
    command = ["/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    try:
        subprocess.run(
            [*command, f"--print-to-pdf={path}", source.as_uri()],
            capture_output=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return path.exists()
