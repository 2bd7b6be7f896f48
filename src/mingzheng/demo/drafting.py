"""Writes the planned items as drafts, in the order of their publication, one at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from mingzheng.demo.apportion import apportion
from mingzheng.demo.plan import ATTENDANCE, Plan, make_plan
from mingzheng.demo.schedule import Event, schedule
from mingzheng.demo.slots import slots_for
from mingzheng.demo.structure import UnitSpec, units
from mingzheng.demo.texts import Kind, Slots, compose_body, kinds, smooth
from mingzheng.demo.words import lists, voice
from mingzheng.publish.items.drafts import InterpretationDraft, ItemDraft

ZONE = ZoneInfo("Asia/Shanghai")
ATTEMPTS = 8
_FIELDS_OF_TOWNS = ("town",) * 5 + ("agriculture", "civil", "poverty", "safety", "environment", "health")
_FIELDS_OF_GOVERNMENTS = (
    *("general",) * 6, "plan", "industry", "education", "science", "security", "civil", "justice", "finance",
    "employment", "land", "environment", "construction", "transport", "agriculture", "water", "commerce", "culture",
    "health", "safety", "food", "market", "housing", "urban", "poverty", "service", "forestry", "tourism", "sports",
)  # fmt: skip
_FORMS = {
    "JD0201": "leader", "JD0202": "department", "JD0203": "media", "JD0204": "expert", "JD0205": "graphic",
    "JD0206": "audio_video",
}  # fmt: skip
_FORM_TITLES = {
    "leader": "{head}解读《{document}》", "department": "《{document}》政策解读", "media": "媒体聚焦：{document}",
    "expert": "专家解读《{document}》", "graphic": "一图读懂《{document}》", "audio_video": "【视频】《{document}》解读",
}  # fmt: skip


def drafts(year: int, scale: str) -> Iterator[ItemDraft]:
    """Every item of the year, earliest first; the same every time."""
    writer = _Writer(make_plan(year, scale))
    for event in writer.events:
        yield writer.draft(event)


def source_prefix(year: int, scale: str) -> str:
    """How the source keys of a year's items begin."""
    return f"demo-{scale}/{year}/"


