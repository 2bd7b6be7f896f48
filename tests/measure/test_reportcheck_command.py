"""The command: kinds of file, encodings, refusals, exit status, and what is printed."""

from __future__ import annotations

import argparse
import json
import time
import zipfile
from pathlib import Path

import pytest
from tests.measure import reportcheck_form as form

from mingzheng.law.errors import Refusal
from mingzheng.measure.reportcheck import check_report
from mingzheng.measure.reportcheck.command import register

SOUND = "收到申请36件,其中当面6件、网络20件、信函10件。\n"
UNSOUND = "收到申请36件,其中当面6件、网络20件、信函11件。\n"


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers(dest="command"))
    parsed = parser.parse_args(["check-report", *arguments])
    return int(parsed.run(parsed))


def written(folder: Path, content: bytes, name: str = "报告.txt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_the_status_tells_whether_there_are_errors(tmp_path: Path) -> None:
    assert run(str(written(tmp_path, SOUND.encode()))) == 0
    assert run(str(written(tmp_path, UNSOUND.encode()))) == 1


def test_the_listing_shows_place_quote_working_and_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(str(written(tmp_path, UNSOUND.encode())))
    printed = capsys.readouterr().out
    assert "第1行" in printed
    assert UNSOUND.strip() in printed
    assert "6+20+11=37" in printed
    assert printed.rstrip().split("\n")[-1] == "共发现错误1处、警告0处、提示0处；核对无误0处。"


def test_json_has_the_agreed_shape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(str(written(tmp_path, (UNSOUND + SOUND).encode())), "--json")
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"findings", "confirmed"}
    assert set(printed["findings"][0]) == {"level", "kind", "place", "quote", "claim", "computed", "message"}
    assert set(printed["confirmed"][0]) == {"kind", "place", "quote", "claim", "computed"}
    assert printed["confirmed"][0]["place"] == "第2行"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings_are_found(tmp_path: Path, encoding: str) -> None:
    assert check_report(written(tmp_path, UNSOUND.encode(encoding))).has_errors


def test_a_page_that_declares_the_wrong_encoding_is_read(tmp_path: Path) -> None:
    page = f"<html><head><meta charset='utf-8'></head><body><p>{UNSOUND}</p></body></html>"
    assert check_report(written(tmp_path, page.encode("gbk"), "报告.txt")).has_errors


def test_html_and_docx_give_the_same_verdicts(tmp_path: Path) -> None:
    rows = form.table_three()
    rows[form.OUTCOMES[form.GRANTED]][0] = 13  # the total column, the sum and the text stay behind
    page = written(tmp_path, form.as_html(rows).encode(), "报告.html")
    document = tmp_path / "报告.docx"
    form.write_docx(document, rows)
    for path in (page, document):
        rules = {
            finding.message[-5:-1] for finding in check_report(path).findings if finding.level == "error"
        }
        assert any("R03" in rule for rule in rules), path.name
        assert any("R02" in rule for rule in rules), path.name


def test_sound_html_and_docx_have_no_errors(tmp_path: Path) -> None:
    page = written(tmp_path, form.as_html(form.table_three()).encode(), "报告.html")
    document = tmp_path / "报告.docx"
    form.write_docx(document, form.table_three())
    for path in (page, document):
        result = check_report(path)
        assert not result.has_errors, path.name
        claims = {claim.claim for claim in result.confirmed}
        assert {"新收40+上年结转3=办结41+结转下年2", "行政复议总计5"} <= claims, path.name


def test_a_printed_pdf_is_read_with_its_tables(tmp_path: Path) -> None:
    rows = form.table_three()
    path = tmp_path / "报告.pdf"
    assert form.write_pdf(path, form.as_html(rows)), "the tests need Chromium: run tools/install_system"
    result = check_report(path)
    assert not result.has_errors
    assert "新收40+上年结转3=办结41+结转下年2" in {claim.claim for claim in result.confirmed}
    assert any(claim.place.startswith("第1页") for claim in result.confirmed)


REFUSED = [
    (b"", "空"),
    (b" \n\t ", "空"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版"),
    (b"{\\rtf1\\ansi text}", "RTF"),
    (b"PK\x03\x04broken", "docx"),
    (b"%PDF-1.7\nbroken", "pdf"),
    (b"\x00\x01\x02\x03\xff\xfe\xfa\x80" * 50, "无法识别"),
    (b"<html><body></body></html>", "没有文字"),
]


@pytest.mark.parametrize(("content", "reason"), REFUSED)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(Refusal, match=reason) as refusal:
        check_report(written(tmp_path, content))
    assert "\n" not in refusal.value.sentence


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="不存在"):
        check_report(tmp_path / "没有.txt")
    with pytest.raises(Refusal, match="文件夹"):
        check_report(tmp_path)


def test_another_kind_of_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "表格.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(Refusal, match="docx"):
        check_report(path)


def test_a_long_report_takes_less_than_a_second(tmp_path: Path) -> None:
    path = written(tmp_path, (form.as_lines(form.table_three()) + SOUND * 400).encode())
    began = time.perf_counter()
    check_report(path)
    assert time.perf_counter() - began < 1.0
