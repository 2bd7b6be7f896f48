"""What the column of a manuscript asks for and the manuscript lacks: elements, dates of its time limit, the record of a document."""

from __future__ import annotations

from collections.abc import Iterator

from mingzheng.publish.checks.services import Finding, finding, visible_text
from mingzheng.publish.manuscripts.models import Manuscript

# Columns whose every entry is a document: the words of the record that a reader needs to use it.
DOCUMENTS = frozenset({"normative_document", "government_rule"})
RECORD = (
    ("doc_no", "文号"), ("issuer", "发文机关"), ("effective_on", "施行日期"), ("genre", "体裁"),
)  # fmt: skip


def check_column(manuscript: Manuscript) -> Iterator[Finding]:
    """Findings about the column: none chosen, or what it asks for is not there."""
    column = manuscript.column
    if column is None:
        yield finding("missing", "栏目", "还没有选定栏目", suggestion="请选择栏目", severity="block")
        return
    limit = column.time_limit or {}
    if limit.get("from") == "formed" and not (manuscript.formed_on or manuscript.written_on):
        yield finding(
            "missing", "生成日期", f"栏目“{column}”自信息形成之日起计算公开时限，缺少生成日期",
            suggestion="请填写生成日期或成文日期", severity="note",
        )  # fmt: skip
    if column.role in DOCUMENTS:
        for name, label in RECORD:
            if not getattr(manuscript, name):
                yield finding(
                    "missing", label, f"栏目“{column}”的文件须著录{label}", suggestion=f"请填写{label}"
                )
    if missing := _missing_elements(manuscript, column.elements):
        yield finding(
            "elements", "正文", f"栏目“{column}”要求的公开要素中，没有看到“{'、'.join(missing)}”",
            suggestion="请核对内容是否齐全",
        )  # fmt: skip


def _missing_elements(manuscript: Manuscript, elements: list[str]) -> list[str]:
    if not elements:
        return []
    texts = [manuscript.title, manuscript.abstract, visible_text(manuscript.body)]
    text = "\n".join([*texts, *(file.text for file in manuscript.files.all())])
    return [each for each in elements if each not in text]
