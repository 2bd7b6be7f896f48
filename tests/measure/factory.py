"""Rows of a small city in two years, of every kind that a measure counts, and reported cells that add up."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from mingzheng.publish.items.services import InterpretationDraft, ItemDraft

DAY = date(2018, 9, 3)
COLUMNS = (
    "ZC0202",
    "YG01",
    "XZ01",
    "XZ0201",
    "XZ0202",
    "XZ0203",
    "HG01",
    "HG03",
    "XF0102",
    "XF0202",
    "SQ03",
    "RS01",
)
APPLICANTS = ("natural", "company", "research", "ngo", "legal_service", "other")
FORMS = ("department", "expert", "media", "audio_video", "questions", "interview", "conference")


def at(day, hour=10):
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=hour)))


def draft(unit, column, title, day, **fields):
    made = ItemDraft(
        unit, column, title, "<p>正文</p>", published_at=at(day), source_key=f"{unit}/{title}/{day}"
    )
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def city_rows():
    """Two years of a small city: 2017 has fewer of everything."""
    for year, copies in ((2017, 2), (2018, 3)):
        for number in range(copies):
            day = date(year, 3, 1 + number)
            for unit in ("city", "czj", "hexi", "hexi-czj", "qingshui"):
                yield draft(unit, "TZ01", f"通知{number}", day)
            yield draft(
                "city",
                "ZC0201",
                f"办法{number}",
                day,
                doc_no=f"示政规〔{year}〕{number + 1}号",
                written_on=day,
            )
            own = InterpretationDraft(
                "own", "leader" if number == 0 else "graphic", document_no=f"示政规〔{year}〕{number + 1}号"
            )
            late = 4 if number == 1 else 1
            yield draft(
                "city", "JD0202", f"解读{number}", date(year, 3, 1 + number + late + 2), interpretation=own
            )
            yield draft("hexi", "JD01", f"转载{number}", day, interpretation=InterpretationDraft("superior"))
    yield draft(
        "city",
        "XF01",
        "发布会",
        date(2018, 5, 2),
        participants=[("张三", "局长", "某局"), ("李四", "科长", "某局")],
    )
    yield draft("city", "TZ01", "撤回的", date(2018, 6, 1))
    yield draft(
        "city",
        "TZ01",
        "不公开的",
        date(2018, 6, 1),
        openness="on_request",
        non_disclosure_reason="涉及第三方合法权益",
    )


def every_kind_rows():
    """The city's items of September 2018, one or more for each measure."""
    for code in (*COLUMNS, "CZ01", "TJ01"):
        yield draft("city", code, f"{code}的信息", DAY)
    yield draft("city", "XF0101", "发布会预告", DAY, participants=[("王五", "局长", "某局")])
    yield draft("city", "ZH0102", "常务会议", DAY, participants=[("赵六", "", ""), ("孙七", "", "")])
    for form in FORMS:
        yield draft("hexi", "JD01", form, DAY, interpretation=InterpretationDraft("superior", form))
    yield draft(
        "city",
        "ZC0201",
        "废止的办法",
        DAY,
        doc_no="示政规〔2018〕90号",
        written_on=date(2018, 1, 2),
        repealed_on=date(2018, 8, 1),
    )


def document(number, begins, **ends):
    """A normative document that is dated and published on a day."""
    title = f"办法{number}号"
    return draft(
        "city",
        "ZC0201",
        title,
        begins,
        doc_no=f"示政规〔{begins.year}〕{number}号",
        written_on=begins,
        **ends,
    )


def sound_cells(year, number):
    """Every cell that a unit reports of a year since 2019, all of them ``number``, with requests that add up."""
    from mingzheng.law.report_tables import ReportTables
    from mingzheng.measure.report_forms import MEASURED

    figures = ReportTables(year, {}).figures
    cells = {key: number for key, figure in figures.items() if not figure.parts and key not in MEASURED}
    outcomes = sum(1 for key in cells if key.startswith("t3.C") and key.endswith(".natural"))
    for column in APPLICANTS:  # outcomes and what is carried over, less what came from the year before
        cells[f"t3.A.{column}"] = number * outcomes
    return cells
