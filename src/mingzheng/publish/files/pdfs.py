"""PDF documents: text and pages, scripts, attachments, annotations and properties, and a copy without them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mingzheng.publish.files.report import Findings, Source

_NEW_LINE = re.compile(r"[\r\n\ufffe\x02]+")
_DANGEROUS_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE"}
)
_PROPERTIES = {
    "/Author": "作者",
    "/Title": "标题",
    "/Subject": "主题",
    "/Keywords": "关键词",
    "/Company": "单位",
    "/SourceModified": "源文件",
}
# Links and form fields are part of the page; every other annotation is somebody's remark or a file.
_PART_OF_THE_PAGE = frozenset({"/Link", "/Widget"})


def read_pdf(source: Source, findings: Findings) -> None:
    """Text, pages and notices. Raises Refusal when the file is encrypted, with or without a password."""
    with _opened(source) as pdf:
        if pdf.is_encrypted:
            raise source.refusal("设有密码或权限限制，请先解除再上传")
        _report(pdf, findings)
    _read_text(source, findings)


def clean_pdf(source: Source, target: Path) -> None:
    """Write a copy without properties, scripts, attachments and remarks; earlier versions go as well."""
    import pikepdf

    with _opened(source) as pdf:
        for page in pdf.pages:
            if "/Annots" in page:
                kept = [note for note in _annotations(page) if _subtype(note) in _PART_OF_THE_PAGE]
                page.Annots = pdf.make_indirect(pikepdf.Array(kept)) if kept else pikepdf.Array()
        for dictionary in list(_dictionaries(pdf)):
            _clean_dictionary(dictionary)
        names = pdf.Root.get("/Names")
        if isinstance(names, pikepdf.Dictionary):
            for key in ("/JavaScript", "/EmbeddedFiles"):
                if key in names:
                    del names[key]
        for key in ("/AF", "/Collection"):
            if key in pdf.Root:
                del pdf.Root[key]
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)


@contextmanager
def _opened(source: Source) -> Iterator[Any]:
    import pikepdf

    try:
        with pikepdf.open(source.path) as pdf:
            yield pdf
    except pikepdf.PasswordError as error:
        raise source.refusal("设有密码，请先解除密码再上传") from error
    except pikepdf.PdfError as error:
        raise ValueError("damaged PDF") from error


def _report(pdf: Any, findings: Findings) -> None:
    import pikepdf

    findings.pages = len(pdf.pages)
    remarks = sum(
        _subtype(note) not in _PART_OF_THE_PAGE for page in pdf.pages for note in _annotations(page)
    )
    scripts = metadata = files = 0
    for dictionary in _dictionaries(pdf):
        scripts += _is_dangerous(dictionary)
        metadata += "/Metadata" in dictionary or "/PieceInfo" in dictionary
        files += "/EF" in dictionary
    names = pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names:
        scripts += 1
    if scripts:
        findings.block("pdf-script", "含有脚本或者会启动程序、提交数据的动作。")
    if files:
        findings.block("embedded-file", f"内部带有{files}个附件，读者可以打开。")
    if remarks:
        findings.block("annotations", f"有{remarks}条批注或者标记。")
    info = pdf.trailer.get("/Info")
    told = []
    if isinstance(info, pikepdf.Dictionary):
        told = [
            f"{label}“{str(info[key])[:40]}”" for key, label in _PROPERTIES.items() if _text(info.get(key))
        ]
    if told:
        findings.warn("properties", f"文档属性中有{'、'.join(told)}。")
    elif metadata or (isinstance(info, pikepdf.Dictionary) and len(info)):
        findings.note("properties", "文档属性中记有制作软件、时间等信息。", removable=True)


def _read_text(source: Source, findings: Findings) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(source.path)
    try:
        for page in document:
            text = page.get_textpage()
            findings.add_text(_NEW_LINE.sub("\n", text.get_text_range()) + "\n")
            text.close()
            page.close()
            if findings.full:
                return
    finally:
        document.close()
    if findings.pages and not findings.text.strip():
        findings.note("no-text", "页面上没有文字（可能是扫描件），不能检索，也不便于无障碍阅读。")


def _annotations(page: Any) -> list[Any]:
    import pikepdf

    found = page.get("/Annots")
    if not isinstance(found, pikepdf.Array):
        return []
    return [note for note in found if isinstance(note, pikepdf.Dictionary)]


def _subtype(note: Any) -> str:
    return str(note.get("/Subtype", ""))


def _dictionaries(pdf: Any) -> Iterator[Any]:
    """Every dictionary of the file, those of streams and those inside others among them."""
    import pikepdf

    for found in [pdf.Root, *pdf.objects]:
        waiting = [found]
        while waiting:
            element = waiting.pop()
            if isinstance(element, pikepdf.Stream):
                yield element
                children = [value for _, value in element.stream_dict.items()]
            elif isinstance(element, pikepdf.Dictionary):
                yield element
                children = [value for _, value in element.items()]
            elif isinstance(element, pikepdf.Array):
                children = list(element)
            else:
                continue
            waiting.extend(
                child for child in children if isinstance(child, pikepdf.Object) and not child.is_indirect
            )


def _is_dangerous(dictionary: Any) -> bool:
    return str(dictionary.get("/S", "")) in _DANGEROUS_ACTIONS or "/JS" in dictionary or "/XFA" in dictionary


def _clean_dictionary(dictionary: Any) -> None:
    for key in ("/Metadata", "/PieceInfo", "/EF", "/XFA"):
        if key in dictionary:
            del dictionary[key]
    if _is_dangerous(dictionary):
        for key in list(dictionary.keys()):
            del dictionary[key]


def _text(value: Any) -> str:
    return str(value).strip() if value is not None else ""
