"""The narrative of a report up to 2018 (国办发〔2014〕32号): sentences around figures. A chapter without facts is left out."""

from __future__ import annotations

from collections.abc import Callable

from mingzheng.city.models import TierGroup
from mingzheng.measure.charts import paired_bars
from mingzheng.measure.report import Chapter, Part, Writer
from mingzheng.measure.report_forms import printed, report_tables, reported_cells
from mingzheng.measure.scopes import Scope, of_group

LEVEL_NAMES = {"city": "市政府及市直单位", "county": "县区政府及其部门", "town": "镇政府（街道办）"}


def narrative_chapters(writer: Writer) -> list[Chapter]:
    """All chapters that have something to report."""
    makers: list[tuple[str, Callable[[Chapter, Writer], None]]] = [
        ("概述", _overview),
        ("公开目录建设", _catalogue),
        ("主动公开政府信息", _disclosure),
        ("权力运行公开", _power),
        ("重大决策公开", _decisions),
        ("政策解读", _interpretation),
        ("回应社会关切", _response),
        ("依申请公开", _requests),
        ("规范性文件公开", _documents),
        ("存在问题和改进措施", _problems),
    ]
    chapters = []
    for title, make in makers:
        chapter = Chapter(title)
        make(chapter, writer)
        if chapter.blocks:
            chapters.append(chapter)
    for number, chapter in enumerate(chapters):
        chapter.title = f"{'一二三四五六七八九十'[number]}、{chapter.title}"
    return [*chapters, *_sheet(writer)]


def _sheet(writer: Writer) -> list[Chapter]:
    """The sheet of statistics that follows the narrative, once its cells are reported."""
    if not reported_cells(writer.scope):
        return []
    tables = report_tables(writer)
    form = tables.generation.forms[0]
    rows = printed(writer, tables, form.id)
    return [Chapter(f"附：{form.title}", [{"kind": "table", "caption": "", "rows": rows}])]


def _local(writer: Writer) -> Scope:
    """What the city level did, in a report about the whole city; else the report's own scope."""
    return of_group(writer.year, TierGroup.CITY) if writer.is_city else writer.scope


def _place(writer: Writer) -> str:
    return "市政府及市直单位" if writer.is_city else "本单位"


def _join(groups: list[list[Part]], comma: str = "，") -> list[Part]:
    joined: list[Part] = []
    for group in groups:
        if joined:
            joined.append(comma)
        joined += group
    return joined


def _sentence(chapter: Chapter, lead: str, groups: list[list[Part]]) -> None:
    if groups:
        chapter.say(lead, *_join(groups), "。")


def _counted(writer: Writer, scope: Scope, *wanted: tuple[str, str]) -> list[list[Part]]:
    """Groups 公开意见征集 36件 of the measures that are not zero."""
    return [[words, writer.figure(key, scope)] for key, words in wanted if writer.value(key, scope)]


def _overview(chapter: Chapter, writer: Writer) -> None:
    growth = writer.growth("disclosure.items")
    chapter.say(
        f"{writer.year}年，{writer.unit.name}依据《中华人民共和国政府信息公开条例》主动公开政府信息",
        writer.figure("disclosure.items"), f"，{growth}。" if growth else "。",
        "本报告所列数据的统计期限为", f"{writer.year}年1月1日至12月31日，均由公开记录逐条计算得出。",
    )  # fmt: skip


def _catalogue(chapter: Chapter, writer: Writer) -> None:
    if writer.value("catalogue.columns_added"):
        levels = _counted(
            writer, writer.scope,
            ("catalogue.columns_added_l1", "一级主栏目"), ("catalogue.columns_added_l2", "二级子目录"),
            ("catalogue.columns_added_l3", "三级以下子目录"),
        )  # fmt: skip
        chapter.say(
            "根据上级要求和年度重点工作，对公开目录进行补充完善，新增目录", writer.figure("catalogue.columns_added"),
            "，其中", *_join(levels), "。",
        )  # fmt: skip
    if writer.value("catalogue.columns_adjusted"):
        chapter.say(
            "对已有目录更名、移动或者变更内容要求，调整子目录",
            writer.figure("catalogue.columns_adjusted"),
            "。",
        )


def _disclosure(chapter: Chapter, writer: Writer) -> None:
    levels = [scope for scope in writer.levels() if writer.value("disclosure.items", scope)]
    if levels:
        parts = [
            [f"{LEVEL_NAMES[scope.name]}公开", writer.figure("disclosure.items", scope)] for scope in levels
        ]
        chapter.say("全市主动公开政府信息", writer.figure("disclosure.items"), "，其中", *_join(parts), "。")
        changes = [
            f"{LEVEL_NAMES[scope.name]}{growth}"
            for scope in levels
            if (growth := writer.growth("disclosure.items", scope))
        ]
        if changes:
            chapter.say("，".join(changes), "。")
        chapter.blocks += [_level_table(writer, levels), _level_chart(writer, levels)]
    _sentence(
        chapter, f"{_place(writer)}公开重点领域信息：",
        _counted(
            writer, _local(writer), ("finance.items", "财政资金信息"), ("personnel.items", "人事信息"),
            ("statistics.items", "统计信息"),
        ),
    )  # fmt: skip


