"""The one console script, ``mingzheng``: each room adds its own subcommands.

Exit status is a contract that scripts rely on: 0 done, 1 findings of level error, 2 cannot do.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import re
import sys
import traceback
from typing import Any, NoReturn

from mingzheng import __version__
from mingzheng.law.errors import Refusal

DONE, FINDINGS, CANNOT = 0, 1, 2

# Each module adds its commands to the parser; it imports Django only when one of them runs.
COMMAND_MODULES = (
    "mingzheng.law.commands",
    "mingzheng.city.commands",
    "mingzheng.publish.commands",
    "mingzheng.publish.import_command",
    "mingzheng.publish.scan_command",
    "mingzheng.measure.command",
    "mingzheng.measure.reportcheck.command",
    "mingzheng.measure.sitecheck.command",
    "mingzheng.portal.command",
    "mingzheng.portal.webserver.command",
    "mingzheng.portal.targets.command",
    "mingzheng.demo.command",
)

# What argparse says, and how we say it.
_COMPLAINTS = (
    (re.compile(r"argument 命令: invalid choice: '(.*?)' .*"), r"没有“\1”这个命令"),
    (re.compile(r"argument (.+?): invalid choice: '(.*?)' \(choose from (.*)\)"), r"\1不能是“\2”，可用：\3"),
    (re.compile(r"argument (.+?): expected .*"), r"\1后面缺少内容"),
    (re.compile(r"argument (.+?): invalid \w+ value: '(.*)'"), r"\1的内容“\2”有误"),
    (re.compile(r"argument (.+?): not allowed with argument (.+)"), r"\1与\2不能同时使用"),
    (re.compile(r"the following arguments are required: (.+)"), r"缺少必填的参数\1"),
    (re.compile(r"one of the arguments (.+) is required"), r"须填写其中一项：\1"),
    (re.compile(r"unrecognized arguments: (.+)"), r"没有“\1”这个选项"),
    (re.compile(r"argument (.+?): ignored explicit argument '(.*)'"), r"\1不接受内容“\2”"),
    (re.compile(r"ambiguous option: (\S+) .*"), r"选项\1有多种可能，请写全"),
)


_FILE_TROUBLES = {
    errno.ENOENT: "没有这个文件",
    errno.EACCES: "没有读写权限",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘已满",
}


class _ChineseHelp(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class ChineseParser(argparse.ArgumentParser):
    """An argument parser that explains itself in Chinese; its refusals are one sentence and exit with status 2."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", _ChineseHelp)
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def error(self, message: str) -> NoReturn:
        for pattern, sentence in _COMPLAINTS:
            message = pattern.sub(sentence, message)
        self.exit(CANNOT, f"参数有误：{message}。用法见 {self.prog} --help\n")


def build_parser() -> argparse.ArgumentParser:
    parser = ChineseParser(prog="mingzheng", description="明政：政务公开一体化系统")
    parser.add_argument("--version", action="version", version=__version__, help="显示版本号")
    commands = parser.add_subparsers(dest="command", metavar="命令", required=True)
    for name in COMMAND_MODULES:
        importlib.import_module(name).register(commands)
    return parser


def main(argv: list[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingzheng.settings")
    arguments = build_parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or DONE)
    except Refusal as refusal:
        print(refusal.sentence, file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away; there is nobody to tell
        return DONE
    except KeyboardInterrupt:
        print("已中断；再次运行会接着做完，不会重复。", file=sys.stderr)
    except Exception as error:
        if os.environ.get("MINGZHENG_DEBUG") == "1":
            raise
        print(_sentence_of(error), file=sys.stderr)
    return CANNOT


def _sentence_of(error: Exception) -> str:
    """A fault in one sentence; its trace goes to a file for those who mend it."""
    text = str(error)
    if any(sign in text for sign in ("no such table", "no such column", "UndefinedTable", "does not exist")):
        return "数据库尚未建立或版本过旧，请先运行 mingzheng migrate。"
    if "database is locked" in text:
        return "数据库正被另一个任务写入，请稍后再试。"
    if type(error).__name__ == "OperationalError":
        return f"无法使用数据库，请检查 MINGZHENG_DATABASE 的设置（{text.splitlines()[0]}）。"
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "端口已被占用，请用 --port 换一个端口。"
    if isinstance(error, OSError) and error.filename:
        return f"无法读写“{error.filename}”：{_FILE_TROUBLES.get(error.errno or 0, '读写失败')}。"
    from mingzheng.settings import HOME

    trace = HOME / "errors.log"
    with trace.open("a", encoding="utf-8") as log:
        traceback.print_exception(error, file=log)
    return f"程序出错，任务没有完成；详情已记入“{trace}”，请交系统维护人员处理。"


if __name__ == "__main__":
    sys.exit(main())
