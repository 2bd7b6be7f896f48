"""The flow of requests in one sentence: new + carried in = closed + carried out.

The identity is printed in table three of 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号; sentences repeat it:
``新收到1182件,办理1187件(含上年结转57件,另有52件顺延)``.
"""

from __future__ import annotations

import re
from decimal import Decimal

from mingzheng.measure.reportcheck import facts
from mingzheng.measure.reportcheck.facts import Facts
from mingzheng.measure.reportcheck.lists import Clauses
from mingzheng.measure.reportcheck.model import SUM, Confirmation, Finding, Level, Result
from mingzheng.measure.reportcheck.quantities import shown

# In the order in which they are tried: 结转 with last year is carried in, with next year carried out.
_STAGES = (
    (
        "in",
        re.compile(
            r"(?:上一?年度?|20\d\d年度?)(?:度|的)*(?:申请)?(?:结转|转入|转来)|结转自?上|上年结转|结转到?本年"
        ),
    ),
    (
        "out",
        re.compile(
            r"(?:结转|转|顺延|延续|延期)(?:至|到|入)?(?:下|次|20\d\d)|结转下|下一?年度?(?:继续)?(?:办理|答复)|尚?在办理(?:之?中)|正在办理"
        ),
    ),
    ("new", re.compile(r"(?:新收|收到|接收|接到|受理|收办)")),
    ("done", re.compile(r"办结|办理|答复|办毕|完成答复")),
)
_OTHER = re.compile(r"复议|诉讼|信访|投诉|留言|热线|咨询|建议|提案|来信")


def check_flow(clauses: Clauses, found: Facts) -> Result:
    """Confirms or refutes the flow in each sentence that gives what came in and where all of it went."""
    result = Result()
    stages: dict[str, int] = {}
    for index, quantity in enumerate(clauses.quantities):
        if index and re.search("[。!?]", clauses.gap(index)):
            _judge(clauses, stages, found, result)
            stages = {}
        if (
            quantity.unit not in ("件", "条", "份", "个")
            or not quantity.is_exact
            or (not clauses.countable(index) and "结转" not in quantity.label)
        ):
            continue
        words = quantity.label + "|" + quantity.tail
        stage = _stage(quantity.label, quantity.tail)
        if stage and not _OTHER.search(words):
            stages.setdefault(stage, index)
    _judge(clauses, stages, found, result)
    return result


def _stage(label: str, tail: str) -> str | None:
    """Which stage a figure is; the words before it decide, or those after it when there are none before."""
    for words in (label, tail):
        for name, pattern in _STAGES:
            if pattern.search(words):
                return name
    return None


def _may_include(clauses: Clauses, stages: dict[str, int]) -> bool:
    """Whether the figure of requests received may hold those carried in: it says so, or names none apart."""
    if "in" not in stages:
        return True
    carried = clauses.quantities[stages["in"]]
    return carried.depth > 0 or bool(re.search("含|其中|包括", carried.label + clauses.gap(stages["in"])))


def _judge(clauses: Clauses, stages: dict[str, int], found: Facts, result: Result) -> None:
    if not {"new", "done", "out"} <= set(stages):
        return
    figures = {name: clauses.quantities[index] for name, index in stages.items()}
    if len({figure.unit for figure in figures.values()}) > 1:
        return
    carried = figures["in"].value if "in" in figures else Decimal(found.value(facts.CARRIED_IN) or 0)
    left, right = figures["new"].value + carried, figures["done"].value + figures["out"].value
    start = min(figure.start for figure in figures.values())
    end = max(figure.end for figure in figures.values())
    where = clauses.passage.place(start), clauses.passage.quote(start, end)
    claim = (
        f"收到{shown(figures['new'].value)}+上年结转{shown(carried)}"
        f"=办结{shown(figures['done'].value)}+结转下年{shown(figures['out'].value)}"
    )
    working = f"{shown(figures['new'].value)}+{shown(carried)}={shown(left)}；{shown(figures['done'].value)}+{shown(figures['out'].value)}={shown(right)}"
    if left == right or (figures["new"].value == right and _may_include(clauses, stages)):
        result.confirmed.append(Confirmation(SUM, *where, claim, working))
        return
    known = "in" in figures or found.value(facts.CARRIED_IN) is not None
    if right > left and not known:
        message = "办结数与结转下年数之和大于收到数；如有上年结转，应当写明。"
    elif known:
        message = "收到数加上年结转数应等于办结数加结转下年数。"
    else:
        message = f"收到的申请中有{shown(left - right)}件没有说明去向。"
    level: Level = "error" if known else "warning"
    result.findings.append(Finding(level, SUM, *where, claim, working, message))
