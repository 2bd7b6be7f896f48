"""The city's and its units' own rules about words: what is a typo, what is not said, what is right all the same.

A rule is never changed: it is written, and one day ended by a fact of its own, so that an old decision about a text
can be explained from the rules of its day. The lists that come with the system are files of the checks.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access


class Kind(models.TextChoices):
    TYPO = "typo", "错别字"
    PHRASE = "phrase", "不当表述"
    WHITE = "white", "白名单"


class Severity(models.TextChoices):
    BLOCK = "block", "必须处理"
    WARN = "warn", "需要核对"
    NOTE = "note", "提示"


class WordRuleQuerySet(models.QuerySet["WordRule"]):
    def in_force(self, on: date) -> WordRuleQuerySet:
        """The rules that hold on that day."""
        return self.filter(Q(end=None) | Q(end__ends_on__gt=on), active_from__lte=on)

    def standing(self, on: date) -> WordRuleQuerySet:
        """The rules that hold on that day or will hold later."""
        return self.filter(Q(end=None) | Q(end__ends_on__gt=on))

    def visible_to(self, access: Access) -> WordRuleQuerySet:
        """The rules of the whole city, and those of units whose lists the person keeps."""
        own = access.where("words.allow")
        return self.filter(Q(unit=None) | own) if own else self.all()


class WordRule(models.Model):
    """One word of a list: from a day on, in the whole city or in one unit."""

    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    wrong = models.CharField("词语", max_length=60)
    right = models.CharField("改为", max_length=60, blank=True)
    severity = models.CharField("级别", max_length=8, choices=Severity.choices, blank=True)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        related_name="word_rules",
        verbose_name="适用单位",
        help_text="空：全市",
    )
    reason = models.CharField("理由", max_length=200)
    active_from = models.DateField("启用日期")
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="登记人")
    added_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = WordRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "词表规则"
        indexes = [models.Index(fields=["wrong"], name="word_rule_wrong")]

    def __str__(self) -> str:
        return self.wrong


class WordRuleEnd(models.Model):
    """That a rule no longer holds, from which day on, and why."""

    rule = models.OneToOneField(WordRule, models.PROTECT, related_name="end")
    ends_on = models.DateField("停用日期", help_text="自这天起不再适用")
    reason = models.CharField("理由", max_length=200, blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="停用人")
    ended_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "词表规则停用"
