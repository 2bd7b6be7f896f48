"""Fills the slots of a text: who speaks, of what, when; words, sentences of the field, tables and their sums."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from mingzheng.demo.structure import UnitSpec
from mingzheng.demo.tables import make_table
from mingzheng.demo.texts import About, Slots
from mingzheng.demo.words import domains, lists, voice

# The field's own lists, by the slots that draw from them.
_REGULATION = {
    "label_permits": "permits",
    "label_offences": "offences",
    "label_posts": "posts",
}
_QUARTERS = "一二三四"
# Slots that are a word of a list under another name.
_WORDS = {
    "person": "persons", "person2": "persons", "company": "companies", "builder": "builders", "job": "titles", "job2": "titles",
    "interpreter": "persons",
}  # fmt: skip


def slots_for(
    unit: UnitSpec, column: str, domain: str, day: date, lag: bool, rng: Random, given: dict[str, Any]
) -> Slots:
    """The slots of a text of that unit. With ``lag`` it speaks of the month before its day."""
    own = voice(unit)
    about = About(unit, column, domain, domains()[domain], own, day, lag)
    told = about.told
    fixed = {
        "unit": unit.name, "area": unit.area, "gov": unit.gov, "word": unit.word, "phone": unit.phone,
        "address": unit.address, "city": "示范市", "head": own.head, "superior": own.superior, "here": own.here,
        "issuer": own.office, "doc_word": unit.word + ("政" if unit.kind == "g" else ""), "council": own.here[1:] + "政府", "places_list": own.places_list, "domain": about.field.name,
        "year": told.year, "last_year": told.year - 1, "month": told.month, "date": _shown(day),
    }  # fmt: skip
    return Slots(rng, about, _make, fixed | given)


def _shown(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _make(slots: Slots, name: str) -> Any:
    maker = _MAKERS.get(name)
    if maker is not None:
        return maker(slots)
    own = slots.about.field.words.get(_REGULATION.get(name, name))
    if own:
        return own if name.startswith("label_") else slots.rng.choice(own)
    words = lists().get(_WORDS.get(name, name))
    if words is not None:
        return slots.rng.choice(words)
    if name.startswith(("t_", "sum_")):
        table = name.partition("_")[2]
        slots["t_" + table], slots["sum_" + table] = make_table(table, slots)
        return slots[name]
    if name.startswith("label_"):
        return lists()[name.removeprefix("label_")]
    raise KeyError(name)


def _topic(slots: Slots) -> str:
    return slots.rng.choice(slots.about.field.topics)


def _topic2(slots: Slots) -> str:
    """Another topic of the field than the first."""
    return slots.rng.choice([topic for topic in slots.about.field.topics if topic != slots["topic"]])


def _act(number: int) -> Any:
    def make(slots: Slots) -> str:
        chosen = slots.rng.sample(slots.about.field.acts, 4)
        slots.update({f"act{i}": act for i, act in enumerate(chosen, start=1)})
        return chosen[number - 1]

    return make


def _result(number: int) -> Any:
    def make(slots: Slots) -> str:
        chosen = [text.format_map(slots) for text in slots.rng.sample(slots.about.field.results, 3)]
        slots.update({f"result{i}": text for i, text in enumerate(chosen, start=1)})
        return chosen[number - 1]

    return make


def _soon(slots: Slots) -> str:
    day = slots.about.day + timedelta(days=slots.rng.randint(7, 18))
    if day.weekday() > 4:
        day += timedelta(days=2)
    return _shown(day)


def _quarter_of(slots: Slots) -> str:
    """The quarter of the day, or with a lag the last one that had ended then."""
    day = slots.about.day
    quarter = (day.month - 1) // 3 + (0 if slots.about.lag else 1)
    return f"{day.year}年第{quarter}季度" if quarter else f"{day.year - 1}年第4季度"


def _summary_period(slots: Slots) -> str:
    day = slots.about.day
    return f"{day.year}年上半年" if day.month > 6 else f"{day.year - 1}年"


def _to_month(slots: Slots) -> str:
    told = slots.about.told
    return f"{told.year}年1月" if told.month == 1 else f"{told.year}年1—{told.month}月"


def _meeting(slots: Slots) -> int:
    """The serial number of an executive meeting held about now, some seventeen a year."""
    return max(1, slots.about.day.timetuple().tm_yday * 46 // 1000)


def _warning(slots: Slots) -> str:
    """A weather warning of the season."""
    month = slots.about.day.month
    season = "winter" if month in (11, 12, 1, 2) else "summer" if 5 <= month <= 9 else "mild"
    return slots.rng.choice(lists()["warnings_" + season])


def _hearing_matter(slots: Slots) -> str:
    """What a hearing is about: a city's common matters, or a department's own."""
    if slots.about.unit.kind == "g":
        return slots.rng.choice(lists()["hearings"])
    return f"{slots['topic']}方案"


def _leaders(slots: Slots) -> list[str]:
    own = slots.about.voice
    return [f"{head[-3:]}:{head[:-3]}" for head in own.deputies]


def _regions(slots: Slots) -> list[str]:
    """What a debt table lists: the government itself and those next below it."""
    return ["本级", *slots.about.voice.places[:4]]


def _hot_matter(slots: Slots) -> str:
    """What people ask about: anything of a government, its own work of a department."""
    own = slots.about.field.words.get("matters")
    if not own and slots.about.unit.kind != "g":
        return str(slots["topic"])
    return slots.rng.choice(own or lists()["hot_matters"])


def _works(slots: Slots) -> bool:
    """Whether works are bought: in the columns of construction projects; goods and services elsewhere."""
    return slots.about.column.startswith(("XM", "GG0205"))


def _subject(slots: Slots) -> str:
    return slots.rng.choice(lists()["projects" if _works(slots) else "goods"])


def _bidders(slots: Slots) -> list[str]:
    return lists()["builders" if _works(slots) else "companies"]


_MAKERS = {
    "topic": _topic, "topic2": _topic2,
    **{f"act{i}": _act(i) for i in range(1, 5)},
    **{f"result{i}": _result(i) for i in range(1, 4)},
    "soon": _soon, "quarter_of": _quarter_of, "to_month": _to_month, "issue_meeting": _meeting,
    "summary_period": _summary_period,
    "subject": _subject, "hot_matters": _hot_matter, "warnings": _warning, "hearing_matters": _hearing_matter,
    "quarter_name": lambda slots: _QUARTERS[(slots.about.day.month - 1) // 3],
    "so_far": lambda slots: "今年以来" if slots.about.day.month > 2 else "近一段时间以来",
    "deputy": lambda slots: slots.rng.choice(slots.about.voice.deputies),
    "place": lambda slots: slots.rng.choice(slots.about.voice.places),
    "label_bidders": _bidders, "label_leaders": _leaders, "label_regions": _regions,
    "label_topics": lambda slots: slots.about.field.topics,
    "label_places": lambda slots: slots.about.voice.places,
    "label_villages": lambda slots: slots.about.voice.places if slots.about.voice.places[0].endswith("村") else lists()["villages"],
    "villages": lambda slots: slots.rng.choice(slots["label_villages"]),
}  # fmt: skip
