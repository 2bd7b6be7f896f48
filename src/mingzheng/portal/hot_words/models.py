"""How many asked for a word on a day. Nothing in it says who."""

from __future__ import annotations

from django.db import models


class AskedWord(models.Model):
    """One word on one day."""

    word = models.CharField("词语", max_length=20)
    on = models.DateField("日期")
    askers = models.PositiveIntegerField("询问人次", default=0)

    class Meta:
        verbose_name = "搜索词"
        constraints = [models.UniqueConstraint(fields=["on", "word"], name="asked_word_once_a_day")]
