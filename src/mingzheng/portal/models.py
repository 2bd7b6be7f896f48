"""What the portal itself remembers: how often an item was read."""

from __future__ import annotations

from django.db import models

from mingzheng.publish.items.models import Item


class ViewCount(models.Model):
    """Readings of one item; no cookie, no address, nothing about the reader."""

    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="views")
    count = models.PositiveBigIntegerField("浏览次数", default=0)
