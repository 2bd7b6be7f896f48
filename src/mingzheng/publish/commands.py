"""Commands of the publish room: ``columns``, ``publish-item`` and ``withdraw-item``."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from mingzheng.law.console import read_day, write, write_table
from mingzheng.law.errors import Refusal

if TYPE_CHECKING:
    from mingzheng.publish.catalogue.services import ColumnNode

DONE = 0


def register(commands: Any) -> None:
    """Add the room's commands to the console script."""
    columns = commands.add_parser(
        "columns", help="列出单位的公开目录", description="列出一个单位在某日的公开目录。"
    )
    columns.add_argument("--unit", required=True, metavar="代码", help="单位代码，见 mingzheng units")
    columns.add_argument("--on", metavar="日期", help="哪一天的目录，默认今天")
    columns.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出")
    columns.set_defaults(run=run_columns)

    publish = commands.add_parser(
        "publish-item",
        help="应急发布一条信息",
        description="由应急发布员先行发布一条信息，事后补办审核；平时的发布在工作平台上经审核办理。发布时间由系统记录。",
    )
    publish.add_argument("--into", required=True, metavar="单位/栏目", help="如 city/ZC0202")
    publish.add_argument("--title", required=True, metavar="标题")
    publish.add_argument(
        "--body", required=True, type=Path, metavar="文件", help="正文文件（HTML，UTF-8编码）"
    )
    publish.add_argument("--doc-no", default="", metavar="文号")
    publish.add_argument("--written-on", metavar="日期", help="成文日期")
    publish.add_argument("--emergency", required=True, metavar="事由", help="为什么不能等审核，记入审计")
    _add_account(publish)
    publish.set_defaults(run=run_publish_item)

    withdraw = commands.add_parser(
        "withdraw-item", help="撤回一条信息", description="把一条信息从所有页面撤下，保留记录。"
    )
    withdraw.add_argument("item", metavar="索引号")
    withdraw.add_argument("--reason", required=True, metavar="理由")
    _add_account(withdraw)
    withdraw.set_defaults(run=run_withdraw_item)


def _add_account(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="account", required=True, metavar="账号", help="以哪个账号办理")
    parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出")


def run_columns(arguments: argparse.Namespace) -> int:
    """List a unit's catalogue with what each column asks for."""
    django.setup()
    from mingzheng.city.services import unit_by_code
    from mingzheng.publish.catalogue.services import CatalogueView

    on = read_day(arguments.on, "--on") if arguments.on else date.today()
    nodes = list(_walk(CatalogueView().tree(unit_by_code(arguments.unit), on)))
    if arguments.as_json:
        rows = [
            {
                "code": node.column.code,
                "name": node.name,
                "level": node.column.level,
                "update_cycle_days": node.column.update_cycle_days,
                "content_requirements": node.column.content_requirements,
            }
            for node in nodes
        ]
        write(
            json.dumps({"unit": arguments.unit, "on": str(on), "columns": rows}, ensure_ascii=False, indent=2)
        )
        return DONE
    rows_shown = [
        (node.column.code, "　" * (node.column.level - 1) + node.name, _cycle(node.column.update_cycle_days))
        for node in nodes
    ]
    write_table([("代码", "栏目", "更新周期"), *rows_shown])
    write(f"共{len(nodes)}个栏目。")
    return DONE


def _walk(nodes: list[ColumnNode]) -> list[ColumnNode]:
    return [each for node in nodes for each in (node, *_walk(node.children))]


def _cycle(days: int | None) -> str:
    return f"{days}天" if days else "—"


def run_publish_item(arguments: argparse.Namespace) -> int:
    """Publish one item from a file, in an emergency."""
    django.setup()
    from mingzheng.city.services import person_by_username
    from mingzheng.publish.items.services import ItemDraft, publish_urgently

    unit, slash, column = arguments.into.partition("/")
    if not slash:
        raise Refusal(f"--into 的内容“{arguments.into}”有误，应写作“单位代码/栏目代码”，如 city/ZC0202。")
    try:
        body = arguments.body.read_text("utf-8")
    except UnicodeDecodeError:
        raise Refusal(f"正文文件“{arguments.body}”不是UTF-8编码的文字。") from None
    draft = ItemDraft(unit, column, arguments.title, body, doc_no=arguments.doc_no)
    if arguments.written_on:
        draft.written_on = read_day(arguments.written_on, "--written-on")
    item = publish_urgently(person_by_username(arguments.account), draft, reason=arguments.emergency)
    if arguments.as_json:
        write(json.dumps({"id": item.pk, "index_no": item.index_no}, ensure_ascii=False))
    else:
        write(f"已发布《{item.title}》，索引号{item.index_no}。运行 mingzheng publish --changed 更新页面。")
    return DONE


def run_withdraw_item(arguments: argparse.Namespace) -> int:
    """Withdraw the item with that index number."""
    django.setup()
    from mingzheng.city.services import person_by_username
    from mingzheng.publish.items.services import item_by_index_no, withdraw_item

    person = person_by_username(arguments.account)
    item = withdraw_item(person, item_by_index_no(person, arguments.item).pk, arguments.reason)
    if arguments.as_json:
        write(
            json.dumps({"id": item.pk, "index_no": item.index_no, "status": item.status}, ensure_ascii=False)
        )
    else:
        write(f"已撤回《{item.title}》（{item.index_no}）。运行 mingzheng publish --changed 更新页面。")
    return DONE