def _level_table(writer: Writer, levels: list[Scope]) -> dict[str, object]:
    def head(text: str) -> dict[str, object]:
        return {"text": text, "header": True}

    rows: list[list[dict[str, object]]] = [
        [head("层级"), head(f"{writer.year}年（条）"), head(f"{writer.year - 1}年（条）"), head("增减")]
    ]
    for scope in [*levels, writer.scope]:
        now, before = (
            writer.figure("disclosure.items", scope),
            writer.figure("disclosure.items", scope.year_before()),
        )
        assert isinstance(now, dict)
        assert isinstance(before, dict)
        rows.append([
            head(LEVEL_NAMES.get(scope.name, "合计")),
            {**now, "text": f"{writer.value('disclosure.items', scope)}"},
            {**before, "text": f"{writer.value('disclosure.items', scope.year_before())}"},
            {"text": writer.growth("disclosure.items", scope) or "—"},
        ])  # fmt: skip
    return {"kind": "table", "caption": f"{writer.year}年主动公开政府信息情况", "rows": rows}


def _level_chart(writer: Writer, levels: list[Scope]) -> dict[str, object]:
    title = f"{writer.year}年与{writer.year - 1}年主动公开政府信息对比（条）"
    key, years = "disclosure.items", (f"{writer.year}年", f"{writer.year - 1}年")
    bars = [
        (LEVEL_NAMES[scope.name], writer.value(key, scope), writer.value(key, scope.year_before()))
        for scope in levels
    ]
    return {"kind": "chart", "caption": title, "svg": paired_bars(title, years, bars)}


def _power(chapter: Chapter, writer: Writer) -> None:
    scope = _local(writer)
    _sentence(
        chapter, f"{_place(writer)}及时", _counted(writer, scope, ("power.results", "公布行政权力运行结果"))
    )
    _sentence(
        chapter, f"{_place(writer)}公开行政执法信息：",
        _counted(
            writer, scope, ("power.permits", "行政许可"), ("power.penalties", "行政处罚"), ("power.coercion", "行政强制"),
        ),
    )  # fmt: skip


def _decisions(chapter: Chapter, writer: Writer) -> None:
    scope = _local(writer)
    _sentence(
        chapter,
        "",
        _counted(
            writer,
            scope,
            ("decisions.solicitations", f"{_place(writer)}就重大决策和规范性文件草案公开征求意见"),
        ),
    )
    _sentence(
        chapter, "",
        _counted(writer, scope, ("decisions.meetings", "邀请公众列席政府会议"), ("decisions.attendees", "列席的利益相关方和公众代表")),
    )  # fmt: skip


def _interpretation(chapter: Chapter, writer: Writer) -> None:
    if not writer.value("interpretation.all"):
        return
    scope = _local(writer)
    whole: list[Part] = [
        f"{'全市' if writer.is_city else ''}共发布政策解读",
        writer.figure("interpretation.all"),
    ]
    parts = _counted(
        writer, scope, ("interpretation.superior", "转载上级政策解读"), ("interpretation.own", "本级政策解读")
    )
    if writer.is_city and writer.value("interpretation.all", scope):
        whole += ["，其中市本级政策解读", writer.figure("interpretation.all", scope)]
        whole += ["（", *_join(parts, "；"), "）"] if parts else []
    elif parts:
        whole += ["，其中", *_join(parts)]
    chapter.say(*whole, "。")
    own, timely = writer.value("interpretation.own", scope), writer.value("interpretation.timely", scope)
    if own:
        share = "全部" if own == timely else ""
        chapter.say(
            "本级政策解读中，在文件公开后3个工作日之内发布的", writer.figure("interpretation.timely", scope),
            f"，做到{share}按时解读。" if share else f"，其余{own - timely}篇未能按时发布。",
        )  # fmt: skip
    _sentence(
        chapter,
        "",
        _counted(writer, writer.scope, ("interpretation.leader", "有关负责人带头接受专访、解读政策")),
    )
    _sentence(
        chapter, "按解读形式分，",
        _counted(
            writer, writer.scope, ("interpretation.department", "部门解读"), ("interpretation.expert", "专家解读"),
            ("interpretation.media", "媒体解读"), ("interpretation.graphic", "图解"), ("interpretation.audio_video", "音视频"),
        ),
    )  # fmt: skip


def _response(chapter: Chapter, writer: Writer) -> None:
    scope = _local(writer)
    _sentence(
        chapter, "召开",
        _counted(writer, scope, ("press.conferences", "新闻发布会"), ("press.attendance", "有关负责人出席"), ("press.transcripts", "发布实录")),
    )  # fmt: skip
    _sentence(
        chapter, "",
        _counted(writer, scope, ("response.issues", "针对群众关注的热点难点问题发布回应"), ("interviews.transcripts", "发布在线访谈实录")),
    )  # fmt: skip


def _requests(chapter: Chapter, writer: Writer) -> None:
    _sentence(
        chapter,
        "",
        _counted(writer, _local(writer), ("requests.catalogue_entries", "编制发布依申请公开目录信息")),
    )


def _problems(chapter: Chapter, writer: Writer) -> None:
    for paragraph in writer.text("problems").splitlines():
        if paragraph.strip():
            chapter.say(paragraph.strip())


def _documents(chapter: Chapter, writer: Writer) -> None:
    _sentence(
        chapter, "",
        _counted(
            writer, writer.scope, ("documents.normative_made", "制发行政规范性文件"),
            ("documents.normative_repealed", "废止"), ("documents.normative_valid", "年末现行有效"),
        ),
    )  # fmt: skip
