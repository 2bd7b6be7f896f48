"""Units, people and what they may do; the audit chain, the outbox and the number counters.

Other rooms use :mod:`mingzheng.city.services`; models are imported for relations and queries only.
"""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q


class Tier(models.TextChoices):
    """The seven tiers of the indicator book; a county's own departments carry their county's tier."""

    CITY = "T1", "市本级"
    KEY_DEPARTMENT = "T2", "市直重点部门"
    OTHER_DEPARTMENT = "T3", "市直非重点部门和企事业单位"
    COUNTY = "T4", "县"
    DISTRICT = "T5", "区"
    TOWN = "T6", "镇"
    SUBDISTRICT = "T7", "街道办事处"


class TierGroup(models.TextChoices):
    """The three levels in which a city's annual report counts."""

    CITY = "city", "市政府及市直单位"
    COUNTY = "county", "县区政府及其部门"
    TOWN = "town", "镇政府（街道办）"

    @property
    def tiers(self) -> tuple[str, ...]:
        return {"city": ("T1", "T2", "T3"), "county": ("T4", "T5"), "town": ("T6", "T7")}[self.value]

    @classmethod
    def of(cls, tier: str) -> TierGroup:
        return next(group for group in cls if tier in group.tiers)


class UnitQuerySet(models.QuerySet["Unit"]):
    def active(self, on: date) -> UnitQuerySet:
        """Units that exist on that day."""
        return self.filter(Q(active_to=None) | Q(active_to__gt=on), active_from__lte=on)

    def under(self, unit: Unit) -> UnitQuerySet:
        """The unit itself and everything below it."""
        return self.filter(Q(pk=unit.pk) | Q(path__startswith=f"{unit.path}/"))


class Unit(models.Model):
    """A unit (单位) that publishes: it keeps its history when it is renamed, moved or merged."""

    code = models.SlugField("代码", max_length=24, unique=True)
    org_code = models.CharField("机构代码", max_length=18, unique=True, help_text="索引号的前段码,GB 11714")
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40)
    tier = models.CharField("层级", max_length=2, choices=Tier.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField("路径", max_length=120, unique=True, editable=False)
    region_code = models.CharField("行政区划代码", max_length=12, blank=True)
    address = models.CharField("办公地址", max_length=120, blank=True)
    hours = models.CharField("办公时间", max_length=120, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    is_government = models.BooleanField("是否为一级政府", default=False)
    sort = models.PositiveIntegerField("排序", default=0)
    active_from = models.DateField("设立日期")
    active_to = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="承继单位"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ["sort", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def group(self) -> TierGroup:
        return TierGroup.of(self.tier)


class Person(AbstractUser):
    """Somebody who signs in; what they may do follows from their memberships alone."""

    name = models.CharField("姓名", max_length=40)

    class Meta:
        verbose_name = "人员"

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Role(models.TextChoices):
    WRITER = "writer", "信息员"
    REVIEWER = "reviewer", "审核员"
    SIGNER = "signer", "签发人"
    SECRECY = "secrecy", "保密员"
    DUTY = "duty", "应急发布员"
    OFFICE = "office", "公开办"
    OPERATOR = "operator", "第三方运维"
    EVALUATOR = "evaluator", "第三方测评"
    AUDITOR = "auditor", "审计员"
    ADMIN = "admin", "系统管理员"


class Membership(models.Model):
    """A role of a person in a unit for a time; central roles are one grant on the root unit."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    role = models.CharField("角色", max_length=12, choices=Role.choices)
    downwards = models.BooleanField("含下级单位", default=False)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "role", "starts_on"], name="one_grant_per_start"
            )
        ]


class Delegation(models.Model):
    """That a person's reviews are done by another while they are away (委托办理)."""

    principal = models.ForeignKey(Person, models.PROTECT, related_name="delegations", verbose_name="委托人")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="deputyships", verbose_name="受托人")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    reason = models.CharField("事由", max_length=200)

    class Meta:
        verbose_name = "委托"
        indexes = [models.Index(fields=["deputy", "ends_on"])]


class AuditEntry(models.Model):
    """One link of the audit chain: each entry carries the hash of the one before."""

    at = models.DateTimeField()
    actor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, help_text="what was acted upon, e.g. item:12")
    payload = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "审计记录"
        ordering = ["id"]
        indexes = [models.Index(fields=["subject"])]


class AuditHead(models.Model):
    """The end of the chain, in one row: the lock that writers queue for, and the guard against a cut tail."""

    entries = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class OutboxEvent(models.Model):
    """Something that happened and must still have its effect outside the transaction that wrote it."""

    topic = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "待发事件"
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(done_at=None), name="outbox_waiting")]


class NumberCounter(models.Model):
    """The last serial number given out under a key; gaps are allowed, reuse is not."""

    key = models.CharField(max_length=80, unique=True)
    last = models.PositiveBigIntegerField(default=0)
