"""The columns of the sheet: what each is called, which field of an item it fills, and the rule it tells."""

from __future__ import annotations

from dataclasses import dataclass

from mingzheng.publish.items.validation import LIMITS

FORM, GUIDE, CHOICES = "填报", "填写说明", "可选值"
REASON = "错误原因"
MOST_ROWS = 20_000
LONGEST_CELL = 32_767  # characters; Excel holds no more


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its label, the item's field, its width in characters, its rule and an example."""

    label: str
    field: str
    width: int
    rule: str
    example: str
    required: bool = False
    is_date: bool = False
    has_choices: bool = False

    @property
    def heading(self) -> str:
        """The label as the form shows it; a star marks what must be filled in."""
        return f"{self.label}*" if self.required else self.label

    @property
    def limit(self) -> int | None:
        """The greatest length in characters, as an item's rules have it."""
        return next((limit for field, _, limit in LIMITS if field == self.field), None)


_DATE = "按“2018-3-5”“2018年3月5日”或“2018.3.5”的形式填写，也可以用Excel日期。"

COLUMNS = (
    SheetColumn("标题", "title", 36, "信息的名称，不超过200个字。",
                "关于印发示范市2018年政务公开工作要点的通知", required=True),
    SheetColumn("栏目代码", "column_code", 28, "从下拉列表选择，也可以只填代码；限本单位公开目录中的栏目。", "", required=True,
                has_choices=True),
    SheetColumn("正文", "body", 60, f"信息的全文。空一行另起一段，不空行的换行仍在同一段内；每格最多{LONGEST_CELL}个字，"
                "更长的或者含表格、图片、附件的信息请逐条填报。", "为进一步做好政务公开工作，现就有关事项通知如下。", required=True),
    SheetColumn("文号", "doc_no", 20, "按“机关代字〔年份〕序号号”填写，没有文号的不填。", "示政办〔2018〕12号"),
    SheetColumn("发文机关", "issuer", 22, "文件的制发机关，不超过120个字。", "示范市人民政府办公室"),
    SheetColumn("成文日期", "written_on", 14, f"文件签发的日期，不晚于发布日期。{_DATE}", "2018-3-5", is_date=True),
    SheetColumn("生成日期", "formed_on", 14, f"信息形成的日期，公开时限从这一天起算，不晚于发布日期。{_DATE}", "2018年3月5日",
                is_date=True),
    SheetColumn("主题分类", "theme", 22, "从下拉列表选择。", "", has_choices=True),
    SheetColumn("体裁", "genre", 12, "从下拉列表选择，不是公文的选“其他”。", "通知", has_choices=True),
    SheetColumn("关键词", "keywords", 20, "以“；”分隔，不超过200个字。", "政务公开；工作要点"),
    SheetColumn("内容概述", "abstract", 36, "用一两句话说明主要内容。", "部署2018年全市政务公开重点任务。"),
    SheetColumn("公开属性", "openness", 14, "从下拉列表选择，不填的按“主动公开”办理。", "主动公开", has_choices=True),
    SheetColumn("不予公开理由", "non_disclosure_reason", 24, "公开属性为“不予公开”的必须填写，其他的不填；不超过200个字。", "涉及商业秘密"),
    SheetColumn("信息来源", "content_source", 20, "信息的提供单位，不填的为本单位；不超过120个字。", "示范市政务公开办公室"),
    SheetColumn("施行日期", "effective_on", 14, f"文件开始施行的日期。{_DATE}", "2018.4.1", is_date=True),
    SheetColumn("失效日期", "expires_on", 14, f"文件停止执行的日期，不早于施行日期。{_DATE}", "2021.3.31", is_date=True),
    SheetColumn("单位", "unit_code", 20, "发布信息的单位，可以不填；填写的须与导入时所选的单位一致。", "市政府办公室"),
)  # fmt: skip
BY_LABEL = {column.label: column for column in COLUMNS}
REASON_COLUMN = SheetColumn(REASON, "", 40, "", "")
