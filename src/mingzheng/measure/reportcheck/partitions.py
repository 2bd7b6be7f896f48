"""When a list of parts says that it is complete: by its words, or because the law divides the whole that way.

A list that does not say so is never held against its total when it falls short.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Divisions that leave nothing over. Each row: members that must all be there, members that may be there too.
# Sources: the Regulation on open government information, art. 13 and 27 (disclosed on initiative, on request, or
# not), art. 27 (citizens, legal persons and other organisations), art. 40 (by due date or extended); the outcome,
# review and litigation columns of 国办公开办函〔2021〕30号; the sheet of 国办发〔2014〕32号.
_DIVISIONS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("^(?!.*不予)(?!.*依申请).*主动公开", "依申请公开", "不予公开|不公开"), ()),
    (("自然人|公民|个人", "法人|组织|企业"), ()),
    (
        (
            "予以公开|同意公开|(?<!部分)公开",
            "不予公开|不同意公开",
            "无法提供|不存在|不掌握",
            "不予处理",
            "其他处理|其它处理|其他",
        ),
        ("部分公开", "结转|转下年"),
    ),
    (("维持", "纠正|纠错|撤销", "其他|其它", "未审结|未结|审理中"), ()),
    (("未经复议", "复议后"), ()),
    (("按时|按期", "延期"), ()),
    (("专职", "兼职"), ()),
    (("线上", "线下"), ()),
    (("转载", "本级|原创|自主|自行"), ()),
    (
        ("^(?:县|市|区)[^乡镇]{0,8}(?:直|级|部门|单位)|市本级|区本级|县本级", "乡镇|镇街|镇\\(|街道"),
        ("县区",),
    ),
)
_REST = re.compile(r"其他|其它|其余|剩余")
_OPEN = re.compile(r"等[^级待次同]{0,10}$|等$|主要|重点|例如|诸如|部分如")
_CHANNEL = re.compile(
    r"网站|微信|微博|公众号|公报|报纸|广播|电视|新媒体|客户端|公示栏|公开栏|查阅|平台|渠道|抖音|网络媒体|APP"
)
_OVERLAP = re.compile(
    r"同时在|同时通过|重复计|有重复|重复发布|多渠道|多个渠道|两个渠道|同步|均通过|兼顾|交叉"
)


def divides_whole(labels: Sequence[str]) -> bool:
    """Whether the parts so labelled are all the parts there can be, each once."""
    for required, optional in _DIVISIONS:
        members = [*required, *optional]
        hits = [_member(label, members) for label in labels]
        if None in hits or len(set(hits)) != len(hits):
            continue
        if set(range(len(required))) <= set(hits):
            return True
    return False


def _member(label: str, members: Sequence[str]) -> int | None:
    """Which member a label names; the last that fits, for later members are narrower."""
    fits = [position for position, pattern in enumerate(members) if re.search(pattern, label)]
    return fits[-1] if fits else None


def has_rest(labels: Sequence[str]) -> bool:
    """Whether the last part is ``其他``: what is left over, so that nothing else is."""
    return (
        bool(labels)
        and bool(_REST.search(labels[-1]))
        and not re.search("其他方式|其它方式|其他渠道", labels[-1])
    )


def is_open(opener: str, labels: Sequence[str], after: str) -> bool:
    """Whether the words say that only some of the parts are listed (主要, 等)."""
    if re.search("主要|重点|涉及|含$|其中仅", opener):
        return True
    return bool(re.match(r"等|余", after)) or any(_OPEN.search(label) for label in labels)


_FORM = re.compile("图解|图片|图文|文字|图表|视频|动画|动漫|音频|H5|长图|专家|媒体|负责人|问答|访谈|发布会")


def are_channels(labels: Sequence[str]) -> bool:
    """Whether the parts are channels, or forms of interpretation; one item may appear in more than one."""
    return any(
        sum(1 for label in labels if pattern.search(label)) >= max(2, len(labels) - 1)
        for pattern in (_CHANNEL, _FORM)
    )


_CARRIED = re.compile(r"结转|转下年|顺延|正在办理|在办")


def is_carried(label: str) -> bool:
    """Whether a figure counts requests that have no outcome yet."""
    return bool(_CARRIED.search(label))


_OUTCOME = re.compile(r"公开|不掌握|无法提供|不存在|不予|处理|补正|撤回|受理范围|非本机关|不属于|结转|转下年")


def are_outcomes(labels: Sequence[str]) -> bool:
    """Whether the parts are ways in which requests ended."""
    return all(_OUTCOME.search(label) for label in labels)


def may_overlap(text: str) -> bool:
    return bool(_OVERLAP.search(text))
