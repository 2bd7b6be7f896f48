"""Finds lists of parts in running text: a total, words that open a list, and the figures that follow.

The end of a list is seldom marked. ``parts`` is what the words certainly make part of it; ``reach`` is how far it
might go. A list is confirmed by any reading; it is held to be false only when no reading makes it true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from mingzheng.measure.reportcheck.passages import Passage
from mingzheng.measure.reportcheck.quantities import find_quantities

_OPENER = re.compile(
    r"(?:(?<=[。;,:])|^)(?:从|按照?|依)[^,。;:]{1,12}?(?:看|分|统计|分类|构成|渠道|类型|类别|方式|形式|情况|结果)[,:]"
    r"|(?:主要)?(?:其\d?中|包括|包含|涵盖|分别为|分别是|分别|分为|由)(?:主要)?|主要(?:有|是|类别|为)|(?:如下|类别有|有|为|是)?[::]|含"
)
_FIRST_OF = re.compile(r"^[^,;。:()]{0,14}(?:中|里)(?=,|[^,;。:()])")  # 28件中…, 425条政府信息中,…
_BREAK = re.compile(
    r"另外|此外|另有|另(?!行)|同时|截至|截止|累计|合计|共计|总计|总共|全年共|其中.*其中|办结率|与此|今年以来|下一步|联合"
)
_STEP = re.compile(
    r"^(?:全年|年内|共|已|均|并|还|全部|及时|累计|总计)*"
    r"(?:答复|办结|受理|收到|接收|接到|办理|召开|开展|举办|组织|印发|回复|访问|阅读|点击|关注|转发|浏览|培训|发布|拥有|新建|开设|建成|参加|制作|编制|处置|回应)"
)
_CHANGE = re.compile(
    r"(?:比|较|同比|环比).{0,12}(?:增|减|升|降|提高|多|少)|^(?:增加|减少|增长|下降|上升|同比)|上年度?(?:为|是)?$|去年同期"
)
_SENTENCE_END = re.compile(r"[。!?]")
_RECORDS = ("条", "件", "篇", "份")  # units in which pieces of information are counted
MOST_CANDIDATES = 6
LONGEST_LEAD = 40  # characters between a total and the words that open its list
LONGEST_LABEL = 60  # characters between those words and the first figure


@dataclass
class PartList:
    """A list of parts that begins at quantity ``first``."""

    first: int
    opener: str  # the words that open it; "" when it only follows the total
    totals: list[int]  # candidate totals, likeliest first
    parts: list[int] = field(default_factory=list)
    reach: list[int] = field(default_factory=list)
    total: int | None = None  # the total it was confirmed for
    confirmed: list[int] = field(default_factory=list)


class Clauses:
    """The quantities of one passage and the text between them."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.text = passage.text
        self.quantities = find_quantities(passage.text)

    def gap(self, index: int) -> str:
        """The text between a quantity and the one before it."""
        start = self.quantities[index - 1].end if index else 0
        return self.text[start : self.quantities[index].start]

    def between(self, left: int, right: int) -> str:
        return self.text[self.quantities[left].end : self.quantities[right].start]

    def after(self, index: int) -> str:
        end = self.quantities[index + 1].start if index + 1 < len(self.quantities) else len(self.text)
        return self.text[self.quantities[index].end : end]

    def countable(self, index: int) -> bool:
        """Whether a quantity counts things of this year (no rate, no change against last year)."""
        quantity = self.quantities[index]
        if quantity.is_rate:
            return False
        clause = re.split(r"[。;,:()]", self.gap(index))[-1]
        return not _CHANGE.search(clause)


def find_lists(clauses: Clauses) -> list[PartList]:
    """All lists that words open, and runs of figures that may be parts of the figure before them."""
    found: list[PartList] = []
    for first in range(1, len(clauses.quantities)):
        if not clauses.countable(first):
            continue
        opener = _opener(clauses, first)
        totals = _totals(clauses, first, opener)
        if not totals:
            continue
        made = PartList(first, opener, totals)
        _walk(clauses, made)
        found.append(made)
    return found


def _opener(clauses: Clauses, first: int) -> str:
    """The words that open a list before quantity ``first``, or "" when there are none."""
    gap = _without_brackets(clauses.gap(first))
    before, here = clauses.quantities[first - 1], clauses.quantities[first]
    if here.depth > before.depth and "(" in gap and len(gap.split("(")[0]) <= 16:
        return "(" + "".join(_OPENER.findall(gap.rpartition("(")[2])[:1])
    openers = list(_OPENER.finditer(gap))
    if openers:
        word = openers[-1]
        lead, rest = gap[: word.start()], gap[word.end() :]
        if len(lead) > LONGEST_LEAD or len(rest) > LONGEST_LABEL or "《" in rest:
            return ""
        # words such as 为/由/含 inside a label open nothing
        if word.group() in ("由", "含", "分别") and not re.search(r"[,;。(]$", lead):
            return ""
        if len(_SENTENCE_END.findall(lead)) <= 1 and not re.search(r"[。!?].{3,}", lead):
            return word.group()
        return ""
    if _FIRST_OF.match(gap) and len(gap) <= 60:
        return "中"
    return ""


