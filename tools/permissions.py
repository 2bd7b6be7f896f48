"""Writes docs/permissions.md from the permission table and the doors: ``.venv/bin/python tools/permissions.py``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

TARGET = Path(__file__).parents[1] / "docs" / "permissions.md"


def page() -> str:
    """The tables as Markdown."""
    from django.urls import URLPattern, URLResolver, get_resolver

    from mingzheng.city.models import Role
    from mingzheng.city.permissions import CENTRAL, DELEGABLE, PERMISSIONS
    from mingzheng.office import doors

    routes: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver], prefix: str, spaces: list[str]) -> None:
        for each in patterns:
            route = prefix + str(each.pattern)
            if isinstance(each, URLResolver):
                walk(each.url_patterns, route, [*spaces, each.namespace] if each.namespace else spaces)
            elif route.startswith("/office/"):
                routes.setdefault(":".join([*spaces, each.name or ""]), route)

    walk(get_resolver().url_patterns, "/", [])
    lines = [
        "# Permissions",
        "",
        "Written by `tools/permissions.py` from `city/permissions.py` and `office/doors.py`; a test keeps it fresh, and",
        "`tests/office/test_every_address.py` walks every address with every role in its own, a lower and a foreign unit.",
        "",
        "## 谁可以做什么",
        "",
        f"“{'、'.join(Role(role).label for role in Role.values if role in CENTRAL)}”的授权含全部下级单位；其他角色只在本单位有效，"
        "勾选“含下级单位”的除外（如县区的协调员）。",
        f"{'、'.join(Role(role).label for role in Role.values if role in DELEGABLE)}可以在外出期间委托同事代为审核。",
        "",
        f"| 事项 | {' | '.join(role.label for role in Role)} |",
        f"|---|{':-:|' * len(Role)}",
    ]
    for name, roles in PERMISSIONS.values():
        marks = " | ".join("●" if role in roles else "" for role in Role)
        lines.append(f"| {name} | {marks} |")
    lines += ["", "## 每个地址由谁打开", "", "没有列在这里的地址（包括Wagtail自带的页面、图片、文件、用户、流程、报表等），任何人打开都是404。", "",
              "| 地址 | 事项 | 范围 |", "|---|---|---|"]  # fmt: skip
    for table, scope in ((doors.ANYWHERE, "本人有权的各单位"), (doors.ON_MANUSCRIPT, "稿件所在单位"), (doors.ON_ITEM, "信息所在单位"), (doors.ON_SITE, "网站的主办单位")):  # fmt: skip
        for name, verb in table.items():
            if name in routes:
                shown = routes[name].replace("|", "\\|")
                lines.append(f"| `{shown}` | {PERMISSIONS[verb][0]} | {scope} |")
    frame = "、".join(f"`{routes[name]}`" for name in sorted(doors.FRAME) if name in routes)
    lines += ["", f"登录且今天有任何一种角色即可打开：{frame}。"]
    closed = [
        name
        for name in routes
        if name not in {*doors.ANYWHERE, *doors.ON_MANUSCRIPT, *doors.ON_ITEM, *doors.FRAME}
    ]
    lines += ["", f"后台共有{len(routes)}个地址，其中{len(routes) - len(closed)}个按上表打开，其余{len(closed)}个只有登录页面可以不登录打开，或者一律关闭。", ""]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingzheng.settings")
    django.setup()
    TARGET.write_text(page(), "utf-8")
    sys.stdout.write(f"{TARGET.name}\n")
