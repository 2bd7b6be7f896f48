"""Commands of the city room: ``migrate``, ``units`` and ``audit``."""

from __future__ import annotations

import argparse
import json
from typing import Any

import django

from mingzheng.law.console import write, write_table

DONE, FINDINGS = 0, 1


def register(commands: Any) -> None:
    """Add the room's commands to the console script."""
    migrate = commands.add_parser(
        "migrate", help="建立或升级数据库", description="建立数据库，或把它升级到当前版本。"
    )
    migrate.set_defaults(run=run_migrate)

    units = commands.add_parser("units", help="列出单位及其代码", description="列出单位的代码、层级和名称。")
    units.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出")
    units.set_defaults(run=run_units)

    audit = commands.add_parser("audit", help="核验审计记录", description="核验审计记录是否完整、未被改动。")
    verbs = audit.add_subparsers(dest="verb", metavar="动作", required=True)
    verify = verbs.add_parser("verify", help="逐条核验审计链")
    verify.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出")
    verify.set_defaults(run=run_audit_verify)


def run_migrate(arguments: argparse.Namespace) -> int:
    """Bring the database to the version of this program."""
    django.setup()
    from mingzheng.city.schema import bring_up_to_date

    bring_up_to_date()
    write("数据库已是当前版本。")
    return DONE


def run_units(arguments: argparse.Namespace) -> int:
    """List the units in the order of the tree."""
    django.setup()
    from mingzheng.city.models import Unit

    units = list(Unit.objects.order_by("path"))
    if arguments.as_json:
        rows = [
            {
                "code": unit.code,
                "name": unit.name,
                "tier": unit.tier,
                "org_code": unit.org_code,
                "path": unit.path,
            }
            for unit in units
        ]
        write(json.dumps({"units": rows}, ensure_ascii=False, indent=2))
    else:
        write_table([("代码", "层级", "名称"), *((u.code, u.get_tier_display(), u.name) for u in units)])
    return DONE


def run_audit_verify(arguments: argparse.Namespace) -> int:
    """Verify the whole chain; 1 when it is broken anywhere."""
    django.setup()
    from mingzheng.city import audit
    from mingzheng.city.models import AuditEntry

    breaks = list(audit.verify())
    entries = AuditEntry.objects.count()
    if arguments.as_json:
        found = [{"entry": each.entry_id, "message": each.message} for each in breaks]
        write(json.dumps({"entries": entries, "breaks": found}, ensure_ascii=False, indent=2))
    else:
        for each in breaks:
            write(each.message)
        write(
            f"共{entries}条审计记录，{'链条完整，未被改动' if not breaks else f'发现{len(breaks)}处问题'}。"
        )
    return FINDINGS if breaks else DONE
