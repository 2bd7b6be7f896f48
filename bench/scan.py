"""The checks of a text of 1 MB, against one bare pass over it: ``str.translate`` and a search for digits."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator

SIZE = 1_000_000  # bytes of UTF-8
GOAL = 0.3  # seconds
ROUNDS = 3
_LAW = (
    "第{0}条　行政机关公开政府信息，应当坚持以公开为常态、不公开为例外，遵循公正、公平、合法、便民的原则。"
    "各级人民政府应当加强对政府信息公开工作的组织领导，自收到申请之日起{0}个工作日内予以答复。\n"
)


def texts() -> dict[str, str]:
    """Texts that strain the patterns in different ways, each of about ``SIZE`` bytes."""
    dice = random.Random(20180312)
    hanzi = [chr(code) for code in range(0x4E00, 0x9FA6)]
    rows = (f"{dice.randrange(10**9)} {dice.randrange(10**5)}-{dice.randrange(10**13)} " for _ in range(SIZE))
    towns = (
        dice.choice(["大通区洛河镇", "孔店乡", "镇乡镇", f"民生路{dice.randrange(99)}号", "街道3组"])
        for _ in range(SIZE)
    )
    return {
        "dense random characters": "".join(dice.choices(hanzi, k=SIZE // 3)),
        "law text": "".join(_LAW.format(number) for number in range(SIZE // 300)),
        "numbers of all lengths": _filled(rows),
        "one number": "6" * SIZE,
        "single digits apart": "1 3 8 0 " * (SIZE // 8),
        "towns and house numbers": _filled(towns),
        "letters before one @": "a.b-" * (SIZE // 4) + "@",
    }


def _filled(pieces: Iterator[str]) -> str:
    text, size = [], 0
    for piece in pieces:
        text.append(piece)
        size += len(piece.encode())
        if size >= SIZE:
            break
    return "".join(text)


def main() -> None:
    from mingzheng.publish.checks.services import check_text

    digits, table = re.compile("[0-9]+"), str.maketrans("０１２３４５６７８９", "0123456789")
    slowest = 0.0
    for name, text in texts().items():
        anchor = _best(lambda text=text: sum(1 for _ in digits.finditer(text.translate(table))))
        seconds = _best(lambda text=text: check_text(text, "正文"))
        slowest = max(slowest, seconds)
        print(
            f"{name}: {seconds * 1000:.0f} ms, {seconds / anchor:.1f}x one bare pass ({anchor * 1000:.0f} ms)"
        )
    print(f"slowest text of 1 MB: {slowest * 1000:.0f} ms (goal: under {GOAL * 1000:.0f} ms)")


def _best(work: Callable[[], object]) -> float:
    """The best time of some rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    main()
