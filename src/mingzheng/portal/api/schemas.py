"""What the interface gives and takes, field by field. The descriptions are the documentation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field


class Problem(Schema):
    """出错时的回答。"""

    sentence: str = Field(description="一句话，说明什么不对、依据什么规则")
    field: str | None = Field(description="有误的参数或者字段；与具体字段无关的为null")
    rule: str = Field(description="规则代码，供程序判断")


class ErrorAnswer(Schema):
    """出错时的回答。"""

    error: Problem


class UnitName(Schema):
    code: str = Field(description="单位代码，见/units")
    name: str = Field(description="单位名称")


class ColumnName(Schema):
    code: str = Field(description="栏目代码，见/columns")
    name: str = Field(description="栏目在该单位的名称")


class ThemeName(Schema):
    code: str = Field(description="主题分类代码，见/themes")
    name: str = Field(description="主题分类名称")


class UnitRow(Schema):
    """单位。"""

    code: str = Field(description="单位代码，永不改变")
    org_code: str = Field(description="机构代码（GB 11714），也是索引号的前段码")
    name: str = Field(description="单位名称")
    short_name: str = Field(description="简称")
    tier: str = Field(description="层级代码T1至T7")
    tier_name: str = Field(description="层级名称，如“市直重点部门”")
    parent: str | None = Field(description="上级单位代码；市政府为null")
    is_government: bool = Field(description="是否为一级政府")
    address: str = Field(description="办公地址")
    hours: str = Field(description="办公时间")
    phone: str = Field(description="联系电话")
    email: str = Field(description="电子邮箱")
    active_from: date = Field(description="设立日期")
    active_to: date | None = Field(description="撤销日期，即不再存在的第一天；在册的为null")
    successor: str | None = Field(description="承继单位代码")
    url: str = Field(description="单位信息公开主页的网址")


class UnitList(Schema):
    units: list[UnitRow]


class UnitDetail(UnitRow):
    """单位及其下级。"""

    children: list[UnitName] = Field(description="直接下级单位")


class ColumnRow(Schema):
    """公开目录的栏目。"""

    code: str = Field(description="栏目代码，永不改变")
    parent: str | None = Field(description="上级栏目代码；一级栏目为null")
    level: int = Field(description="级次，从1起")
    name: str = Field(description="名称；查询某单位的目录时为该单位所用的名称")
    owner: str | None = Field(description="自设栏目的单位代码；全市标准的栏目为null")
    tiers: list[str] = Field(description="适用的单位层级代码")
    content_requirements: str = Field(description="内容要求")
    elements: list[str] = Field(description="公开要素")
    five_opens: str = Field(
        description="五公开类别代码：decision、execution、management、service、result；没有的为空"
    )
    column_type: str = Field(description="栏目类别（页面标签ColumnType）")
    statutory_item: str = Field(description="政府信息公开条例的事项")
    legal_basis: str = Field(description="公开依据")
    time_limit: dict[str, Any] | None = Field(description="公开时限")
    update_cycle_days: int | None = Field(description="更新周期（天）")
    active_from: date = Field(description="启用日期")
    active_to: date | None = Field(description="停用日期，即不再有的第一天")
    url: str | None = Field(description="栏目列表的网址；只在查询某单位的目录时有")


class ColumnList(Schema):
    on: date = Field(description="目录所属的日期")
    columns: list[ColumnRow]


class ThemeList(Schema):
    themes: list[ThemeName]


class ItemLink(Schema):
    """指向另一条公开信息。"""

    id: int
    title: str = Field(description="名称")
    doc_no: str = Field(description="文号，没有的为空")
    url: str = Field(description="公开网址")
    api: str = Field(description="在本接口的地址")


class ItemRow(Schema):
    """一条公开信息，不含正文。"""

    id: int = Field(description="编号，永不改变")
    index_no: str = Field(description="索引号，永不改变")
    title: str = Field(description="名称")
    unit: UnitName = Field(description="发布机构")
    column: ColumnName = Field(description="主栏目")
    doc_no: str = Field(description="文号，规范写法；没有的为空")
    issuer: str = Field(description="发文机关")
    theme: ThemeName | None = Field(description="主题分类")
    genre: str = Field(description="体裁")
    audience: str = Field(description="服务对象")
    keywords: str = Field(description="关键词")
    abstract: str = Field(description="内容概述")
    written_on: date | None = Field(description="成文日期")
    formed_on: date | None = Field(description="生成日期")
    effective_on: date | None = Field(description="施行日期")
    expires_on: date | None = Field(description="写明的失效日期；文件是否有效请查/documents")
    is_statement: bool = Field(description="是否为情况说明")
    published_at: datetime = Field(description="首次发布时间，永不改变")
    amended_at: datetime | None = Field(description="最近一次修改时间")
    url: str = Field(description="公开网址，永不改变")
    api: str = Field(description="在本接口的地址")


class ItemList(Schema):
    items: list[ItemRow]
    next: str | None = Field(description="下一页的游标；没有下一页的为null")


class AttachmentRow(Schema):
    name: str = Field(description="文件名")
    url: str = Field(description="网址")
    is_image: bool = Field(description="是否为正文中的图片")


class InterpretationOf(Schema):
    level: str = Field(description="级别：own本级政策解读，superior转载上级政策解读")
    form: str = Field(description="形式代码")
    form_name: str = Field(description="形式，如“图解”")
    interpreter: str = Field(description="解读人")
    document: ItemLink | None = Field(description="所解读的文件；不在本系统或者没有公开的为null")
    document_title: str = Field(description="所解读的上级文件名称")
    document_no: str = Field(description="所解读的上级文件文号")


class RelationRow(Schema):
    """文件之间的修改、代替、废止。"""

    kind: str = Field(description="amends修改，replaces代替，repeals废止")
    side: str = Field(description="acts本文件作用于对方，undergoes对方作用于本文件")
    on: date = Field(description="生效日期")
    document: ItemLink | None = Field(description="对方文件；没有公开的为null")


class FilingRow(Schema):
    filed_on: date = Field(description="备案日期")
    number: str = Field(description="备案号")
    authority: str = Field(description="备案机关")


class CleanupRow(Schema):
    year: int = Field(description="清理年度")
    result: str = Field(description="kept保留，amend修改，repealed废止，expired失效")
    on: date = Field(description="公布日期")
    basis: str = Field(description="依据")


class PlacementRow(Schema):
    unit: UnitName = Field(description="显示的单位")
    column: ColumnName = Field(description="显示的栏目")
    starts_on: date = Field(description="开始日期")
    ends_on: date | None = Field(description="最后一日；长期的为null")


class ItemDetail(ItemRow):
    """一条公开信息的全部内容。"""

    body: str = Field(description="正文，净化过的HTML；其中以/files/开头的地址相对于公开网址的域名")
    content_source: str = Field(description="信息来源")
    source_url: str = Field(description="来源网址")
    attachments: list[AttachmentRow] = Field(description="附件和正文图片")
    interprets: InterpretationOf | None = Field(description="本条解读的文件；不是解读的为null")
    relations: list[RelationRow] = Field(description="文件关系（立改废）")
    filings: list[FilingRow] = Field(description="备案")
    cleanups: list[CleanupRow] = Field(description="清理结果")
    placements: list[PlacementRow] = Field(description="主栏目以外显示的位置")


class DocumentRow(ItemRow):
    """一件文件及其在所问之日的有效性。"""

    normative: bool = Field(description="是否为行政规范性文件")
    validity: str = Field(description="valid有效，amended已修改，expired失效，repealed废止，pending尚未施行")
    validity_name: str = Field(description="有效性的中文名称")
    ends_on: date | None = Field(description="有效期届满后的第一天，含未写明有效期而按规定计算的")


class DocumentList(Schema):
    on: date = Field(description="有效性所属的日期")
    documents: list[DocumentRow]
    next: str | None = Field(description="下一页的游标；没有下一页的为null")


class ChainLink(Schema):
    """沿革中的一步：一件文件作用于另一件。"""

    kind: str = Field(description="amends修改，replaces代替，repeals废止")
    on: date = Field(description="生效日期")
    acting: int = Field(description="作用的文件编号")
    other: int = Field(description="对象文件编号")


class DocumentDetail(DocumentRow):
    """一件文件的有效性和沿革。"""

    on: date = Field(description="有效性所属的日期")
    relations: list[RelationRow] = Field(description="直接的文件关系")
    filings: list[FilingRow]
    cleanups: list[CleanupRow]
    chain: list[ChainLink] = Field(description="沿革：与本文件直接或间接相关的全部立改废，按生效日期")
    chain_documents: list[ItemLink] = Field(description="沿革中出现的文件，含本文件")


class InterpretationRow(Schema):
    item: ItemRow = Field(description="解读本身")
    level: str = Field(description="级别：own本级政策解读，superior转载上级政策解读")
    form: str = Field(description="形式代码")
    form_name: str = Field(description="形式，如“图解”")
    interpreter: str = Field(description="解读人")
    document: ItemLink | None = Field(description="所解读的文件；不在本系统或者没有公开的为null")
    document_title: str = Field(description="所解读的上级文件名称")
    document_no: str = Field(description="所解读的上级文件文号")


class InterpretationList(Schema):
    interpretations: list[InterpretationRow]
    next: str | None = Field(description="下一页的游标；没有下一页的为null")


class MeasureRow(Schema):
    key: str = Field(description="统计项目代码")
    label: str = Field(description="名称")
    unit_word: str = Field(description="计量单位")
    definition: str = Field(description="口径")


class MeasureList(Schema):
    years: list[int] = Field(description="有数据的年份，从新到旧")
    measures: list[MeasureRow]


class FigureRow(Schema):
    key: str = Field(description="统计项目代码")
    scope: str = Field(
        description="范围：all全市，city、county、town三级，unit-代码为一个单位，under-代码含其下级"
    )
    label: str = Field(description="在表中的名称")
    value: int = Field(description="数值")
    before: int = Field(description="上一年的数值")
    growth: float | None = Field(description="同比增长（%），上年为零的为null")
    unit_word: str = Field(description="计量单位")
    url: str = Field(description="列出所统计的每一条记录的网页")


class FigureTableRow(Schema):
    caption: str = Field(description="表名")
    figures: list[FigureRow]


class YearFigures(Schema):
    year: int
    tables: list[FigureTableRow]


class FigureDetail(FigureRow):
    """一个统计数据和它的组成。"""

    year: int
    definition: str = Field(description="口径")
    parts: list[FigureRow] = Field(description="各级或者各单位的数据，合计即本数据")


class ChangeRow(Schema):
    """变动流中的一条。"""

    at: datetime = Field(description="变动的时间")
    kind: str = Field(
        description="published发布，amended修改，moved移动栏目，withdrawn撤回，restored恢复，erased彻底清除，"
        "related文件关系变化，placed显示位置变化，unit单位变化，catalogue公开目录变化"
    )
    id: int | None = Field(description="信息编号；单位和目录的变化为null")
    public: bool = Field(
        description="这条信息现在是否公开；为false的应当从副本中删除。单位和目录的变化为true"
    )
    item: ItemRow | None = Field(description="信息现在的样子（不含正文）；不公开的为null")
    also: list[int] = Field(description="内容中提到这条信息、因而也应重新读取的其他公开信息的编号")


class ChangeList(Schema):
    changes: list[ChangeRow]
    next: str = Field(description="游标：从这里继续读取，总是有值")
    more: bool = Field(description="是否还有已经发生、尚未读到的变动")


Openness = Literal["proactive", "on_request", "closed"]
Level = Literal["", "own", "superior"]
Form = Literal[
    "",
    "leader",
    "department",
    "expert",
    "media",
    "graphic",
    "audio_video",
    "questions",
    "interview",
    "conference",
]


class SubmittedFile(Schema):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200, description="文件名，含扩展名")
    content: str = Field(description="文件内容，Base64")


class Content(Schema):
    """稿件的内容。"""

    model_config = ConfigDict(extra="forbid")

    column: str = Field("", max_length=24, description="栏目代码；修改已发布信息时不必填")
    title: str = Field(min_length=1, max_length=200, description="标题")
    body: str = Field("", max_length=2_000_000, description="正文，HTML；接收时净化")
    doc_no: str = Field("", max_length=80, description="文号")
    issuer: str = Field("", max_length=120, description="发文机关")
    theme: str = Field("", max_length=8, description="主题分类代码")
    genre: str = Field("", max_length=20, description="体裁")
    audience: str = Field("", max_length=20, description="服务对象")
    keywords: str = Field("", max_length=200, description="关键词")
    abstract: str = Field("", max_length=10_000, description="内容概述")
    written_on: date | None = Field(None, description="成文日期")
    formed_on: date | None = Field(None, description="生成日期")
    effective_on: date | None = Field(None, description="施行日期")
    expires_on: date | None = Field(None, description="失效日期")
    content_source: str = Field("", max_length=120, description="信息来源；空即为本单位")
    openness: Openness = Field(
        "proactive", description="公开属性：proactive主动公开，on_request依申请公开，closed不予公开"
    )
    clause: str = Field("", max_length=20, description="非主动公开的法定依据代码")
    non_disclosure_reason: str = Field("", max_length=200, description="非主动公开的理由")
    is_statement: bool = Field(False, description="是否为情况说明")
    interprets: int | None = Field(None, ge=1, le=2**63 - 1, description="所解读的文件编号")
    interpretation_level: Level = Field("", description="解读级别")
    interpretation_form: Form = Field("", description="解读形式")
    interpreter: str = Field("", max_length=80, description="解读人")
    interpreted_title: str = Field("", max_length=200, description="所解读的上级文件")
    plan_outline: str = Field("", max_length=10_000, description="解读方案：提纲（本条为政策文件时）")
    plan_forms: list[Form] = Field([], max_length=9, description="解读方案：形式")
    plan_interpreter: str = Field("", max_length=80, description="解读方案：第一解读人")
    plan_on: date | None = Field(None, description="解读方案：计划发布日期")
    plan_channels: str = Field("", max_length=120, description="解读方案：发布渠道")
    plan_waiver: str = Field("", max_length=200, description="不作解读的理由")
    attachments: list[SubmittedFile] | None = Field(
        None,
        max_length=50,
        description="附件，Base64；也可以用multipart/form-data随文上传。修改时不填即保持不变",
    )


class NewSubmission(Content):
    """提交的稿件。"""

    unit: str = Field("", max_length=24, description="单位代码；空即为密钥所属的单位")
    amends: int | None = Field(None, ge=1, le=2**63 - 1, description="要修改的已发布信息的编号；空即为新信息")
    reference: str = Field("", max_length=80, description="贵系统的编号，原样返回")


class Receipt(Schema):
    """提交的结果。"""

    id: int = Field(description="稿件编号")
    state: str = Field(description="状态代码，见查询")
    state_name: str = Field(description="状态")
    problem: str = Field(description="没有送审的原因，一句话；已经送审的为空")
    api: str = Field(description="查询的地址")


class FindingRow(Schema):
    """发布前检查发现的问题。"""

    rule: str = Field(description="规则代码")
    severity: str = Field(description="block必须处理，warn需要核对，note提示")
    place: str = Field(description="位置，如“正文”")
    message: str = Field(description="问题")
    suggestion: str = Field(description="建议")
    stops: bool = Field(description="是否阻止送审")


class SubmissionRow(Schema):
    """提交的稿件现在的状态。"""

    id: int = Field(description="稿件编号")
    reference: str = Field(description="贵系统的编号")
    unit: UnitName = Field(description="单位")
    title: str = Field(description="标题")
    state: str = Field(
        description="draft草稿，in_review审核中，returned已退回，approved已签发待发布，published已发布，dropped已作废"
    )
    state_name: str = Field(description="状态")
    amends: bool = Field(description="是否为对已发布信息的修改")
    submitted_at: datetime = Field(description="提交时间")
    updated_at: datetime = Field(description="最近变化的时间")
    index_no: str | None = Field(description="发布后的索引号")
    url: str | None = Field(description="发布后的公开网址；没有公开的为null")
    api: str = Field(description="查询的地址")


class SubmissionList(Schema):
    submissions: list[SubmissionRow]
    next: str | None = Field(description="下一页的游标；没有下一页的为null")


class SubmissionDetail(SubmissionRow):
    """提交的稿件现在的状态，以及等待什么。"""

    waiting_for: str | None = Field(description="正在等待的审核环节")
    returned_because: str | None = Field(description="最近一次退回的理由；不是退回状态的为null")
    findings: list[FindingRow] = Field(description="尚未发布的稿件现有的检查发现")
    attachments: list[str] = Field(description="附件的文件名")
