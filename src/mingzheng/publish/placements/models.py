"""Where items are shown beside their own column. Rows are written by :mod:`mingzheng.publish.placements.services` only.

A placement never makes a second text: the item keeps its one address and its one column, and figures count it there.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from mingzheng.city.models import Person, Unit
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.models import Item, is_public


class PlacementQuerySet(models.QuerySet["Placement"]):
    def in_force(self, on: date) -> PlacementQuerySet:
        """What lists show on that day: accepted, begun, not over, and of a public item."""
        return self.accepted().filter(not_over(on), still_there(), is_public("item__"), starts_on__lte=on)

    def accepted(self) -> PlacementQuerySet:
        return self.filter(state=Placement.State.ACCEPTED)

    def standing(self, on: date) -> PlacementQuerySet:
        """Accepted or waiting ones that are not over by that day, those to come as well."""
        standing = [Placement.State.ACCEPTED, Placement.State.WAITING]
        return self.filter(not_over(on), still_there(), state__in=standing)


def not_over(on: date) -> Q:
    return Q(ends_on=None) | Q(ends_on__gte=on)


def still_there() -> Q:
    """A pin in the item's own column holds as long as the item is in that column."""
    return Q(is_home=False) | Q(column=F("item__column"))


class Placement(models.Model):
    """That an item is shown in a further column, of its own unit or of another to which it was pushed (推送).

    With ``is_home`` it is no further place: the item is pinned in its own column, until it is moved out of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待接收"
        ACCEPTED = "accepted", "已接收"
        REFUSED = "refused", "已退回"
        ENDED = "ended", "已结束"

    item = models.ForeignKey(Item, models.PROTECT, related_name="placements", verbose_name="信息")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="placements", verbose_name="单位")
    column = models.ForeignKey(Column, models.PROTECT, related_name="placements", verbose_name="栏目")
    is_home = models.BooleanField("主栏目置顶", default=False)
    pinned_until = models.DateField("置顶至", null=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("最后一日", null=True)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("办理时间")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间", null=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = "其他位置"
        constraints = [
            models.UniqueConstraint(fields=["item", "unit", "column"], name="placement_once"),
        ]
        indexes = [models.Index(fields=["state", "unit"], name="placement_state")]

    def __str__(self) -> str:
        return f"{self.unit}“{self.column}”"


class PushSetting(models.Model):
    """Whether a unit takes what others push to it without looking (免审接收). Without a row it looks."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="push_setting", verbose_name="单位")
    accept = models.BooleanField("免审接收", default=False)


class PushPreset(models.Model):
    """A named list of places (推送预设), to which the items of a unit and of those below it are pushed in one act."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="push_presets", verbose_name="单位")
    name = models.CharField("名称", max_length=40)

    class Meta:
        verbose_name = "推送预设"
        ordering = ["unit__sort", "unit_id", "name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="push_preset_once")]

    def __str__(self) -> str:
        return self.name


class PushTarget(models.Model):
    """One place of a preset."""

    preset = models.ForeignKey(PushPreset, models.CASCADE, related_name="targets")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    column = models.ForeignKey(Column, models.PROTECT, related_name="+", verbose_name="栏目")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["preset", "unit", "column"], name="push_target_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}“{self.column}”"


class PlacementDay(models.Model):
    """The day up to which it was told which placements began or ended by themselves; one row."""

    on = models.DateField("日期")


class Topic(models.Model):
    """A topic page (专题): items put together in sections."""

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        ARCHIVED = "archived", "已归档"

    slug = models.SlugField("网址名", max_length=40, unique=True)
    title = models.CharField("名称", max_length=80)
    intro = models.CharField("导语", max_length=500, blank=True)
    sections = models.JSONField("分栏", default=list)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="topics", verbose_name="主办单位")

    class Meta:
        verbose_name = "专题"

    def __str__(self) -> str:
        return self.title


class TopicEntry(models.Model):
    """One item of a topic, in its section."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="entries")
    item = models.ForeignKey(Item, models.PROTECT, related_name="topic_entries")
    section = models.CharField("分栏", max_length=40)
    sort = models.PositiveIntegerField("次序")

    class Meta:
        ordering = ["sort", "id"]
        constraints = [models.UniqueConstraint(fields=["topic", "item"], name="topic_item_once")]
