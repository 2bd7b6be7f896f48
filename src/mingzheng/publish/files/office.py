"""What Word, Excel and PowerPoint files have in common: macros, properties, outside links, embedded objects."""

from __future__ import annotations

import re
from collections import Counter

from mingzheng.publish.files.archive import Archive
from mingzheng.publish.files.limits import limits
from mingzheng.publish.files.ole import SIGNATURE, CompoundFile
from mingzheng.publish.files.package import ROOT, Package, Relation, unlink
from mingzheng.publish.files.report import Findings, Source, listed
from mingzheng.publish.files.safe_xml import local
from mingzheng.publish.files.signatures import runnable

_MACRO_TYPES = ("macroenabled", "vbaproject", "vbadata", "macrosheet")
_MACRO_RELATIONS = frozenset({"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"})
_EMBEDDED = frozenset({"oleObject", "package", "control", "activeXControlBinary"})
_PROPERTIES = {
    "creator": "作者",
    "lastModifiedBy": "最后修改人",
    "Company": "单位",
    "Manager": "主管",
    "title": "标题",
    "subject": "主题",
    "keywords": "关键词",
    "description": "备注",
    "category": "类别",
    "contentStatus": "状态",
    "HyperlinkBase": "链接基址",
}
# Elements that mean nothing without the relation they name; of all others only the attribute goes.
_WHOLE = (
    "attachedTemplate", "OLEObject", "oleObject", "control", "externalData", "externalReference", "subDoc",
    "videoFile", "audioFile", "quickTimeFile",
)  # fmt: skip
_LINK_LABELS = {"attachedTemplate": "外部模板", "image": "链接图片", "oleObject": "链接对象"}
_FILE_NAME = re.compile(rb"\.([A-Za-z0-9]{1,5})\x00")


def open_package(source: Source, archive: Archive) -> Package:
    """The package of an office file. Raises Refusal when it carries macros or a program."""
    package = Package(archive)
    types = " ".join(package.content_types().values())
    relations = [relation for part in [ROOT, *package.reachable()] for relation in package.relations(part)]
    if (
        any(word in types for word in _MACRO_TYPES)
        or any(relation.kind in _MACRO_RELATIONS for relation in relations)
        or any(name.lower().endswith("vbaproject.bin") for name in archive.names)
    ):
        raise source.refusal("含有宏，请删除宏或者另存为不含宏的格式后再上传")
    for relation in relations:
        if _is_embedded(relation) and relation.target in archive:
            _refuse_program(source, archive.read(relation.target))
    return package


def read_common(package: Package, findings: Findings) -> None:
    """Notices on properties, outside links, embedded objects and a signature."""
    _read_properties(package, findings)
    linked: Counter[str] = Counter()
    embedded = 0
    for part in package.reachable():
        for relation in package.relations(part):
            if _is_outside(relation):
                linked[_LINK_LABELS.get(relation.kind, "外部数据")] += 1
            elif _is_embedded(relation):
                embedded += 1
    if linked:
        told = "、".join(f"{label}{count}处" for label, count in linked.items())
        findings.block("external-link", f"引用了文件以外的内容：{told}。")
    if embedded:
        findings.block("embedded-object", f"嵌有{embedded}个对象（如整张工作簿），读者可以打开其全部内容。")
    if any(relation.kind == "origin" for relation in package.relations(ROOT)):
        findings.note("signature", "文件带有数字签名，清理后的副本不再带有签名。")


def clean_common(package: Package) -> None:
    """Take away properties, outside links and embedded objects (their picture stays)."""
    package.drop_relations(ROOT, lambda relation: relation.kind != "officeDocument")
    for part in package.reachable():
        ids = package.drop_relations(part, lambda relation: _is_outside(relation) or _is_embedded(relation))
        if ids:
            unlink(package.tree(part), ids, _WHOLE)


def _is_outside(relation: Relation) -> bool:
    return (relation.external and relation.kind != "hyperlink") or relation.kind == "externalLink"


def _is_embedded(relation: Relation) -> bool:
    return not relation.external and relation.kind in _EMBEDDED


def _read_properties(package: Package, findings: Findings) -> None:
    told, custom = [], []
    for part in package.targets(ROOT, "core-properties", "extended-properties"):
        for element in package.tree(part).iter("{*}*"):
            label = _PROPERTIES.get(local(element))
            if label and (element.text or "").strip():
                told.append(f"{label}“{element.text.strip()[:40]}”")
    for part in package.targets(ROOT, "custom-properties"):
        custom = [e.get("name", "") for e in package.tree(part).iter("{*}property")]
    if custom:
        told.append(f"自定义属性{listed(custom)}")
    if told:
        findings.warn("properties", f"文档属性中有{'、'.join(told)}。")


def _refuse_program(source: Source, content: bytes) -> None:
    """Refuse an embedded object that is a program or wraps one."""
    inner = b""
    if content.startswith(SIGNATURE):
        inner = CompoundFile(content).stream("\x01Ole10Native", 4096)
    wrapped = {extension.decode().lower() for extension in _FILE_NAME.findall(inner)}
    if runnable(content[:4096]) or wrapped & limits().runnable_extensions:
        raise source.refusal("嵌有可执行程序，不能上传")
