"""Readings by day. Written by :mod:`mingzheng.portal.reading.folding` alone; no row says anything about a reader.

Days older than two years are kept as months: the row of a month stands on its first day.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import models

from mingzheng.city.models import Unit
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.models import Item

BEFORE_DAYS: Final = date(1970, 1, 1)
"""On this day stand the readings of a time when no days were kept: part of an item's number, of no period."""


class ItemDay(models.Model):
    """How often an item was read on a day, and the unit and column in which it stood when it was first read that day."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="readings", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    column = models.ForeignKey(Column, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField("日期")
    count = models.PositiveIntegerField("浏览量")

    class Meta:
        verbose_name = "信息浏览量"
        constraints = [models.UniqueConstraint(fields=["item", "day"], name="item_day_once")]
        indexes = [
            # Cover the counting of a period, of the city and of one unit: statistics never touch the rows themselves.
            models.Index(fields=["day", "unit", "column", "item", "count"], name="item_day_city"),
            models.Index(fields=["unit", "day", "column", "item", "count"], name="item_day_unit"),
        ]


class PageDay(models.Model):
    """How often a page that is no item was read on a day: a home, a list (all its pages), a section of the portal."""

    page = models.CharField("地址", max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    column = models.ForeignKey(Column, models.PROTECT, null=True, related_name="+", db_index=False)
    day = models.DateField("日期")
    count = models.PositiveIntegerField("浏览量")

    class Meta:
        verbose_name = "页面浏览量"
        constraints = [models.UniqueConstraint(fields=["page", "day"], name="page_day_once")]
        indexes = [models.Index(fields=["day", "unit", "column", "count"], name="page_day_city")]


class VisitorDay(models.Model):
    """How many different readers came on a day: a number, made while the day's hashes could still be compared."""

    day = models.DateField("日期", primary_key=True)
    count = models.PositiveIntegerField("独立访客")

    class Meta:
        verbose_name = "独立访客"


class Fold(models.Model):
    """How far a machine's buffer of one day was added up, so that nothing is ever added twice."""

    buffer = models.CharField("缓冲", max_length=40, primary_key=True)
    day = models.DateField("日期")
    reached = models.PositiveBigIntegerField("已计入", default=0)

    class Meta:
        verbose_name = "浏览量汇总进度"
