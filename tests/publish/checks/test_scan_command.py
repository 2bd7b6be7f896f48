"""``mingzheng scan`` reads real files, says what may not be shown, and shows none of it itself."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from docx import Document

from mingzheng.cli import main

MOBILE = "13805541234"


def docx(path: Path, text: str, author: str = "") -> Path:
    document = Document()
    for name in ("author", "comments", "title"):
        setattr(document.core_properties, name, "")
    document.core_properties.author = author
    document.add_paragraph("关于救助资金发放的公示")
    document.add_paragraph(text)
    document.save(str(path))
    return path


def xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "手机"])
    sheet.append(["张三", MOBILE])
    hidden = book.create_sheet("底稿")
    hidden.append(["底稿"])
    hidden.sheet_state = "hidden"
    book.save(path)
    return path


def pdf(path: Path) -> Path:
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(300, 300))
    page.Contents = document.make_stream(f"BT /F1 12 Tf 20 200 Td (Tel {MOBILE}) Tj ET".encode())
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    document.save(path)
    return path


def scan(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    status = main(["scan", *map(str, words)])
    return status, capsys.readouterr().out


def scanned(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, list[dict]]:
    status, out = scan(capsys, *words, "--json")
    assert MOBILE not in out
    return status, json.loads(out)["files"]


@pytest.mark.parametrize(
    "make", [lambda path: docx(path, f"张三，{MOBILE}"), xlsx, pdf], ids=["docx", "xlsx", "pdf"]
)
def test_a_number_in_a_real_file_is_found_and_never_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make, request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.id
    status, [file] = scanned(capsys, make(tmp_path / f"公示.{kind}"))
    [mobile] = [each for each in file["findings"] if each["rule"] == "mobile"]
    assert status == 1
    assert mobile["severity"] == "block"
    assert mobile["excerpt"] == "138****1234"
    assert set(mobile) == {"rule", "severity", "place", "excerpt", "message", "suggestion"}


def test_what_a_file_hides_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, [file] = scanned(capsys, xlsx(tmp_path / "名单.xlsx"))
    assert any("底稿" in each["message"] for each in file["findings"] if each["rule"] == "hidden")


def test_a_personal_value_in_properties_or_in_the_name_is_masked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = docx(tmp_path / f"张三{MOBILE}.docx", "正文", author=f"张三{MOBILE}")
    status, [file] = scanned(capsys, path)
    assert status == 1
    assert "文件名" in [each["place"] for each in file["findings"]]
    assert scan(capsys, path)[1].count(MOBILE) == 0


def test_a_page_is_read_as_its_readers_see_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "旧页面.html"
    page.write_bytes(
        f"<html><script>var a={MOBILE}</script><p>标题</p><p>张三138<b>0554</b>1234，帐户</p>".encode(
            "gb18030"
        )
    )
    status, [file] = scanned(capsys, page)
    assert status == 1
    assert [(each["rule"], each["place"]) for each in file["findings"]] == [
        ("mobile", "第2行"),
        ("typo", "第2行"),
    ]


def test_text_without_findings_of_level_block_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "通知.txt"
    text.write_text("第一行\n请核对帐户。\n", encoding="utf-8")
    status, out = scan(capsys, text)
    assert status == 0
    assert "发现1处" in out
    assert "第2行" in out
    text.write_text("请核对账户。\n", encoding="utf-8")
    assert scan(capsys, text) == (0, f"{text}：没有发现问题。\n")


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_scanned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "名单.txt"
    text.write_text(f"张三 {MOBILE}", encoding="utf-8")
    broken = tmp_path / "坏的.docx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    status, files = scanned(capsys, tmp_path / "无.txt", tmp_path / "无.docx", broken, text)
    assert status == 2
    assert [bool(file.get("error")) for file in files] == [True, True, True, False]
    assert len(files[3]["findings"]) == 1


def test_words_of_an_office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, words = tmp_path / "通知.txt", tmp_path / "词表.yaml"
    text.write_text("淮南市政府办通知", encoding="utf-8")
    words.write_text("淮南市政府办: 淮南市政府办公室\n", encoding="utf-8")
    _, [file] = scanned(capsys, text, "--words", words)
    assert [each["suggestion"] for each in file["findings"]] == ["建议改为“淮南市政府办公室”"]
    words.write_text("办: 办公室\n", encoding="utf-8")
    assert main(["scan", str(text), "--words", str(words)]) == 2
    assert "第1行" in capsys.readouterr().err
