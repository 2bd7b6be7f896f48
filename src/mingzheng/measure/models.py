"""Annual reports, their frozen figures, and the cells that units report by hand."""

from __future__ import annotations

from django.db import models

from mingzheng.city.models import Person, Unit


class ReportedCell(models.Model):
    """A cell of a report table that a unit reported (报送): appended, the newest row of a cell counts.

    Cells whose facts live elsewhere in the system (documents made, requests) are computed, never reported.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reported_cells", db_index=False)
    year = models.PositiveSmallIntegerField("年度")
    key = models.CharField("单元格", max_length=60, help_text="如 t3.A.natural")
    value = models.DecimalField("数值", max_digits=16, decimal_places=4)
    reported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField("报送时间", auto_now_add=True)

    class Meta:
        verbose_name = "报送数据"
        ordering = ["id"]
        indexes = [models.Index(fields=["unit", "year", "key"], name="reported_cells")]


class ReportedText(models.Model):
    """A passage that a unit writes for its report: appended, the newest row of a name counts."""

    class Name(models.TextChoices):
        PROBLEMS = "problems", "存在的主要问题及改进情况"
        OTHERS = "others", "其他需要报告的事项"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reported_texts")
    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("部分", max_length=10, choices=Name.choices)
    text = models.TextField("内容")
    reported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField("报送时间", auto_now_add=True)

    class Meta:
        verbose_name = "报送文字"
        ordering = ["id"]


class AnnualReport(models.Model):
    """The annual report of a unit, or of a whole government with everything below it."""

    class Scope(models.TextChoices):
        OWN = "own", "本单位"
        WHOLE = "whole", "本级及所属"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="annual_reports", db_index=False)
    year = models.PositiveSmallIntegerField("年度")
    scope = models.CharField("范围", max_length=6, choices=Scope.choices)
    generation = models.CharField("格式", max_length=2)
    title = models.CharField("标题", max_length=120)
    content = models.JSONField("内容", help_text="chapters with blocks, as published")
    published_at = models.DateTimeField("发布时间")
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "年度报告"
        ordering = ["-year", "unit"]
        constraints = [models.UniqueConstraint(fields=["unit", "year", "scope"], name="one_report_a_year")]

    def __str__(self) -> str:
        return self.title


class FrozenFigure(models.Model):
    """A figure of a published report as it stood: its value and the very rows it counted."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="figures", db_index=False)
    key = models.CharField(max_length=120, help_text="measure and scope, as in the address of its rows")
    label = models.CharField("名称", max_length=120)
    value = models.DecimalField("数值", max_digits=18, decimal_places=4)
    unit_word = models.CharField("计量单位", max_length=10, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    row_ids = models.BinaryField(help_text="zlib of the row ids, 8 bytes each, ascending")

    class Meta:
        verbose_name = "冻结数据"
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="one_frozen_figure")]
