"""The measures of updating: the home page, the columns by their kinds, and what is held some times a year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from mingzheng.measure.sitecheck.columns import Column
from mingzheng.measure.sitecheck.dates import add_months, is_idle
from mingzheng.measure.sitecheck.measures import Checked, measure
from mingzheng.measure.sitecheck.model import Finding, Verdict
from mingzheng.measure.sitecheck.schemes import Rule


@measure
def home_idle(checked: Checked, rule: Rule) -> Verdict:
    """Whether anything on the home page, with a date that a reader sees, is new enough."""
    home = checked.site.home
    if home is None:
        return Verdict(unseen="没有读到首页")
    newest = max(_home_days(checked), default=None)
    if newest and not is_idle(newest, checked.site.on, days=rule.numbers["days"]):
        return Verdict()
    told = (
        f"首页最近一次更新是{newest}，距检查日{(checked.site.on - newest).days}天"
        if newest
        else "首页看不到任何更新日期"
    )
    return Verdict([Finding(told, (home.path,))], met=True)


@measure
def home_updates(checked: Checked, rule: Rule) -> Verdict:
    """How many items on the home page are of the last days."""
    home, days = checked.site.home, rule.numbers["days"]
    if home is None:
        return Verdict(unseen="没有读到首页")
    fresh = sum(1 for day in _home_days(checked) if not is_idle(day, checked.site.on, days=days))
    if fresh >= rule.numbers["fewer_than"]:
        return Verdict()
    return Verdict([Finding(f"首页{days}天内更新{fresh}条", (home.path,), 1, rule.points("points"))])


def _home_days(checked: Checked) -> list[date]:
    """The dates of what the home page leads to: beside the link, else on the page that it leads to."""
    site, home = checked.site, checked.site.home
    published = {page.path: page.published for page in site.pages if page.kind == "article"}
    days: dict[str, date] = {}
    for link in home.links if home and home.links else ():
        place = link.address.inside or link.address.outside
        day = link.day or published.get(link.address.inside)
        if day and day <= site.on:
            days[place] = day
    found = list(days.values())
    return found or ([home.newest] if home and home.newest else [])


@measure
def columns_veto(checked: Checked, rule: Rule) -> Verdict:
    """Too many columns that stand still or are empty."""
    if not checked.site.has_home:
        return Verdict(unseen="文件夹不是完整的网站，没有检查栏目")
    verdict = Verdict(unseen="" if checked.columns else "没有识别出栏目")
    on = checked.site.on
    for group, limit, told in (
        ("short", "short", "超期未更新的动态要闻、通知公告、政策文件栏目"),
        ("long", "long", "应更新而长期未更新的栏目"),
    ):
        idle = [each for each in checked.columns if each.kind and each.kind.group == group and each.idle(on)]
        verdict.met |= len(idle) >= rule.numbers[limit]
        if idle:
            verdict.findings.append(
                Finding(f"{told}{len(idle)}个（{rule.numbers[limit]}个及以上否决）", _paths(idle), len(idle))
            )
    empty = [each for each in checked.columns if each.state == "empty"]
    verdict.met |= len(empty) >= rule.numbers["empty"]
    if empty:
        verdict.findings.append(
            Finding(
                f"空白栏目{len(empty)}个（{rule.numbers['empty']}个及以上否决）", _paths(empty), len(empty)
            )
        )
    unsure = [each for each in checked.columns if each.state == "unsure"]
    if unsure:
        told = f"{len(unsure)}个栏目看不到内容，可能由脚本生成，须人工查看"
        verdict.findings.append(Finding(told, _paths(unsure), len(unsure), doubt=True))
    return verdict


def _paths(columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(each.path for each in columns)


@measure
def columns_idle(checked: Checked, rule: Rule) -> Verdict:
    """Columns of some kinds that stand still, or are empty."""
    each, empty_each = rule.numbers.get("each", {}), rule.numbers.get("empty_each", {})
    wanted = {*each, *empty_each}
    columns = [column for column in checked.columns if column.kind and column.kind.id in wanted]
    titles = [kind.title for kind in checked.scheme.kinds if kind.id in wanted]
    if not columns:
        why = (
            "没有识别出" + "、".join(titles) + "栏目"
            if checked.site.has_home
            else "文件夹不是完整的网站，没有检查栏目"
        )
        return Verdict(unseen=why)
    verdict = Verdict()
    for column in columns:
        assert column.kind
        if column.kind.id in each and column.idle(checked.site.on):
            told = f"最近更新于{column.newest}" if column.newest else "看不到更新日期"
            text = f"{column.kind.title}栏目“{column.name}”超过{column.kind.limit}未更新，{told}"
            verdict.findings.append(_costing(text, column, each[column.kind.id]))
        elif column.kind.id in empty_each and column.state == "empty":
            verdict.findings.append(
                _costing(
                    f"{column.kind.title}栏目“{column.name}”没有内容", column, empty_each[column.kind.id]
                )
            )
    return verdict


def _costing(text: str, column: Column, points: float) -> Finding:
    return Finding(text, (column.path,), 1, Decimal(str(points)))


@measure
def activity(checked: Checked, rule: Rule) -> Verdict:
    """How often a year something was held: the articles of a kind of column."""
    site = checked.site
    kind = next(each for each in checked.scheme.kinds if each.id == rule.kind)
    start = add_months(site.on, -12)
    held: dict[str, date] = {}
    known = any(column.kind and column.kind.id == kind.id for column in checked.columns)
    for page in site.pages:
        if page.kind == "article" and page.published and page.column:
            its = checked.scheme.kind_of(page.column, page.column_type)
            if its and its.id == kind.id:
                known = True
                if start < page.published <= site.on:
                    held[page.path] = page.published
    if not known:
        return Verdict(unseen=f"没有识别出{kind.title}栏目")
    home = site.home
    portal = bool(home and "人民政府" in home.site_name)
    wanted = rule.numbers["portal" if portal else "other"]
    if len(held) >= wanted:
        return Verdict()
    points = rule.points("few" if held else "none")
    return Verdict([Finding(f"一年内{kind.title}{len(held)}次，应有{wanted}次", (), 1, points)])
