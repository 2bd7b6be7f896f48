"""The measures that the rules of the schemes name: each looks at the site and says what it found and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from mingzheng.measure.sitecheck.columns import Column, columns_of
from mingzheng.measure.sitecheck.model import Finding, Problem, Seen, TargetKind, Verdict
from mingzheng.measure.sitecheck.schemes import Rule, Scheme
from mingzheng.measure.sitecheck.site import Site

NONE: Final = Decimal(0)
_GOVERNMENT: Final = (".gov.cn", ".政务", ".政务.cn")
_CONSULT: Final = ("咨询", "信箱", "留言", "来信", "问政", "投诉", "互动", "12345", "写信")
_KINDS: Final[dict[TargetKind, str]] = {
    "link": "链接", "image": "图片", "file": "附件", "online": "在线系统", "resource": "页面资源",
}  # fmt: skip


@dataclass(slots=True)
class Checked:
    """The site and the scheme that it is held against."""

    site: Site
    scheme: Scheme
    columns: list[Column]

    @classmethod
    def of(cls, site: Site, scheme: Scheme) -> Checked:
        return cls(site, scheme, columns_of(site, scheme) if site.has_home else [])


Measure = Callable[[Checked, Rule], Verdict]
MEASURES: dict[str, Measure] = {}


def measure(function: Measure) -> Measure:
    """Register a measure under its function's name, by which rules call it."""
    MEASURES[function.__name__] = function
    return function


@measure
def unseen(checked: Checked, rule: Rule) -> Verdict:
    """What pages never show; the rule says why."""
    return Verdict()


@measure
def problems(checked: Checked, rule: Rule) -> Verdict:
    """Faults that single pages show by themselves, all pages with the same one together."""
    verdict = Verdict()
    for problem, seen in _sorted(checked.site.problems):
        if problem.code in rule.problems:
            verdict.findings.append(Finding(problem.seen, tuple(seen.pages), seen.count, rule.points("each")))
    verdict.left_out = sum(checked.site.left_out[code] for code in rule.problems)
    if "tags" in rule.problems:
        verdict.findings += _untagged_columns(checked, rule)
    return verdict


def _sorted(found: dict[Problem, Seen]) -> Iterable[tuple[Problem, Seen]]:
    return sorted(found.items(), key=lambda each: (-each[1].count, each[0]))


def _untagged_columns(checked: Checked, rule: Rule) -> Iterable[Finding]:
    """A page that articles name as their column's, yet has no column tags itself."""
    pages = {page.path: page for page in checked.site.pages}
    named = {(page.column_page, page.column) for page in checked.site.pages if page.column_page}
    for path, name in sorted(named):
        page = pages.get(path)
        if page and page.kind == "other" and not page.column:
            yield Finding(
                f"栏目“{name}”的列表页没有栏目标签（ColumnName等）", (path,), 1, rule.points("each")
            )


@measure
def dead_links(checked: Checked, rule: Rule) -> Verdict:
    """Links that lead nowhere; a place is counted once, as one of the home page when it stands there."""
    verdict = Verdict(unseen=_links_unseen(checked.site))
    for dead, seen in sorted(checked.site.dead.items(), key=lambda each: (-each[1].count, each[0].target)):
        if dead.kind in ("file", "online"):
            continue
        on_home = dead in checked.site.dead_on_home
        place = "首页" if on_home else ""
        text = f"{place}{_KINDS[dead.kind]}打不开：{dead.target}（{dead.why}）"
        points = rule.points("home_each" if on_home else "each")
        verdict.findings.append(Finding(text, tuple(seen.pages), seen.count, points))
    verdict.findings.sort(key=lambda each: -each.points)
    verdict.left_out = checked.site.dead_beyond
    return verdict


@measure
def attachments(checked: Checked, rule: Rule) -> Verdict:
    """Files that cannot be had: links that lead nowhere, and annexes that a page mentions without a file."""
    verdict = problems(checked, replace(rule, problems=("attachment",)))
    verdict.unseen = _links_unseen(checked.site)
    verdict.findings += _dead_of(checked.site, "file", rule)
    return verdict


@measure
def online_systems(checked: Checked, rule: Rule) -> Verdict:
    """Declared systems for handling matters online that do not answer."""
    return Verdict(_dead_of(checked.site, "online", rule), unseen=_links_unseen(checked.site))


