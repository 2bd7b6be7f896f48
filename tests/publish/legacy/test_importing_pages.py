"""``mingzheng import``: pages become items once, with their own dates; refusals name the page and the rule."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from mingzheng.city.models import OutboxEvent
from mingzheng.cli import main
from mingzheng.publish.items.models import Attachment, Item
from mingzheng.publish.legacy import pages

TEXT = "为贯彻落实上级部署，进一步做好全市防汛工作，现将有关事项通知如下。" * 3


def page(title="关于做好防汛工作的通知", day="2018-06-01", number="", index="", extra="", head="", theme=""):
    return f"""<html><head><title>{title}</title>{head}</head><body><table><tr><td>主题分类：</td><td>{theme}</td></tr><tr><td>标题：</td><td>{title}</td></tr>
<tr><td>发文字号：</td><td>{number}</td></tr><tr><td>索引号：</td><td>{index}</td></tr>
<tr><td>发布日期：</td><td>{day}</td></tr></table><div><p>{TEXT}</p><p>{title}</p>{extra}</div></body></html>"""


@pytest.fixture
def folder(tmp_path):
    def write(**pages):
        for name, text in pages.items():
            (tmp_path / f"{name}.html").write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(tmp_path)

    return write


def run(capsys, *arguments):
    status = main(["import", *arguments, "--into", "city/ZC0202", "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_pages_become_items_with_their_dates_and_numbers(catalogue, folder, capsys):
    link = '<p><a href="http://old.cn/a.doc">附件</a></p>'
    path = folder(
        a=page("甲通知文件", number="示政〔2018〕1号", index="000014349/2018-00222"),
        b=page("乙通知文件", extra=link),
    )
    assert run(capsys, path) == (0, {"written": 2, "present": 0, "refused": [], "doubts": []})
    first, second = Item.objects.order_by("pk")
    assert (first.index_no, first.doc_no) == ("000014349/2018-00222", "示政〔2018〕1号")
    assert f"{timezone.localtime(first.first_published_at):%F %H:%M}" == "2018-06-01 00:00"
    assert second.index_no.endswith("/201806-00001")
    assert Attachment.objects.get().url == "http://old.cn/a.doc"


def test_the_same_pages_again_add_nothing_also_under_other_names(catalogue, folder, capsys):
    path = folder(a=page("甲通知文件"), b=page("乙通知文件"))
    run(capsys, path)
    folder(c=page("甲通知文件"))
    assert run(capsys, path)[1] == {"written": 0, "present": 3, "refused": [], "doubts": []}


def test_each_refused_page_is_named_with_its_rule_and_the_others_go_on(catalogue, folder, capsys):
    tomorrow = timezone.localdate() + timedelta(days=2)
    path = folder(
        a=page("甲通知文件", number="示政〔2018〕1号"),
        b=page("乙通知文件", number="示政(2018)1号"),
        c=page("丙通知文件", day=f"{tomorrow}"),
        d=page("丁通知文件", day="某日"),
        e=b"\x00\x01",
        f=page("戊通知文件", number="示政〔2018108号"),
    )
    status, result = run(capsys, path)
    assert status == 1
    assert result["written"] == 2
    assert result["doubts"] == ["“f.html”：文号“示政〔2018108号”有缺损，按“示政〔2018〕108号”登记，请核对。"]
    told = "\n".join(result["refused"])
    for name, rule in (
        ("b", "文号不得重复"),
        ("c", "不得使用将来的日期"),
        ("d", "没有可识别的发布日期"),
        ("e", "不是网页"),
    ):
        assert any(f"“{name}.html”" in line and rule in line for line in result["refused"]), (name, told)


def test_a_dry_run_writes_nothing(catalogue, folder, capsys):
    path = folder(a=page())
    assert run(capsys, path, "--dry-run")[1]["written"] == 1
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["/no/such", "--into", "city/ZC0202"], "没有“/no/such”这个文件或文件夹"),
        (["{folder}", "--into", "city/NOPE"], "没有代码为“NOPE”的栏目"),
        (["{folder}", "--into", "nobody/ZC0202"], "没有代码为“nobody”的单位"),
        (["{folder}", "--into", "city"], "应写作“单位代码/栏目代码”"),
        (["{folder}", "--into", "city/ZC0202", "--as", "nobody"], "没有账号“nobody”"),
        (["{folder}", "--into", "city/ZC0202", "--as", "czj-signer"], "没有“批量导入信息”的权限"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(catalogue, folder, capsys, arguments, sentence):
    path = folder(a=page())
    assert main(["import", *(each.format(folder=path) for each in arguments)]) == 2
    printed = capsys.readouterr().err
    assert sentence in printed
    assert printed.count("\n") == 1


def test_an_empty_folder_is_refused(catalogue, tmp_path, capsys):
    assert main(["import", str(tmp_path), "--into", "city/ZC0202"]) == 2
    assert "没有网页文件" in capsys.readouterr().err


def test_a_failure_on_the_way_leaves_nothing(catalogue, folder, capsys, monkeypatch):
    path = folder(a=page("甲通知文件"), b=page("乙通知文件"), c=page("丙通知文件"))
    read = pages.read_content

    def failing(content, name, base):
        if name == "c.html":
            raise RuntimeError("the reader broke")
        return read(content, name, base)

    monkeypatch.setattr(pages, "read_content", failing)
    assert main(["import", path, "--into", "city/ZC0202"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not Item.objects.exists()
    assert not OutboxEvent.objects.filter(topic="items.imported").exists()


def test_an_index_number_of_other_information_is_not_taken_over(catalogue, folder, capsys):
    path = folder(
        a=page("甲通知文件", index="000014349/2018-00222"),
        b=page("乙通知文件", index="000014349/2018-00222"),
        c=page("丙通知文件", index="白水-2018-1"),
    )
    status, result = run(capsys, path)
    assert (status, result["written"]) == (0, 3)
    assert result["doubts"] == [
        "“b.html”：索引号“000014349/2018-00222”已被另一条信息使用，另行编号。",
        "“c.html”：索引号“白水-2018-1”不合格式，另行编号。",
    ]
    numbers = list(Item.objects.order_by("pk").values_list("index_no", flat=True))
    assert numbers[0] == "000014349/2018-00222"
    assert [number[-12:] for number in numbers[1:]] == ["201806-00001", "201806-00002"]


def test_the_same_information_saved_anew_is_refused_by_its_index_number(catalogue, folder, capsys):
    path = folder(a=page("甲通知文件", index="000014349/2018-00222"))
    run(capsys, path)
    folder(a=page("甲通知文件", index="000014349/2018-00222", extra="<p>改版</p>"))
    status, result = run(capsys, path)
    assert (status, result["written"], Item.objects.count()) == (1, 0, 1)
    assert "索引号不得重复" in result["refused"][0]


def test_a_page_is_known_again_by_its_address(catalogue, folder, capsys):
    head = '<meta name="Url" content="http://old.cn/a/1.html">'
    path = folder(a=page("甲通知文件", head=head))
    run(capsys, path)
    folder(a=page("甲通知文件", head=head, extra="<p>改版</p>"))
    assert run(capsys, path)[1]["present"] == 1
    assert Item.objects.get().source_url == "http://old.cn/a/1.html"


def test_an_address_that_a_whole_site_gives_for_its_own_is_not_believed(catalogue, folder, capsys):
    head = '<link rel="canonical" href="http://old.cn/index.html">'
    path = folder(a=page("甲通知文件", head=head), b=page("乙通知文件", head=head))
    result = run(capsys, path)[1]
    assert (result["written"], result["present"]) == (2, 0)
    assert result["doubts"] == ["“b.html”：页面所写网址与另一篇文章相同，未采用。"]
    assert run(capsys, path)[1]["present"] == 2


def test_a_long_address_is_kept_and_known_again(catalogue, folder, capsys):
    address = f"http://old.cn/{'a' * 300}.html"
    path = folder(a=page(head=f'<meta name="Url" content="{address}">'))
    assert run(capsys, path)[1]["written"] == 1
    assert run(capsys, path)[1]["present"] == 1
    assert Item.objects.get().source_url == address


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("综合政务\\政务公开", "2.1"),
        ("综合政务,公民,其他,TXT", "2"),  # the composite 内容分类 of Anhui
        ("综合政务", "2"),
        ("新闻", ""),
        ("", ""),
    ],
)
def test_themes_are_read_as_pages_write_them(text, code):
    assert pages.theme_code(text) == code


def test_a_page_that_names_no_source_has_its_issuer_for_one(catalogue, folder, capsys):
    path = folder(
        a=page("甲通知文件").replace(
            "<tr><td>索引号", "<tr><td>发文机关：</td><td>某省人民政府</td></tr><tr><td>索引号"
        )
    )
    run(capsys, path)
    assert Item.objects.get().content_source == "某省人民政府"
