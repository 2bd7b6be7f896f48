"""``mingzheng docno``: read document numbers 发文字号 and print the spelling of GB/T 9704-2012."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from mingzheng.law.doc_numbers import EXACT, NORMALISED, REPAIRED, UNPARSED, DocNumber, parse_doc_numbers
from mingzheng.law.errors import Refusal

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_DONE, _FINDINGS = 0, 1
_WORST_LAST = (EXACT, NORMALISED, REPAIRED, UNPARSED)
_IN_CHINESE = {EXACT: "规范", NORMALISED: "已规范写法", REPAIRED: "已补全缺失内容", UNPARSED: "无法识别"}


def register(commands: Commands) -> None:
    """Add ``docno`` to the console script."""
    parser = commands.add_parser("docno", help="识别并规范发文字号", description=__doc__)
    parser.add_argument("texts", nargs="*", metavar="发文字号", help="要识别的文字；不写则逐行读取标准输入")
    parser.add_argument("--json", action="store_true", help="以JSON格式输出")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print each text's numbers; 1 when a text holds something that is not understood, else 0."""
    results = [_result(text) for text in arguments.texts or _lines()]
    if arguments.json:
        _print(json.dumps(results, ensure_ascii=False, indent=2))
    else:
        for result in results:
            _print_result(result)
    return _FINDINGS if any(result["status"] == UNPARSED for result in results) else _DONE


def _lines() -> list[str]:
    """Return the lines of standard input; blank lines hold no field and are left out."""
    try:
        return [line.rstrip("\r\n") for line in sys.stdin if line.strip()]
    except UnicodeDecodeError:
        raise Refusal("标准输入不是UTF-8编码的文字，无法读取，请转换编码后重试。") from None


def _result(text: str) -> dict[str, Any]:
    numbers = parse_doc_numbers(text)
    worst = max((number.status for number in numbers), key=_WORST_LAST.index, default=UNPARSED)
    return {"text": text, "numbers": [_fields(number) for number in numbers], "status": worst}


def _fields(number: DocNumber) -> dict[str, Any]:
    return {
        "normal": number.normal,
        "agency": number.agency,
        "year": number.year,
        "serial": number.serial,
        "form": number.form,
        "status": number.status,
        "repairs": [{"code": repair.code, "message": repair.message} for repair in number.repairs],
        "raw": number.raw,
    }


def _print_result(result: dict[str, Any]) -> None:
    if not result["numbers"]:
        _print(f"{result['text']}\t{_IN_CHINESE[UNPARSED]}\t内容为空")
    for number in result["numbers"]:
        reasons = "；".join(repair["message"] for repair in number["repairs"])
        shown = number["raw"] if number["status"] == UNPARSED else number["normal"]
        _print("\t".join(filter(None, (shown, _IN_CHINESE[number["status"]], reasons))))


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
