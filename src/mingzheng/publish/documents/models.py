"""Facts about policy documents (政策文件): dated, appended, never changed; a wrong one is retracted by another fact.

Rows are written by :mod:`mingzheng.publish.documents.services` only. Whether a document holds on a day follows from
them (:mod:`mingzheng.publish.documents.validity`) and is stored nowhere.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from django.db import models
from django.db.models import Q

from mingzheng.city.models import Person, Unit
from mingzheng.publish.items.models import Item, Openness

F = TypeVar("F", bound=models.Model)


class FactQuerySet(models.QuerySet[F], Generic[F]):
    def standing(self) -> FactQuerySet[F]:
        """What was not retracted."""
        return self.filter(retraction=None)


class DocumentRelation(models.Model):
    """That one document acts on another (立改废)."""

    class Kind(models.TextChoices):
        AMENDS = "amends", "修改"
        REPLACES = "replaces", "代替"
        REPEALS = "repeals", "废止"

    item = models.ForeignKey(Item, models.PROTECT, related_name="acts_on", verbose_name="本文件")
    other = models.ForeignKey(Item, models.PROTECT, related_name="acted_on_by", verbose_name="对象文件")
    kind = models.CharField("关系", max_length=10, choices=Kind.choices)
    on = models.DateField("生效日期")
    note = models.CharField("说明", max_length=200, blank=True)
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间")

    objects = FactQuerySet["DocumentRelation"].as_manager()

    class Meta:
        verbose_name = "文件关系"
        ordering = ["on", "id"]


class Filing(models.Model):
    """That a document was filed with an authority (备案)."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="filings")
    filed_on = models.DateField("备案日期")
    number = models.CharField("备案号", max_length=80)
    authority = models.CharField("备案机关", max_length=120)
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间")

    objects = FactQuerySet["Filing"].as_manager()

    class Meta:
        verbose_name = "备案"
        ordering = ["filed_on", "id"]


class CleanupResult(models.Model):
    """What a clean-up decided about a document (清理结果). Repealed and expired end it on that day."""

    class Result(models.TextChoices):
        KEPT = "kept", "保留"
        AMEND = "amend", "修改"
        REPEALED = "repealed", "废止"
        EXPIRED = "expired", "失效"

    item = models.ForeignKey(Item, models.PROTECT, related_name="cleanup_results")
    year = models.PositiveSmallIntegerField("清理年度")
    result = models.CharField("清理结果", max_length=10, choices=Result.choices)
    on = models.DateField("公布日期")
    basis = models.CharField("依据", max_length=200)
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间")

    objects = FactQuerySet["CleanupResult"].as_manager()

    class Meta:
        verbose_name = "清理结果"
        ordering = ["year", "id"]


class Retraction(models.Model):
    """That one of these facts was wrong (撤销): it counts no more, and stays readable with the reason."""

    relation = models.OneToOneField(
        DocumentRelation, models.PROTECT, null=True, related_name="retraction", verbose_name="文件关系"
    )
    filing = models.OneToOneField(
        Filing, models.PROTECT, null=True, related_name="retraction", verbose_name="备案"
    )
    cleanup = models.OneToOneField(
        CleanupResult, models.PROTECT, null=True, related_name="retraction", verbose_name="清理结果"
    )
    reason = models.CharField("撤销理由", max_length=200)
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="撤销人")
    at = models.DateTimeField("撤销时间")

    class Meta:
        verbose_name = "撤销"
        constraints = [
            models.CheckConstraint(
                condition=Q(relation__isnull=False, filing=None, cleanup=None)
                | Q(relation=None, filing__isnull=False, cleanup=None)
                | Q(relation=None, filing=None, cleanup__isnull=False),
                name="retraction_of_one_fact",
            )
        ]


class ValidityDay(models.Model):
    """The day for which pages were last told whose validity had changed: one row."""

    on = models.DateField("日期")


class GazetteIssue(models.Model):
    """One issue of the government gazette (政府公报). Once published, only a correction changes it."""

    year = models.PositiveSmallIntegerField("年份")
    number = models.PositiveSmallIntegerField("期号")
    title = models.CharField("名称", max_length=120)
    issued_on = models.DateField("出版日期")
    published_at = models.DateTimeField("发布时间", null=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="编辑")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "政府公报"
        ordering = ["-year", "-number"]
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="one_issue_per_number")]

    def __str__(self) -> str:
        return self.title


class GazetteEntry(models.Model):
    """One item in an issue, in order, below its heading."""

    issue = models.ForeignKey(GazetteIssue, models.CASCADE, related_name="entries")
    order = models.PositiveSmallIntegerField("序号")
    heading = models.CharField("栏题", max_length=40)
    item = models.ForeignKey(Item, models.PROTECT, related_name="gazette_entries")

    class Meta:
        verbose_name = "公报目次"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["issue", "item"], name="item_once_per_issue")]


class GazetteCorrection(models.Model):
    """That a published issue was changed, why, and what it was before."""

    issue = models.ForeignKey(GazetteIssue, models.PROTECT, related_name="corrections")
    reason = models.CharField("更正说明", max_length=200)
    before = models.JSONField("更正前")
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="更正人")
    at = models.DateTimeField("更正时间")

    class Meta:
        verbose_name = "公报更正"
        ordering = ["id"]


class AttributeDecision(models.Model):
    """Who decided at the source how open a text is (公开属性源头认定), on which clause of the Regulation and why."""

    subject = models.CharField(max_length=40, help_text="what was decided on: manuscript:12 or item:12")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    openness = models.CharField("公开属性", max_length=12, choices=Openness.choices)
    clause = models.CharField("法定依据", max_length=20)
    reason = models.CharField("理由", max_length=200)
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="认定人")
    at = models.DateTimeField("认定时间")

    class Meta:
        verbose_name = "公开属性认定"
        ordering = ["id"]
        indexes = [models.Index(fields=["subject"], name="attribute_subject")]
