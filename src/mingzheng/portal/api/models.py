"""Keys of other systems, what they handed in, the answers they were given, and how much each address asked for.

Rows are written by :mod:`mingzheng.portal.api.services` and the modules behind it only.
"""

from __future__ import annotations

from datetime import date

from django.db import models

from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access
from mingzheng.publish.manuscripts.models import Manuscript


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def in_force(self, on: date) -> ApiKeyQuerySet:
        """Keys that open today: not revoked, not over, of an account in use."""
        return self.filter(revoked_at=None, expires_on__gte=on, person__is_active=True)

    def visible_to(self, access: Access) -> ApiKeyQuerySet:
        """The one visibility rule of keys: those of units whose accounts the person keeps."""
        return self.filter(access.where("unit.manage"))


class ApiKey(models.Model):
    """A key (接口密钥) by which a system writes for a unit. It acts as an account of its own, with that account's roles."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="api_keys", verbose_name="账号")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="api_keys", verbose_name="单位")
    name = models.CharField("系统名称", max_length=40)
    start = models.CharField("密钥开头", max_length=12, help_text="what is shown of the key")
    digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the key, which is kept nowhere"
    )
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="建立人")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    expires_on = models.DateField("最后一日")
    revoked_at = models.DateTimeField("作废时间", null=True)
    revoked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    reason = models.CharField("作废原因", max_length=200, blank=True)
    last_used_at = models.DateTimeField("最近使用", null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "接口密钥"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, access: Access) -> SubmissionQuerySet:
        """The one visibility rule of submissions: that of their manuscripts."""
        return self.filter(access.where("manuscript.read", "manuscript__unit"))


class Submission(models.Model):
    """That a manuscript came through the interface, by which key, and what the other system calls it."""

    manuscript = models.OneToOneField(Manuscript, models.CASCADE, primary_key=True, related_name="submission")
    key = models.ForeignKey(ApiKey, models.PROTECT, related_name="submissions", verbose_name="密钥")
    reference = models.CharField("对方编号", max_length=80, blank=True)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "接口提交"


class KeptAnswer(models.Model):
    """The answer to a request that must not be done twice, under the mark (Idempotency-Key) that it carried."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="answers", db_index=False)
    mark = models.CharField(max_length=120)
    request = models.CharField(max_length=64, help_text="SHA-256 of what was asked")
    status = models.PositiveSmallIntegerField(default=0)
    content = models.TextField(default="", help_text="JSON; no text of the manuscript")
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "mark"], name="one_answer_per_mark")]


class RateCount(models.Model):
    """How often one visitor asked in one span of time. ``visitor`` is a hash of the day that leads to no address."""

    span = models.PositiveBigIntegerField(help_text="number of the span since 1970")
    visitor = models.CharField(max_length=32)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["span", "visitor"], name="one_count_per_span")]
