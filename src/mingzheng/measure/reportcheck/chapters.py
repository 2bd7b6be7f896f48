"""What the chapters of a report for 2019 on must say (国办公开办函〔2021〕30号; 国办函〔2020〕109号).

R08: where requests lapsed because a fee was not paid, chapter six reports the processing fees. R12: chapter five has
something to say.
"""

from __future__ import annotations

import re

from mingzheng.measure.reportcheck import facts
from mingzheng.measure.reportcheck.facts import Facts
from mingzheng.measure.reportcheck.fulltext import FullText, loosely
from mingzheng.measure.reportcheck.model import MISSING, Finding, Result

_FIVE = re.compile(loosely("五、存在") + r"[^\n。]{0,30}")
_SIX = re.compile(loosely("六、其他"))
SHORTEST_CHAPTER = 20  # characters


def check_chapters(full: FullText, found: Facts) -> Result:
    result = Result()
    unpaid = found.by_name.get(facts.FEES_UNPAID)
    if unpaid and unpaid.value and "处理费" not in re.sub(r"\s", "", full.text):
        message = "有申请因逾期未缴费而不再处理，第六部分应当报告信息处理费收取情况（R08）。"
        quote = f"逾期未按收费通知要求缴纳费用：{unpaid.value}件"
        result.findings.append(
            Finding("warning", MISSING, unpaid.place, quote, "未提信息处理费", "", message)
        )
    for head in _FIVE.finditer(full.text):
        following = _SIX.search(full.text, head.end())
        if following is None:
            continue
        body = re.sub(r"\W|\d", "", full.text[head.end() : following.start()])
        if len(body) < SHORTEST_CHAPTER and "略" not in body:
            quote = full.written(head.start(), following.start())
            message = "第五部分“存在的主要问题及改进情况”没有实际内容（R12）。"
            result.findings.append(
                Finding("warning", MISSING, full.place(head.start()), quote, "第五部分内容空缺", "", message)
            )
    return result
