"""Columns of the catalogue, what units adjust, and the dated record of every change.

A column standard per tier is data: one tree whose columns name the tiers they hold for. Adding a column
to a tier reaches all its units at once.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from mingzheng.city.models import Person, Unit


class FiveOpens(models.TextChoices):
    DECISION = "decision", "决策公开"
    EXECUTION = "execution", "执行公开"
    MANAGEMENT = "management", "管理公开"
    SERVICE = "service", "服务公开"
    RESULT = "result", "结果公开"


class ColumnQuerySet(models.QuerySet["Column"]):
    def valid_on(self, on: date) -> ColumnQuerySet:
        """Columns of the standard and of units that are in force on that day."""
        return self.filter(Q(effective_to=None) | Q(effective_to__gt=on), effective_from__lte=on)


class Column(models.Model):
    """A column (栏目) of the standard, or of one unit alone when ``owner`` is set."""

    code = models.CharField("代码", max_length=24, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    owner = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="own_columns")
    name = models.CharField("名称", max_length=60)
    level = models.PositiveSmallIntegerField("级次")
    tiers = models.JSONField("适用层级", default=list)
    content_requirements = models.TextField("内容要求", blank=True)
    elements = models.JSONField("公开要素", default=list)
    check_points = models.JSONField("考察点", default=list)
    five_opens = models.CharField("五公开", max_length=10, choices=FiveOpens.choices, blank=True)
    column_type = models.CharField(
        "栏目类别", max_length=30, help_text="国办发〔2017〕47号的页面标签ColumnType"
    )
    role = models.CharField("用途标记", max_length=40, blank=True, db_index=True)
    update_cycle_days = models.PositiveIntegerField("更新周期（天）", null=True, blank=True)
    min_per_period = models.PositiveIntegerField("周期内最少条数", null=True, blank=True)
    statutory_item = models.CharField("条例事项", max_length=20, blank=True)
    legal_basis = models.CharField("公开依据", max_length=200, blank=True)
    time_limit = models.JSONField("公开时限", null=True, blank=True)
    allow_statement = models.BooleanField("可用情况说明", default=False)
    update_exempt = models.BooleanField("无需经常更新", default=False)
    sort = models.PositiveIntegerField("排序", default=0)
    effective_from = models.DateField("启用日期")
    effective_to = models.DateField("停用日期", null=True, blank=True)

    objects = ColumnQuerySet.as_manager()

    class Meta:
        verbose_name = "栏目"
        ordering = ["sort", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """The column's part of an address."""
        return self.code.lower()


class UnitColumn(models.Model):
    """A unit's own adjustment (本级调整) of a column of its standard: another name, or not shown, for a time."""

    class Kind(models.TextChoices):
        HIDE = "hide", "停用"
        RENAME = "rename", "更名"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="column_adjustments")
    column = models.ForeignKey(Column, models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField("本级名称", max_length=60, blank=True)
    reason = models.CharField("理由", max_length=200)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "栏目调整"


class CatalogueChange(models.Model):
    """A dated, appended fact: a column was added, adjusted or closed. The year's figures count these rows."""

    class Kind(models.TextChoices):
        INITIAL = "initial", "初始编制"
        ADDED = "added", "新增"
        ADJUSTED = "adjusted", "调整"
        CLOSED = "closed", "停用"

    on = models.DateField("日期")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    column = models.ForeignKey(Column, models.PROTECT, related_name="changes")
    level = models.PositiveSmallIntegerField("级次")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, help_text="空：全市标准")
    details = models.JSONField("调整内容", default=dict)
    reason = models.CharField("理由", max_length=200, blank=True)
    actor = models.ForeignKey(Person, models.PROTECT, null=True)

    class Meta:
        verbose_name = "目录变动"
        ordering = ["on", "id"]


class CatalogueEdition(models.Model):
    """A revision (版次) of the standard, or of one unit's own columns, planned as a whole and adopted at once."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草中"
        ADOPTED = "adopted", "已通过"
        DISCARDED = "discarded", "已作废"

    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, verbose_name="所属单位", help_text="空：全市标准"
    )
    name = models.CharField("名称", max_length=80)
    effective_on = models.DateField("施行日期")
    reason = models.CharField("修订理由", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="起草人")
    created_at = models.DateTimeField("起草时间", auto_now_add=True)
    adopted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="通过人")
    adopted_at = models.DateTimeField("通过时间", null=True)
    carried_out_at = models.DateTimeField("施行时间", null=True, help_text="空：尚未施行")

    class Meta:
        verbose_name = "目录版次"
        ordering = ["-effective_on", "-id"]

    def __str__(self) -> str:
        return self.name


class EditionChange(models.Model):
    """What an edition does to one column. Once carried out, ``fact`` is the counted change."""

    class Kind(models.TextChoices):
        ADDED = "added", "新增"
        ADJUSTED = "adjusted", "调整"
        CLOSED = "closed", "停用"

    edition = models.ForeignKey(CatalogueEdition, models.CASCADE, related_name="changes")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    code = models.CharField("栏目代码", max_length=24)
    name = models.CharField("栏目名称", max_length=60)
    level = models.PositiveSmallIntegerField("级次")
    fields = models.JSONField("内容", default=dict, help_text="新增：上级和全部内容；调整：新的内容")
    reason = models.CharField("理由", max_length=200, blank=True)
    fact = models.OneToOneField(CatalogueChange, models.PROTECT, null=True, related_name="planned_as")

    class Meta:
        verbose_name = "版次内容"
        ordering = ["level", "id"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="one_change_per_column")]
