"""``mingzheng scan``: what a file may not show, before it is published: personal data, hidden content, wrong words."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any

from mingzheng.law.console import write, write_table
from mingzheng.law.errors import Refusal

DONE, FINDINGS, CANNOT = 0, 1, 2
_TEXTS = {".txt", ".csv", ".md"}
_PAGES = {".html", ".htm", ".shtml"}
_SHOWN = ("rule", "severity", "place", "excerpt", "message", "suggestion")
_LEVELS = {"block": "必须处理", "warn": "需要核对", "note": "提示"}


def register(commands: Any) -> None:
    """Add the command to the console script."""
    parser = commands.add_parser(
        "scan",
        help="检查文件中的个人信息和错误表述",
        description="检查文本、网页、Word、Excel、PDF等文件：个人信息、隐藏内容、错别字和不当表述；输出中的个人信息一律遮盖。",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="文件", help="要检查的文件")
    parser.add_argument("--words", type=Path, metavar="词表", help="本单位另加的词表（YAML文件）")
    parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Scan every file; 2 when one cannot be read, 1 when one has a finding of level block, else 0."""
    from mingzheng.publish.checks.services import mask_text, words_with

    words = words_with(arguments.words)  # a wrong list is said once, not for every file
    results = [_result(path, words) for path in arguments.files]
    for result in results:
        result["file"] = mask_text(result["file"])
    if arguments.as_json:
        write(json.dumps({"files": results}, ensure_ascii=False, indent=2))
    else:
        for result in results:
            _tell(result)
    if any("error" in result for result in results):
        return CANNOT
    levels = {finding["severity"] for result in results for finding in result["findings"]}
    return FINDINGS if "block" in levels else DONE


def _result(path: Path, words: Any) -> dict[str, Any]:
    from mingzheng.publish.checks.services import check_text, finding, mask_text

    try:
        text, notices = _read(path)
    except Refusal as refusal:
        return {"file": str(path), "findings": [], "error": mask_text(refusal.sentence)}
    found = check_text(path.name, "文件名", words)
    found += [
        dataclasses.replace(each, place=f"第{text.count(chr(10), 0, each.start) + 1}行")
        for each in check_text(text, "正文", words)
    ]
    found += [
        finding("hidden", "文件", mask_text(notice.sentence), severity=notice.severity,
                suggestion="请清除后再发布" if notice.removable else "")
        for notice in notices
    ]  # fmt: skip
    return {"file": str(path), "findings": [{name: getattr(each, name) for name in _SHOWN} for each in found]}


def _read(path: Path) -> tuple[str, tuple[Any, ...]]:
    """The text that readers of the file see, and the notices about what it hides."""
    from mingzheng.publish.body.services import clean_html
    from mingzheng.publish.checks.services import visible_text
    from mingzheng.publish.files.services import inspect_file
    from mingzheng.publish.legacy.decode import decode_page

    kind = path.suffix.lower()
    try:
        if kind in _TEXTS:
            return decode_page(path.read_bytes(), path.name), ()
        if kind in _PAGES:
            return visible_text(clean_html(decode_page(path.read_bytes(), path.name))), ()
        report = inspect_file(path)
    except OSError as error:
        reason = "没有这个文件" if isinstance(error, FileNotFoundError) else "读取失败"
        raise Refusal(f"无法读取“{path}”：{reason}。") from None
    return report.text, report.notices


def _tell(result: dict[str, Any]) -> None:
    from mingzheng.publish.checks.findings import rules

    if "error" in result:
        write(f"{result['file']}：{result['error']}")
        return
    found = result["findings"]
    write(f"{result['file']}：{f'发现{len(found)}处' if found else '没有发现问题'}。")
    if found:
        write_table([
            (_LEVELS[each["severity"]], rules()[each["rule"]].label, each["place"], each["excerpt"],
             each["message"] + each["suggestion"])
            for each in found
        ])  # fmt: skip
