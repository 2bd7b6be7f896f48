"""Reviews before publication (三审三校): which steps a unit prescribes, and who decided what on which version.

A review is of one exact version, named by the hash of its content. Facts are appended; the database refuses to
change them. ``step``, ``state`` and ``waiting_for`` of a review are what follows from its facts, kept for lists.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from mingzheng.city.models import Person, Unit


class ReviewRoute(models.Model):
    """The steps (审核流程) that a unit, and units below it without their own, prescribe from a day on."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="review_routes", verbose_name="单位")
    steps = models.JSONField("审核环节")
    effective_from = models.DateField("启用日期")

    class Meta:
        verbose_name = "审核流程"
        constraints = [models.UniqueConstraint(fields=["unit", "effective_from"], name="one_route_per_start")]


class Review(models.Model):
    """One version handed in for review."""

    class State(models.TextChoices):
        OPEN = "open", "审核中"
        PASSED = "passed", "已签发"
        RETURNED = "returned", "已退回"
        RECALLED = "recalled", "已撤回送审"
        REOPENED = "reopened", "修改后重审"
        URGENT = "urgent", "应急发布"
        RELEASED = "released", "已发布"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reviews", verbose_name="单位")
    subject = models.CharField(max_length=40, help_text="what is reviewed, e.g. manuscript:12")
    title = models.CharField("标题", max_length=200)
    content_hash = models.CharField(max_length=64)
    steps = models.JSONField("审核环节")
    authors = models.JSONField(
        help_text="ids of everybody who wrote on this version; none of them decides on it"
    )
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="送审人")
    submitted_at = models.DateTimeField("送审时间")
    state = models.CharField("状态", max_length=10, choices=State.choices)
    step = models.PositiveSmallIntegerField("当前环节", default=0)
    waiting_for = models.CharField(
        max_length=40, blank=True, help_text="the verb that the current step needs"
    )

    class Meta:
        verbose_name = "审核"
        indexes = [
            models.Index(fields=["subject"], name="review_subject"),
            models.Index(fields=["content_hash"], name="review_hash"),
            models.Index(
                fields=["waiting_for", "unit", "submitted_at"], condition=Q(state="open"), name="review_queue"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def step_name(self) -> str:
        """The name of the step that is waited for."""
        return str(self.steps[self.step]["name"]) if self.step < len(self.steps) else ""


class ReviewFact(models.Model):
    """Something that was done to a review: appended, never changed."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", "送审"
        PASSED = "passed", "通过"
        RETURNED = "returned", "退回"
        RECALLED = "recalled", "撤回送审"
        REOPENED = "reopened", "修改后重审"
        URGENT = "urgent", "应急发布"
        RELEASED = "released", "发布"
        CONFIRMED = "confirmed", "补审"

    review = models.ForeignKey(Review, models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    step = models.PositiveSmallIntegerField()
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    principal = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", help_text="委托人")
    opinion = models.CharField("意见", max_length=500, blank=True)
    secrecy = models.JSONField("保密审查", null=True, help_text="结论与依据；仅保密审查环节")
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "审核记录"
        ordering = ["id"]
