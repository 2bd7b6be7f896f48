"""The demonstration's portal and forty-one department sites, with their looks, menus and homes, and its topics."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction

from mingzheng.city import services as city
from mingzheng.city.models import Person, Unit
from mingzheng.demo.structure import units
from mingzheng.portal.sites import services as sites
from mingzheng.portal.sites.models import Site, SiteAct
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.models import Item, ItemQuerySet
from mingzheng.publish.placements import services as placements
from mingzheng.publish.placements.models import Topic

SITES: Final = 41
PER_SECTION: Final = 10
_TIERS: Final = ("T2", "T3")
_LINKS: Final = "【国家机构】\n中国政府网 https://www.gov.cn/\n【市直部门】\n{departments}"
_PORTAL_MENU: Final = (
    "首页 /\n政务公开 /units/city/\n政策文件 /documents/\n政府公报 /gazette/\n政民互动 /topics/hudong/\n"
    "专题专栏 /topics/\n单位名录 /units/\n公开数据 /figures/\n年度报告 /reports/"
)
_INTERACTIONS: Final = [
    {"title": "政民互动直通车", "url": "/topics/hudong/", "note": "回应、征集、访谈，一处看全"},
    {"title": "依申请公开", "url": "/units/city/sq/", "note": "申请指南、方式和目录"},
    {"title": "我要搜索", "url": "/search/", "note": "文号、标题、日常说法都能查"},
]
_SERVICES: Final = [
    {"title": "规范性文件库", "url": "/documents/", "note": "全市现行有效文件"},
    {"title": "政府公报", "url": "/gazette/", "note": "逐期在线阅读"},
    {"title": "公开数据", "url": "/figures/", "note": "每个数字都能点开"},
    {"title": "年度报告", "url": "/reports/", "note": "政府信息公开工作年报"},
]
# slug, title, intro, and of each section: the columns that it is filled from.
_TOPICS: Final[tuple[tuple[str, str, str, dict[str, tuple[str, ...]]], ...]] = (
    ("sandagongjian", "三大攻坚战", "防范化解重大风险、精准脱贫、污染防治的政策和进展。",
     {"防范化解重大风险": ("GJ01",), "精准脱贫": ("GJ02", "FP"), "污染防治": ("GJ03", "ZD03")}),
    ("gaozhiliang", "高质量发展", "推动高质量发展的政策、项目和成效。",
     {"政策与推进": ("GZ", "GH02"), "统计数据": ("TJ01", "TJ02")}),
    ("zhongdaxiangmu", "重大建设项目", "重大建设项目批准和实施全过程公开。", {"项目批准和实施": ("XM",), "土地和房屋征收": ("ZS", "ZD01")}),
    ("gonggongziyuan", "公共资源配置", "住房保障和公共资源交易信息。", {"住房保障": ("GG01",), "公共资源交易": ("GG02", "ZB03")}),
    ("gongyishiye", "社会公益事业", "民生保障、公共安全和公共服务信息。", {"民生保障": ("GY01", "JZ"), "公共服务": ("GY02", "ZD06", "ZD07")}),
    ("wugongkai", "五公开", "决策、执行、管理、服务、结果全过程公开。",
     {"决策公开": ("YG",), "执行公开": ("LS",), "管理公开": ("SJ", "YJ"), "服务公开": ("JD", "XZ03"), "结果公开": ("CZ", "XZ01")}),
    ("hudong", "政民互动直通车", "回应关切、征集民意、在线访谈。", {
        "热点回应": ("HG01", "HG02"), "舆情回应": ("HG03",), "民意征集": ("YG01",), "意见反馈": ("YG02",),
        "在线访谈": ("XF02",), "咨询选登": ("HG04",),
    }),
)  # fmt: skip


def set_up_sites(year: int) -> int:
    """Make what is missing of topics and sites, each in one transaction; returns how many sites there are."""
    office = city.person_by_username("demo-office")
    for slug, title, intro, sections in _TOPICS:
        if not Topic.objects.filter(slug=slug).exists():
            with transaction.atomic():
                _topic(office, year, slug, title, intro, sections)
    _archive(office, year - 1)
    departments = [unit for unit in units() if unit.tier in _TIERS][:SITES]
    stored = Unit.objects.in_bulk([unit.code for unit in departments], field_name="code")
    links = _LINKS.format(
        departments="\n".join(f"{each.short} /sites/{each.code}/" for each in departments[:12])
    )
    root = city.root_unit()
    with transaction.atomic():
        if not Site.objects.filter(unit=root).exists():
            _portal(office, root, links)
    made = set(Site.objects.values_list("unit__code", flat=True))
    for number, spec in enumerate(departments):
        if spec.code not in made:
            with transaction.atomic():
                _department(office, stored[spec.code], number)
    return Site.objects.count()


def _portal(office: Person, root: Unit, links: str) -> None:
    site = sites.set_up_portal(
        office, root, name=root.name, domain="www.shifan.example", id_code=f"{root.region_code[:6]}0001",
        icp="示ICP备00000000号", police="示公网安备 00000000000000号", sponsor=root.name,
        organiser=f"{root.name}办公室", contact=root.phone,
    )  # fmt: skip
    sites.set_menu(office, site.pk, _PORTAL_MENU)
    sites.set_links(office, site.pk, links)
    sites.compose(office, site, [
        ("headline", {"column": "DT", "count": 4}),
        ("services", {"title": "常用入口", "entries": _SERVICES}),
        ("lists", {"lists": [
            {"title": "政务要闻", "column": "DT", "unit": "", "count": 8},
            {"title": "通知公告", "column": "TZ", "unit": "", "count": 8},
        ]}),
        ("tiles", {"title": "公开数据", "figures": []}),
        ("lists", {"lists": [
            {"title": "政策文件", "column": "ZC", "unit": "", "count": 8},
            {"title": "政策解读", "column": "JD", "unit": "", "count": 8},
        ]}),
        ("interactions", {"title": "政民互动", "entries": _INTERACTIONS}),
        ("topics", {"title": "专题专栏", "count": 6}),
        ("latest", {"title": "各单位最新公开", "count": 8}),
        ("reports", {"title": "政府信息公开年度报告", "count": 3}),
        ("units", {"title": "各单位政府信息公开"}),
    ])  # fmt: skip


def _department(office: Person, unit: Unit, number: int) -> None:
    code = unit.code
    site = sites.apply(
        office, unit, slug=code, reason="全市政府网站集约化建设", name=unit.name,
        id_code=f"{unit.region_code[:6]}{number + 2:04}", icp="示ICP备00000000号", sponsor=unit.name,
        organiser=f"{unit.short_name}办公室", contact=unit.phone,
    )  # fmt: skip
    sites.act(office, site.pk, SiteAct.Kind.APPROVED, reason="符合集约化建设要求")
    palette = list(sites.PALETTES)
    sites.set_theme(office, site.pk, colour=palette[number % len(palette)])
    filled = _filled(unit)
    menu = [("首页", f"/sites/{code}/"), ("政务公开", f"/units/{code}/")]
    menu += [
        (name, column)
        for name, column in (("工作动态", "DT"), ("通知公告", "TZ"), ("政策文件", "ZC"), ("政策解读", "JD"))
        if column in filled
    ]
    sites.set_menu(office, site.pk, "\n".join(f"{name} {where}" for name, where in menu))
    sites.set_links(office, site.pk, "中国政府网 https://www.gov.cn/")
    sites.compose(office, site, _home(filled))
    sites.act(office, site.pk, SiteAct.Kind.OPENED, reason="安全检测通过，正式开通")


def _home(filled: set[str]) -> list[tuple[str, dict[str, Any]]]:
    """Of the usual blocks, those for which the unit has columns."""

    def lists(*pairs: tuple[str, str]) -> list[tuple[str, dict[str, Any]]]:
        found = [
            {"title": title, "column": column, "unit": "", "count": 7}
            for title, column in pairs
            if column in filled
        ]
        return [("lists", {"lists": found})] if found else []

    head: list[tuple[str, dict[str, Any]]] = (
        [("headline", {"column": "DT", "count": 4})] if "DT" in filled else []
    )
    shortcuts = [code for code in ("ZN", "ZZ", "CZ", "QZ", "SQ", "NB") if code in filled]
    return [
        *head,
        *lists(("工作动态", "DT"), ("通知公告", "TZ")),
        *([("shortcuts", {"columns": shortcuts})] if shortcuts else []),
        *lists(("政策文件", "ZC"), ("政策解读", "JD")),
        *lists(("行政权力运行结果", "XZ"), ("人事信息", "RS")),
        ("tiles", {"title": "公开数据", "figures": []}),
        ("interactions", {"title": "互动交流", "entries": _INTERACTIONS[:1] + _INTERACTIONS[2:]}),
    ]


def _filled(unit: Unit) -> set[str]:
    """The codes of the unit's first-level columns in which it has published something."""
    codes = (
        Item.objects.public().filter(unit=unit).order_by().values_list("column__code", flat=True).distinct()
    )
    return {code[:2] for code in codes}


def _topic(
    office: Person, year: int, slug: str, title: str, intro: str, sections: dict[str, tuple[str, ...]]
) -> None:
    topic = placements.start_topic(
        office, city.root_unit(), slug=slug, title=title, intro=intro, sections=list(sections)
    )
    taken: set[int] = set()
    contents = []
    for section, codes in sections.items():
        for pk in _of(year, *codes).exclude(pk__in=taken).values_list("pk", flat=True)[:PER_SECTION]:
            taken.add(pk)
            contents.append((pk, section))
    placements.set_contents(
        office, topic.pk, title=title, intro=intro, sections=topic.sections, contents=contents
    )


def _archive(office: Person, year: int) -> None:
    """The topic of the year before is over."""
    topic = Topic.objects.filter(slug=f"fupin-{year}", state=Topic.State.OPEN).first()
    if topic is not None:
        placements.archive(office, topic.pk)


def _of(year: int, *codes: str) -> ItemQuerySet:
    columns = [pk for pk, code in Column.objects.values_list("pk", "code") if code.startswith(codes)]
    found = Item.objects.public().filter(column__in=columns, first_published_at__year=year)
    return found.order_by("-first_published_at", "-pk")
