"""The command: what it reads, refuses and prints; an office's own numbers; what is remembered between checks."""

from __future__ import annotations

import argparse
import json
import os
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from tests.measure import sites
from tests.measure.sites import change, put

from mingzheng.law.errors import Refusal
from mingzheng.measure.sitecheck import load_scheme, read_folder, scheme_year
from mingzheng.measure.sitecheck.command import register


def run(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers(dest="command"))
    parsed = parser.parse_args(["check-site", *map(str, arguments)])
    return int(parsed.run(parsed))


def check(root: Path, *arguments: str | Path, on: str = "2018-12-31") -> int:
    return run(root, "--on", on, "--live", "/search/", *arguments)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sites.build(tmp_path / "site")


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def rules_of(capsys: pytest.CaptureFixture[str]) -> dict[str, dict]:
    return {each["id"]: each for each in json.loads(capsys.readouterr().out)["rules"]}


def test_the_status_tells_whether_the_site_passes(root: Path) -> None:
    assert check(root) == 0
    assert check(root, on="2019-03-01") == 1  # the home page stands still: a veto
    links = "".join(f'<a href="/none{number}">无</a>' for number in range(41))
    change(root, "index.html", "<ul>", f"<ul>{links}")
    assert check(root) == 1  # 59 points


def test_the_sheet_names_rule_page_and_document(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(root, "index.html", "<ul>", '<ul><a href="/none.html">无</a>')
    check(root)
    printed = capsys.readouterr().out
    assert "依据：全国政府网站普查评分表（国办发〔2015〕15号）　检查日期：2018-12-31" in printed
    assert "结果：合格，99分（暂定：有未检查的项目）" in printed
    assert "S2 网站可用性/链接可用性：有问题，扣1分" in printed
    assert "   × 首页链接打不开：/none.html（没有这个文件）　/" in printed
    assert "P1 站点无法访问：未检查（须连续7天、每天至少20次探测首页，一次检查看不到）" in printed


def test_the_sheet_of_a_veto_has_no_score(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(root, on="2019-03-01")
    assert "结果：不合格（单项否决：网站不更新）" in capsys.readouterr().out


def test_json_has_the_agreed_shape(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(root, "--json")
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {
        "site", "on", "scheme", "title", "document", "changed_by_office", "result", "score", "provisional",
        "bonus_round", "vetoes", "read", "unseen", "rules",
    }  # fmt: skip
    assert set(told["rules"][0]) == {
        "id", "part", "group", "name", "rule", "document", "evidence", "state", "met", "points", "unseen",
        "left_out", "findings",
    }  # fmt: skip
    assert (told["score"], told["result"], told["scheme"]) == (100, "合格", "CN-PUCHA-2015")


def test_the_workbook_has_the_list_and_every_finding(root: Path, tmp_path: Path) -> None:
    change(root, "zc/1.html", "<h1>第1篇", "<h1>=1+1第1篇")
    change(root, "zc/1.html", 'content="第1篇政策文件"', 'content="=2+2"')
    check(root, "--xlsx", tmp_path / "检查单.xlsx")
    book = openpyxl.load_workbook(tmp_path / "检查单.xlsx")
    assert book.sheetnames == ["检查单", "问题清单"]
    first = [[cell.value for cell in row] for row in book["检查单"].iter_rows()]
    assert ["结果", "合格，100分（暂定：有未检查的项目）"] in [row[:2] for row in first]
    second = [[cell.value for cell in row] for row in book["问题清单"].iter_rows()][1:]
    assert [row[0] for row in second] == ["A1"]
    assert not [cell for row in book["问题清单"].iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize(
    ("on", "year"), [("2015-03-11", "2015"), ("2019-03-31", "2015"), ("2019-04-01", "2019")]
)
def test_the_list_is_chosen_by_date(on: str, year: str) -> None:
    assert scheme_year(date.fromisoformat(on)) == year


def test_there_was_no_list_before_2015() -> None:
    with pytest.raises(Refusal, match="2015年3月10日还没有全国政府网站检查指标"):
        scheme_year(date(2015, 3, 10))


def test_the_lists_are_whole() -> None:
    for year in ("2015", "2019"):
        scheme = load_scheme(year)
        assert all(rule.text and rule.document and rule.ev in "VPMD" for rule in scheme.rules)
        if scheme.groups:
            for group, points in scheme.groups.items():
                limits = [
                    rule.most or 0 for rule in scheme.rules if rule.group == group and rule.part == "deduct"
                ]
                assert sum(limits) == points, group


# folders


def test_a_heap_of_saved_pages_is_checked_page_by_page(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "index.html").unlink()
    change(root, "zc/1.html", "<h1>第1篇", "<h1>第一篇")
    assert check(root, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    rules = {each["id"]: each for each in told["rules"]}
    assert (told["result"], told["score"]) == ("不作结论", None)
    assert "没有首页" in told["unseen"][0]
    assert (rules["S2"]["state"], rules["P2"]["state"], rules["P3"]["state"]) == ("unseen",) * 3
    assert rules["A1"]["state"] == "found"


def test_several_processes_find_what_one_finds(root: Path) -> None:
    for number in range(1000):
        put(
            root,
            f"more/{number}.html",
            sites.article("政策文件", "政策文件", number, "2018-11-01", f'<a href="/n{number % 7}">x</a>'),
        )
    put(root, "more/5.html", sites.page("该信息已撤回_x", "<h1>该信息已撤回</h1>"))
    put(root, "more/6.html", sites.article("政策文件", "政策文件", 6, "2018-11-01", '<a href="5.html">x</a>'))
    scheme = load_scheme("2015")
    one, two = (read_folder(root, scheme, sites.ON, live=["/search/"], processes=count) for count in (1, 2))
    assert sorted(one.pages) == sorted(two.pages)
    assert {each: seen.count for each, seen in one.dead.items()} == {
        each: seen.count for each, seen in two.dead.items()
    }
    assert {each.target: each.why for each in one.dead}["/more/5.html"] == "信息已撤下"
    assert one.problems.keys() == two.problems.keys()


def test_files_that_are_no_pages_or_lead_outside_are_left_alone(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "secret.html", "<p>秘密</p>")
    (root / "out.html").symlink_to(tmp_path / "secret.html")
    os.mkfifo(root / "pipe.html")
    put(root, ".hidden/x.html", "<p>x</p>")
    put(root, "empty.html", "")
    put(root, "binary.html", b"\x00\x01\x02" * 50)
    put(root, "huge.html", b"<p>" + b"x" * 5_000_001)
    put(root, "nested.html", b"<div>" * 50_000)
    put(root, "utf16.html", (root / "zc/1.html").read_text("utf-8").encode("utf-16"))
    assert check(root, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert all(any(name in each for each in told["unseen"]) for name in ("empty", "binary", "huge"))
    assert not any(
        name in json.dumps(told["rules"]) for name in ("out.html", "pipe.html", ".hidden", "utf16")
    )


def test_pages_limits_a_folder_and_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(root, "--pages", "5")
    printed = capsys.readouterr().out
    assert "读取页面5个" in printed
    assert "，只读了5个" in printed


def test_the_own_public_folder_needs_no_list_of_live_paths(
    root: Path, settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PUBLIC_DIR = root
    change(root, "index.html", "<ul>", '<ul><a href="/figures/x/">数据</a>')
    run(root, "--on", "2018-12-31", "--json")
    assert not rules_of(capsys)["S2"]["findings"]


REFUSED = [
    (["/no/such/folder"], "没有文件夹"),
    (["{root}", "--on", "2018-02-30"], "2018-02-30"),
    (["{root}", "--on", "2010-01-01"], "还没有全国政府网站检查指标"),
    (["{root}/xw/none"], "没有文件夹"),
    (["{root}/files"], "中没有网页"),
    (["{root}", "--memory", "{root}/index.html"], "不是网站检查的记录文件"),
    (["{root}", "--scheme", "2015", "--without-services"], "办事服务"),
]


@pytest.mark.parametrize(("arguments", "why"), REFUSED)
def test_what_cannot_be_done_is_refused_in_one_sentence(root: Path, arguments: list[str], why: str) -> None:
    with pytest.raises(Refusal, match=why):
        run(*(each.replace("{root}", str(root)) for each in arguments))


# an office's own numbers


def test_an_office_changes_what_is_only_practice(
    root: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(root, "index.html", "<ul>", '<ul><a href="/none.html">无</a>')
    own = "CN-PUCHA-2015: {rules: {S2: {home_each: 2.5}}}\ncolumn_kinds: {plans: {idle: {months: 3}}}\n"
    (home / "site-check.yaml").write_text(own, "utf-8")
    check(root, "--json")
    told = json.loads(capsys.readouterr().out)
    rules = {each["id"]: each for each in told["rules"]}
    assert rules["S2"]["points"] == 2.5
    assert "人事信息" in rules["S4"]["findings"][0]["seen"]
    assert told["changed_by_office"] == ["S2.home_each", "plans.idle"]


WRONG = [
    ("[", "不是合法的YAML"),
    ("- 1", "应当是键值表"),
    ("x: 1", "有未知的项目：x"),
    ("CN-PUCHA-2015: {rules: {S99: {each: 1}}}", "没有这条规则：CN-PUCHA-2015的S99"),
    ("CN-PUCHA-2015: {rules: {P2: {days: 30}}}", "不能改动CN-PUCHA-2015的P2：该条依据国办发〔2015〕15号原文"),
    ("CN-PUCHA-2015: {rules: {S2: {home_each: many}}}", "应当是0到1000的数"),
    ("CN-PUCHA-2015: {rules: {S2: {home_each: .nan}}}", "应当是0到1000的数"),
    ("CN-PUCHA-2015: {rules: {S2: {measure: unseen}}}", "没有“measure”这一数值"),
    ("CN-PUCHA-2015: {rules: {S4: {each: {xyz: 1}}}}", "没有这类栏目：xyz"),
    ("column_kinds: {news: {idle: {days: 30}}}", "不能改动动态要闻的更新期限"),
    ("column_kinds: {plans: {idle: {days: 0}}}", "应写作"),
    ("column_kinds: {plans: {names: '('}}", "不是合法的正则表达式"),
    ("guide_elements: {无: [无]}", "没有这项办事指南要素"),
    ("own_hosts: x", "应当是一列文字"),
]


@pytest.mark.parametrize(("text", "why"), WRONG)
def test_an_office_file_that_is_wrong_is_refused(home: Path, text: str, why: str) -> None:
    (home / "site-check.yaml").write_text(text, "utf-8")
    with pytest.raises(Refusal) as refusal:
        load_scheme("2015", home)
    assert why in str(refusal.value)


# what is remembered


def test_a_page_that_appears_with_an_old_date_is_suspected(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = tmp_path / "memory.json"
    check(root, "--memory", memory, "--json")
    assert rules_of(capsys)["P4"]["state"] == "unseen"  # the first check knows nothing of before
    put(root, "zc/2.html", sites.article("政策文件", "政策文件", 2, "2018-12-01"))  # 30 days before the check
    put(root, "zc/3.html", sites.article("政策文件", "政策文件", 3, "2018-11-30"))  # 31 days
    change(root, "xw/3.html", "2018-12-22", "2018-12-28")
    check(root, "--memory", memory, "--json", on="2019-01-05")
    rule = rules_of(capsys)["P4"]
    assert rule["state"] == "doubt"
    assert not rule["met"]
    assert {each["pages"][0]: each["seen"] for each in rule["findings"]} == {
        "/xw/3.html": "疑似伪造发稿日期：发布日期由2018-12-22改成了2018-12-28",
        "/zc/3.html": "疑似伪造发稿日期：2018-12-31检查时还没有这个页面，显示的发布日期却是2018-11-30，早31天",
    }


def test_an_incomplete_check_proves_no_absence(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = tmp_path / "memory.json"
    check(root, "--memory", memory, "--pages", "3")
    capsys.readouterr()
    check(root, "--memory", memory, "--json", on="2019-01-05")
    assert not rules_of(capsys)["P4"]["findings"]


def test_a_memory_of_another_site_is_refused(root: Path, tmp_path: Path) -> None:
    memory = tmp_path / "memory.json"
    check(root, "--memory", memory)
    other = sites.build(tmp_path / "other")
    with pytest.raises(Refusal, match="记录文件"):
        check(other, "--memory", memory)