def _dead_of(site: Site, kind: TargetKind, rule: Rule) -> list[Finding]:
    return [
        Finding(
            f"{_KINDS[kind]}打不开：{dead.target}（{dead.why}）",
            tuple(seen.pages),
            seen.count,
            rule.points("each"),
        )
        for dead, seen in site.dead.items()
        if dead.kind == kind
    ]


def _links_unseen(site: Site) -> str:
    return "" if site.has_home else "文件夹不是完整的网站，没有检查链接"


@measure
def consult_channel(checked: Checked, rule: Rule) -> Verdict:
    """Whether the site offers a way to ask: a link of the home page, or a column of that type."""
    home = checked.site.home
    if home is None:
        return Verdict(unseen="没有读到首页")
    by_link = any(word in link.text for link in home.links or () for word in _CONSULT)
    if by_link or any(page.column_type == "咨询投诉" for page in checked.site.pages):
        return Verdict()
    told = "首页没有咨询、信箱、留言等入口，也没有咨询投诉栏目"
    return Verdict([Finding(told, (home.path,), 1, rule.points("points"), doubt=rule.part == "veto")])


@measure
def guides(checked: Checked, rule: Rule) -> Verdict:
    """The eight elements of service guides, each class counted once; as a veto, many classes in many cases."""
    found = [page for page in checked.site.pages if page.missing is not None]
    if not found:
        return Verdict(unseen="没有识别出办事指南")
    lacking: dict[str, Seen] = {}
    for page in found:
        for name in page.missing or ():
            lacking.setdefault(name, Seen()).add(page.path)
    verdict = Verdict()
    for name, seen in lacking.items():
        verdict.findings.append(
            Finding(f"办事指南缺少“{name}”", tuple(seen.pages), seen.count, rule.points("each"))
        )
    if rule.part == "veto":
        cases = sum(seen.count for seen in lacking.values())
        verdict.met = len(lacking) >= rule.numbers["classes"] and cases >= rule.numbers["cases"]
    return verdict


@measure
def dates(checked: Checked, rule: Rule) -> Verdict:
    """Dates that cannot be true: later than the check, or made up after an earlier check. Suspicions, never proof."""
    site = checked.site
    verdict = problems(checked, replace(rule, problems=("date",)))
    verdict.findings = [replace(each, doubt=True) for each in verdict.findings]
    verdict.findings += [
        Finding(f"疑似伪造发稿日期：{told}", (path,), doubt=True) for path, told in site.suspicions
    ]
    return verdict


@measure
def domain(checked: Checked, rule: Rule) -> Verdict:
    """Only .gov.cn, and one domain for a site."""
    verdict = Verdict()
    domains: dict[str, Seen] = {}
    by_code: dict[str, set[str]] = {}
    for page in checked.site.pages:
        if page.domain:
            domains.setdefault(page.domain, Seen()).add(page.path)
            if page.id_code:
                by_code.setdefault(page.id_code, set()).add(page.domain)
    if not domains:
        return Verdict(unseen="页面没有SiteDomain标签，看不出域名")
    for name, seen in sorted(domains.items()):
        host = name.partition(":")[0]
        if not host.endswith(_GOVERNMENT):
            verdict.findings.append(
                Finding(f"域名“{name}”不以.gov.cn为后缀", tuple(seen.pages), seen.count, rule.points("each"))
            )
    for code, names in sorted(by_code.items()):
        if len(names) > 1:
            told = f"标识码为{code}的网站用了几个域名：{'、'.join(sorted(names))}"
            pages = tuple(domains[name].pages[0] for name in sorted(names))
            verdict.findings.append(Finding(told, pages, len(pages), rule.points("each")))
    return verdict


@measure
def error_page(checked: Checked, rule: Rule) -> Verdict:
    """What an address that does not exist gets."""
    found = checked.site.error_page
    if found is None or not checked.site.has_home:
        return Verdict(unseen="没有试访不存在的网址")
    return Verdict() if found.own else Verdict([Finding(found.seen, (), 1, rule.points("points"))])


@measure
def search_box(checked: Checked, rule: Rule) -> Verdict:
    """A way to search the site on its home page."""
    home = checked.site.home
    if home is None:
        return Verdict(unseen="没有读到首页")
    return (
        Verdict()
        if home.search
        else Verdict([Finding("首页没有站内搜索", (home.path,), 1, rule.points("points"))])
    )