class _Writer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.year = plan.wanted.year
        self.prefix = source_prefix(self.year, plan.wanted.scale)
        self.events = schedule(plan)
        self.rngs: dict[str, Random] = {unit.code: Random(f"{self.year}/{unit.code}") for unit in units()}
        self.titles: dict[str, set[str]] = defaultdict(set)
        self.issues: Counter[tuple[str, str]] = Counter()
        self.serials: Counter[str] = Counter()
        press = plan.wanted.city_columns["press_transcript"]
        self.speakers = iter(apportion(plan.wanted.press_participants, [1.0] * press))
        self.people = {meeting.number: meeting.participants for meeting in plan.meetings}

    def draft(self, event: Event) -> ItemDraft:
        unit, route = event.cell.unit, event.cell.route
        kind, column = kinds()[route.kind], route.column.code
        rng = self.rngs[unit.code]
        self.issues[unit.code, column] += 1
        issue = self.issues[unit.code, column]
        self.issues[unit.code, kind.name] += 1
        # Columns with titles of their own count their issues alone, the others with all of the same kind.
        given: dict[str, Any] = {"issue": issue if route.titles else self.issues[unit.code, kind.name]}
        participants = self.participants(event, rng, given)
        if event.document:
            given |= {"document": event.document.title, "document_no": event.document.doc_no}
            given["topic"] = event.document.topic
        slots, title = self.title(event, kind, given, rng)
        published = datetime(
            event.day.year, event.day.month, event.day.day, event.minute // 60, event.minute % 60, tzinfo=ZONE
        )
        field = slots.about.field
        draft = ItemDraft(
            unit.code, column, title, compose_body(kind, slots), published,
            theme=field.theme, genre=kind.genre, audience=kind.audience,
            keywords=f"{slots['topic']} {field.name}", source_key=f"{self.prefix}{unit.code}/{column}/{issue}",
            participants=participants,
        )  # fmt: skip
        if kind.document:
            self.number(draft, event, unit, kind, slots, rng)
        if kind.name.startswith("interpretation_"):
            draft.interpretation = _interpretation(event, slots)
        return draft

    def title(self, event: Event, kind: Kind, given: dict[str, Any], rng: Random) -> tuple[Slots, str]:
        """A title that the unit has not used in the year, with the slots it was made of."""
        unit, route = event.cell.unit, event.cell.route
        used = self.titles[unit.code]
        pattern = _FORM_TITLES[_FORMS.get(route.column.code, "department")] if event.document else ""
        for _ in range(ATTEMPTS):
            domain = event.document.domain if event.document else self.domain(event, rng)
            slots = slots_for(unit, route.column.code, domain, event.day, kind.lag, rng, given)
            title = smooth((pattern or self.pattern(event, kind, slots)).format_map(slots))
            if title not in used:
                break
        else:
            title = f"{title}（{event.day.month}月{event.day.day}日，{given['issue']}）"
        used.add(title)
        return slots, title

    @staticmethod
    def pattern(event: Event, kind: Kind, slots: Slots) -> str:
        """A title of the column or of the kind; the text then keeps to the scene of its title."""
        if event.cell.route.titles:
            return slots.rng.choice(event.cell.route.titles)
        scene, title = slots.rng.choice(kind.titles)
        slots["scene"] = scene
        return title

    def domain(self, event: Event, rng: Random) -> str:
        """The field that a text is about: the column's, a department's own, or for governments any of theirs."""
        unit, route = event.cell.unit, event.cell.route
        if route.domain or unit.kind != "g" or kinds()[route.kind].house:
            return route.domain or unit.domain
        return rng.choice(_FIELDS_OF_TOWNS if unit.group == "town" else _FIELDS_OF_GOVERNMENTS)

    def number(
        self, draft: ItemDraft, event: Event, unit: UnitSpec, kind: Kind, slots: Slots, rng: Random
    ) -> None:
        """The metadata of an official document, and what its interpretation will say of it."""
        office = kind.name == "office_document"
        word = unit.word + ("政" if unit.kind == "g" else "") + ("办" if office else "")
        self.serials[word] += 1
        draft.doc_no = f"{word}〔{self.year}〕{self.serials[word]}号"
        draft.issuer = voice(unit).office if office else unit.name
        signed = event.day - timedelta(days=rng.randint(0, 6))
        draft.written_on = draft.effective_on = signed if signed.year == self.year else event.day
        draft.abstract = f"{draft.issuer}就{slots['topic']}工作作出安排，明确了目标任务、责任分工和保障要求。"
        event.key, event.title, event.doc_no = draft.source_key, draft.title, draft.doc_no
        event.topic, event.domain = slots["topic"], slots.about.domain

    def participants(
        self, event: Event, rng: Random, given: dict[str, Any]
    ) -> tuple[tuple[str, str, str], ...]:
        """Who took part: speakers of the city's press conferences, citizens at executive meetings."""
        unit, column = event.cell.unit, event.cell.route.column
        if column.role == "press_transcript":
            count = next(self.speakers) if unit.group == "city" else 2
            given["speakers"] = ""
            chosen = rng.sample(
                [each for each in units() if each.kind == "d" and each.parent == unit.code], count
            )
            found = tuple((*_split(voice(each).head), each.name) for each in chosen)
            given["speakers"] = "、".join(f"{name}（{where}{title}）" for name, title, where in found)
            return found if unit.group == "city" else ()
        if column.code == ATTENDANCE:
            count = self.people.get(event.number, 2)
            given |= {"meeting_number": event.number or event.day.month, "meeting_people": count}
            if event.number:
                names = rng.sample(lists()["persons"], count)
                return tuple((name, rng.choice(lists()["meeting_roles"]), "") for name in names)
        return ()


def _split(head: str) -> tuple[str, str]:
    """Name and title of a head: 局长王立新 gives 王立新, 局长."""
    return head[-3:], head[:-3]


def _interpretation(event: Event, slots: Slots) -> InterpretationDraft:
    document = event.document
    if document is None:
        return InterpretationDraft(
            "superior", document_title=f"{slots['superior']}{slots['topic']}有关政策文件"
        )
    form = _FORMS.get(event.cell.route.column.code, "department")
    interpreter = slots["head"] if form == "leader" else slots["interpreter"]
    return InterpretationDraft(
        "own", form, interpreter, document_key=document.key, document_title=document.title,
        document_no=document.doc_no,
    )  # fmt: skip
