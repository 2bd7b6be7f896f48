"""Files from outside: whatever is wrong with one becomes a sentence, and nothing is unpacked without counting."""

from __future__ import annotations

import contextlib
import io
import struct
import tempfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from mingzheng.law.errors import Refusal
from mingzheng.publish.sheets.services import read_rows


def workbook() -> bytes:
    book = Workbook()
    book.active.append(["标题", "栏目代码", "正文"])
    book.active.append(["关于召开会议的通知", "TZ01", "定于周五召开会议。"])
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def repacked(changes: dict[str, bytes]) -> bytes:
    """The workbook with some members replaced or added."""
    stored = io.BytesIO()
    with ZipFile(io.BytesIO(workbook())) as old, ZipFile(stored, "w", ZIP_DEFLATED) as new:
        members = {name: old.read(name) for name in old.namelist()} | changes
        for name, content in members.items():
            new.writestr(name, content)
    return stored.getvalue()


def zipped(**members: bytes) -> bytes:
    stored = io.BytesIO()
    with ZipFile(stored, "w", ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return stored.getvalue()


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"
t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "不是xlsx文件"),
        ("标题,栏目代码,正文\n".encode(), "不是xlsx文件"),
        # The older format, and any encrypted workbook, begins like this.
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "不是xlsx文件"),
        (zipped(readme=b"x"), "不是xlsx文件"),
        (workbook()[: len(workbook()) // 2], "不是xlsx文件"),
        (repacked({"xl/workbook.xml": b"<workbook"}), "已损坏"),
        (repacked({SHEET: b"no xml"}), "已损坏"),
        (repacked({SHEET: ENTITIES}), "已损坏"),
        (repacked({"xl/media/bomb.bin": b"\0" * 2**26}), "解压后过大"),
        (repacked({f"xl/media/{number}": b"" for number in range(1001)}), "解压后过大"),
        (repacked({SHEET: b"<c/>" * 6_000_001}), "解压后过大"),
        # A false size: the file says ten bytes and holds many.
        (repacked({"xl/x": b"\1" * 77_777}).replace(struct.pack("<I", 77_777), struct.pack("<I", 10)), "已损坏"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_safely_is_refused(tmp_path, content, told):
    path = tmp_path / "提交.xlsx"
    path.write_bytes(content)
    with pytest.raises(Refusal, match=told):
        list(read_rows(path))


def test_shared_texts_as_excel_stores_them_are_read(tmp_path):
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    with ZipFile(io.BytesIO(workbook())) as package:
        types, relations = package.read("[Content_Types].xml"), package.read("xl/_rels/workbook.xml.rels")
    texts = ["标题", "栏目代码", "正文", "关于召开会议的通知", "TZ01"]
    cells = [f'<c r="{"ABC"[n % 3]}{n // 3 + 1}" t="s"><v>{n}</v></c>' for n in range(6)]
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts) + (
        "<si><r><t>定于周五</t></r><r><rPr><b/></rPr><t>召开。</t></r></si>"  # part of the text is bold
    )
    path = tmp_path / "提交.xlsx"
    path.write_bytes(
        repacked(
            {
                SHEET: f'<worksheet {main}><sheetData><row r="1">{"".join(cells[:3])}</row><row r="2">'
                f"{''.join(cells[3:])}</row></sheetData></worksheet>".encode(),
                "xl/sharedStrings.xml": f"<sst {main}>{shared}</sst>".encode(),
                "[Content_Types].xml": types.replace(
                    b"</Types>",
                    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
                    b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
                ),
                "xl/_rels/workbook.xml.rels": relations.replace(
                    b"</Relationships>",
                    f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'.encode(),
                ),
            }
        )
    )
    (row,) = read_rows(path)
    assert row.draft is not None
    assert (row.draft.title, row.draft.body) == ("关于召开会议的通知", "<p>定于周五召开。</p>")


def test_rows_out_of_order_are_refused_rather_than_passed_over(tmp_path):
    with ZipFile(io.BytesIO(workbook())) as package:
        sheet = package.read(SHEET)
    path = tmp_path / "提交.xlsx"
    path.write_bytes(repacked({SHEET: sheet.replace(b'<row r="1"', b'<row r="7"')}))
    with pytest.raises(Refusal, match="已损坏"):
        read_rows(path)


with ZipFile(io.BytesIO(workbook())) as _package:
    MEMBERS = {name: _package.read(name) for name in _package.namelist() if not name.startswith("docProps")}


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(MEMBERS)), st.integers(0, 10_000), st.integers(0, 60), st.binary(max_size=8))
def test_a_damaged_file_gives_rows_or_a_refusal_and_nothing_else(member, start, length, filling):
    content = MEMBERS[member]
    start %= len(content)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "提交.xlsx"
        path.write_bytes(repacked({member: content[:start] + filling + content[start + length :]}))
        with contextlib.suppress(Refusal):
            list(read_rows(path))
