"""The blocks (版块) of which an office composes a site's home page. What a block shows is read when the page is built."""

from __future__ import annotations

from typing import Any, Final

from django.core.validators import RegexValidator
from wagtail import blocks

from mingzheng.publish.catalogue.models import Column

MOST_LINES: Final = 20
ADDRESS: Final = RegexValidator(
    r"(/[^/\\\s][^\s\\]*|/|https?://[^\s\\]+)", "地址应以“/”开头，或者是完整的 http(s) 网址。"
)
"""An address on this platform, or a whole one elsewhere; never a script."""
FIGURES: Final = (
    ("disclosure.items", "主动公开政府信息"),
    ("interpretation.all", "政策解读"),
    ("documents.normative_valid", "现行有效规范性文件"),
    ("power.results", "行政权力运行结果"),
)


def column_choices() -> list[tuple[str, str]]:
    """Every column of the catalogue in its order, with its code."""
    return [(code, f"{code} {name}") for code, name in Column.objects.values_list("code", "name")]


def _count(default: int, most: int = MOST_LINES) -> blocks.IntegerBlock:
    return blocks.IntegerBlock(label="条数", default=default, min_value=1, max_value=most)


def _column(**named: Any) -> blocks.ChoiceBlock:
    return blocks.ChoiceBlock(label="栏目", choices=column_choices, **named)


def _title(default: str = "") -> blocks.CharBlock:
    return blocks.CharBlock(label="标题", required=not default, default=default, max_length=30)


class HeadlineBlock(blocks.StructBlock):
    """头条: the newest of a column in large type, the next below it."""

    column = _column()
    count = _count(4, 6)

    class Meta:
        label = "头条"
        icon = "title"


class ListBlock(blocks.StructBlock):
    """The newest items of one column, of the site's own unit or of another."""

    title = blocks.CharBlock(label="标题", required=False, max_length=30, help_text="留空即为栏目名称。")
    column = _column()
    unit = blocks.CharBlock(
        label="单位代码", required=False, max_length=40, help_text="留空即为本网站的主办单位。"
    )
    count = _count(8)

    class Meta:
        label = "栏目列表"


class ListsBlock(blocks.StructBlock):
    """Lists of columns side by side."""

    lists = blocks.ListBlock(ListBlock(), label="栏目列表", min_num=1, max_num=6)

    class Meta:
        label = "栏目列表（并排）"
        icon = "list-ul"


class CarouselBlock(blocks.StructBlock):
    """图片轮播: items with pictures, the newest of a column; it turns by hand, never by itself."""

    title = _title("图片新闻")
    column = _column()
    count = _count(5, 8)

    class Meta:
        label = "图片轮播"
        icon = "image"


class EntryBlock(blocks.StructBlock):
    """One entry: a name and where it leads."""

    title = blocks.CharBlock(label="名称", max_length=20)
    url = blocks.CharBlock(label="地址", max_length=200, validators=[ADDRESS])
    note = blocks.CharBlock(label="说明", required=False, max_length=40)


class ServicesBlock(blocks.StructBlock):
    """办事服务入口."""

    title = _title("办事服务")
    entries = blocks.ListBlock(EntryBlock(), label="入口", min_num=1, max_num=16)

    class Meta:
        label = "服务入口"
        icon = "link"


class InteractionsBlock(blocks.StructBlock):
    """互动交流入口."""

    title = _title("互动交流")
    entries = blocks.ListBlock(EntryBlock(), label="入口", min_num=1, max_num=8)

    class Meta:
        label = "互动入口"
        icon = "comment"


class ShortcutsBlock(blocks.StructBlock):
    """常用栏目: columns as large entries; those without items are left out."""

    columns = blocks.ListBlock(_column(), label="栏目", min_num=1, max_num=8)

    class Meta:
        label = "常用栏目"
        icon = "bars"


class TilesBlock(blocks.StructBlock):
    """数据磁贴: figures of the newest year; each opens to its rows."""

    title = _title("公开数据")
    figures = blocks.MultipleChoiceBlock(
        label="数据", choices=FIGURES, required=False, help_text="不选即为全部。"
    )

    class Meta:
        label = "数据磁贴"
        icon = "table"


class TopicsBlock(blocks.StructBlock):
    """专题横幅: the topics that are open, the newest first."""

    title = _title("专题专栏")
    count = _count(6, 12)

    class Meta:
        label = "专题横幅"
        icon = "folder-open-1"


class LatestBlock(blocks.StructBlock):
    """最新公开: of the unit's own units; on the portal, of all units but the government itself."""

    title = _title("各单位最新公开")
    count = _count(8)

    class Meta:
        label = "所属单位最新公开"
        icon = "history"


class ReportsBlock(blocks.StructBlock):
    """年度报告."""

    title = _title("政府信息公开年度报告")
    count = _count(3, 6)

    class Meta:
        label = "年度报告"
        icon = "doc-full"


class UnitsBlock(blocks.StructBlock):
    """单位名录: the units of the site's unit; on the portal, of the whole city."""

    title = _title("各单位政府信息公开")

    class Meta:
        label = "单位名录"
        icon = "group"


class TextBlock(blocks.StructBlock):
    """A few plain lines of the office's own."""

    title = _title("说明")
    text = blocks.TextBlock(label="文字", max_length=500)

    class Meta:
        label = "文字"
        icon = "pilcrow"


HOME_BLOCKS: Final = [
    ("headline", HeadlineBlock()),
    ("lists", ListsBlock()),
    ("carousel", CarouselBlock()),
    ("services", ServicesBlock()),
    ("interactions", InteractionsBlock()),
    ("shortcuts", ShortcutsBlock()),
    ("tiles", TilesBlock()),
    ("topics", TopicsBlock()),
    ("latest", LatestBlock()),
    ("reports", ReportsBlock()),
    ("units", UnitsBlock()),
    ("text", TextBlock()),
]