def _without_brackets(text: str) -> str:
    return re.sub(r"\([^()]*\)", "", text)


def ends_clause(clauses: Clauses, made: PartList, last: int) -> bool:
    """Whether ``last`` is the last figure of the list, or the last before a stronger mark than a comma."""
    rest = [item for item in made.reach if item > last]
    return not rest or bool(re.search("[。;!?]", clauses.between(last, rest[0])))


def _totals(clauses: Clauses, first: int, opener: str) -> list[int]:
    """Quantities before the list that count the same thing, nearest first."""
    here = clauses.quantities[first]
    found: list[int] = []
    for index in range(first - 1, -1, -1):
        quantity = clauses.quantities[index]
        crossed = len(_SENTENCE_END.findall(clauses.between(index, first)))
        if crossed > (2 if opener else 0) or len(found) >= (MOST_CANDIDATES if opener else 1):
            break
        if quantity.depth > here.depth or not clauses.countable(index) or not quantity.counts_like(here):
            continue
        if not quantity.unit and not here.unit:
            continue
        found.append(index)
    before = clauses.quantities[first - 1]
    if (
        not found
        and "其中" in opener
        and before.unit in _RECORDS
        and here.unit in _RECORDS
        and clauses.countable(first - 1)
    ):
        found.append(first - 1)  # 公文155件,其中政策类33条
    return found


def _walk(clauses: Clauses, made: PartList) -> None:
    """Fills in ``parts`` and ``reach``."""
    quantities = clauses.quantities
    depth = quantities[made.first].depth
    certain = True
    sentences = 0
    previous = made.first
    first_label = quantities[made.first].label
    for index in range(made.first, len(quantities)):
        quantity = quantities[index]
        if quantity.depth > depth:
            continue
        gap = clauses.between(previous, index) if index > made.first else ""
        if quantity.depth < depth or (depth and ")" in _without_brackets(gap)):
            break
        if not clauses.countable(index) or not quantity.counts_like(quantities[made.first]):
            continue
        if index > made.first:
            ends = len(_SENTENCE_END.findall(gap))
            sentences += ends
            if sentences > 2:
                break
            label = _leading_words(quantity.label)
            if ends and not _share_continues(clauses, previous, index):
                certain = False
            if _BREAK.search(_without_brackets(gap)) or (_STEP.match(label) and label[:2] not in first_label):
                certain = False
            if re.search("其中|包括|分别", gap) or _stronger_mark(clauses, made, previous, index):
                certain = False
        made.reach.append(index)
        if certain:
            made.parts.append(index)
        previous = index


def _stronger_mark(clauses: Clauses, made: PartList, previous: int, index: int) -> bool:
    """Whether a semicolon sets ``index`` off from parts that had commas, or before a list of its own."""
    if ";" not in clauses.between(previous, index):
        return False
    earlier = [clauses.between(left, right) for left, right in pairwise(made.parts)]
    own_list = re.match(r"[^,。;]{0,12},其中", clauses.after(index))
    return bool(own_list) or any(";" not in gap for gap in earlier)


def _leading_words(label: str) -> str:
    return re.sub(r"^\d{4}年(?:度)?", "", label)


def _share_continues(clauses: Clauses, previous: int, index: int) -> bool:
    """Whether a list goes on after a full stop: ``…1397条,占73%。各乡镇…534条,占27%。``"""

    def has_share(at: int) -> bool:
        return (
            at + 1 < len(clauses.quantities)
            and clauses.quantities[at + 1].unit == "%"
            and "占" in clauses.gap(at + 1)
        )

    return has_share(previous) and has_share(index)


def prefix_that_sums(clauses: Clauses, made: PartList, total: int, spans: dict[int, int]) -> list[int]:
    """The shortest run of at least two parts from the first on that makes up ``total``, or nothing.

    ``spans`` gives for a quantity the last index of its own confirmed list, which may be stepped over.
    """
    aim = clauses.quantities[total]

    def search(position: int, chosen: list[int], rest: Decimal, slack: Decimal) -> list[int]:
        if position >= len(made.reach):
            return []
        index = made.reach[position]
        quantity = clauses.quantities[index]
        rest -= quantity.value
        slack += quantity.half_width
        chosen = [*chosen, index]
        if len(chosen) >= 2 and abs(rest) <= slack:
            return chosen
        if rest < -slack:
            return []
        follow = [position + 1]
        if index in spans:
            beyond = next((at for at, item in enumerate(made.reach) if item > spans[index]), len(made.reach))
            follow.insert(0, beyond)
        for option in follow:
            if result := search(option, chosen, rest, slack):
                return result
        return []

    return search(0, [], aim.value, aim.half_width)
