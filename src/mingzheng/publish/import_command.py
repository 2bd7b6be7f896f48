"""``mingzheng import``: saved pages of an older site become items of a unit's column."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from tqdm import tqdm

from mingzheng.law.console import write
from mingzheng.law.errors import Refusal

DONE, FINDINGS = 0, 1


def register(commands: Any) -> None:
    """Add the command to the console script."""
    parser = commands.add_parser(
        "import",
        help="导入旧网站的网页",
        description="把旧网站保存下来的网页导入为公开信息：保留原标题、文号、日期和索引号，净化正文；同一网页不会导入两次。",
    )
    parser.add_argument("path", type=Path, metavar="路径", help="网页文件，或者存放网页的文件夹")
    parser.add_argument("--into", required=True, metavar="单位/栏目", help="如 city/ZC0202")
    parser.add_argument("--as", dest="account", metavar="账号", help="以哪个账号办理，默认市公开办的账号")
    parser.add_argument(
        "--base", default="", metavar="网址", help="网页没有写明自身网址时，其中相对链接的起点"
    )
    parser.add_argument("--dry-run", action="store_true", help="只读取和检查，不写入")
    parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Import what can be imported; 1 when anything was refused."""
    django.setup()
    from django.db import transaction

    from mingzheng.city.services import office_account, person_by_username
    from mingzheng.publish.items.drafts import ItemDraft
    from mingzheng.publish.items.services import import_items
    from mingzheng.publish.items.validation import Rules
    from mingzheng.publish.legacy.pages import pages_at, read_drafts

    unit, slash, column = arguments.into.partition("/")
    if not slash or not unit or not column:
        raise Refusal(f"--into 的内容“{arguments.into}”有误，应写作“单位代码/栏目代码”，如 city/ZC0202。")
    Rules().place(ItemDraft(unit, column, "", ""))  # a wrong column is said once, not for every page
    actor = person_by_username(arguments.account) if arguments.account else office_account()
    files = pages_at(arguments.path)
    names: list[str] = []
    refused: list[str] = []
    doubts: list[str] = []

    def drafts() -> Iterator[ItemDraft]:
        reads = read_drafts(files, unit, column, arguments.base)
        for read in tqdm(
            reads, total=len(files), desc="导入网页", unit="页", disable=not sys.stderr.isatty()
        ):
            doubts.extend(f"“{read.name}”：{doubt}。" for doubt in read.doubts)
            if read.draft is None:
                refused.append(read.refused)
            else:
                names.append(read.name)
                yield read.draft

    with transaction.atomic():
        report = import_items(actor, drafts(), source=str(arguments.path.name))
        if arguments.dry_run:
            transaction.set_rollback(True)
    refused += [f"“{names[row.number - 1]}”《{row.title}》：{row.reason}。" for row in report.refused]
    _tell(arguments, report.written, report.present, refused, doubts)
    return FINDINGS if refused else DONE


def _tell(
    arguments: argparse.Namespace, written: int, present: int, refused: list[str], doubts: list[str]
) -> None:
    if arguments.as_json:
        result = {"written": written, "present": present, "refused": refused, "doubts": doubts}
        write(json.dumps(result, ensure_ascii=False, indent=2))
        return
    for title, lines in (("拒绝", refused), ("存疑", doubts)):
        for line in lines:
            write(f"{title}：{line}")
    verb = "可新增" if arguments.dry_run else "新增"
    write(f"{verb}{written}条，已存在{present}条，拒绝{len(refused)}条。")
    if written and not arguments.dry_run:
        write("运行 mingzheng publish --changed 更新页面。")
