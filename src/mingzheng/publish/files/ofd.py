"""OFD documents, the national format of fixed pages (GB/T 33190): their text, pages and properties."""

from __future__ import annotations

import re

from mingzheng.publish.files.archive import Archive
from mingzheng.publish.files.report import Findings
from mingzheng.publish.files.safe_xml import local, parse, stream

_PAGE = re.compile(r"(?:^|/)Page_(\d+)/Content\.xml$", re.IGNORECASE)
_PROPERTIES = {"Author": "作者", "Creator": "制作软件", "Subject": "主题", "Abstract": "摘要"}


def read_ofd(archive: Archive, findings: Findings) -> None:
    """Text and notices; nothing is removed from an OFD document, since that would break its seals."""
    properties = [
        f"{_PROPERTIES[local(element)]}“{element.text.strip()[:40]}”"
        for element in parse(archive.read("OFD.xml")).iter("{*}*")
        if local(element) in _PROPERTIES and (element.text or "").strip()
    ]
    pages = sorted((int(found.group(1)), name) for name in archive.names if (found := _PAGE.search(name)))
    findings.pages = len(pages)
    for _, name in pages:
        with archive.open(name) as content:
            for element in stream(content, "TextCode"):
                findings.add_text((element.text or "") + "\n")
    if properties:
        findings.warn("properties", f"文档属性中有{'、'.join(properties)}。", removable=False)
    if any("/attachs/" in name.lower() or "attachments.xml" in name.lower() for name in archive.names):
        findings.warn("embedded-object", "文档内带有附件，读者可以打开。", removable=False)
