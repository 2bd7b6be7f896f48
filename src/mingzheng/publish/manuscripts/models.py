"""A manuscript (稿件): what officers write and reviewers read, before it is an item and while an item is amended.

The published item stays as it is until the manuscript is signed off. Rows are written by
:mod:`mingzheng.publish.manuscripts.services` only. Every save is a revision; locks and revisions are Wagtail's.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from wagtail.locks import BaseLock
from wagtail.models import LockableMixin, RevisionMixin

from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.models import Interpretation, Item, Openness


class State(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审核中"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已签发，待发布"
    PUBLISHED = "published", "已发布"
    DROPPED = "dropped", "已作废"


CLOSED = (State.PUBLISHED, State.DROPPED)


class ManuscriptQuerySet(models.QuerySet["Manuscript"]):
    def visible_to(self, access: Access) -> ManuscriptQuerySet:
        """The one visibility rule of manuscripts: those of units whose manuscripts the person may read."""
        return self.filter(access.where("manuscript.read"))


class Manuscript(LockableMixin, RevisionMixin, models.Model):
    """One text on its way to publication. ``item`` is what it became, or the item that it amends."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="manuscripts", db_index=False, verbose_name="单位"
    )
    column = models.ForeignKey(
        Column, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="栏目"
    )
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文", blank=True)
    doc_no = models.CharField("文号", max_length=80, blank=True)
    issuer = models.CharField("发文机关", max_length=120, blank=True)
    theme = models.CharField("主题分类", max_length=8, blank=True)
    genre = models.CharField("体裁", max_length=20, blank=True)
    audience = models.CharField("服务对象", max_length=20, blank=True)
    keywords = models.CharField("关键词", max_length=200, blank=True)
    abstract = models.TextField("内容概述", blank=True)
    written_on = models.DateField("成文日期", null=True, blank=True)
    formed_on = models.DateField("生成日期", null=True, blank=True)
    effective_on = models.DateField("施行日期", null=True, blank=True)
    expires_on = models.DateField("失效日期", null=True, blank=True)
    openness = models.CharField(
        "公开属性", max_length=12, choices=Openness.choices, default=Openness.PROACTIVE
    )
    non_disclosure_reason = models.CharField("依申请或不予公开的理由", max_length=200, blank=True)
    content_source = models.CharField("信息来源", max_length=120, blank=True)
    is_statement = models.BooleanField("本条为情况说明", default=False)
    interprets = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所解读的文件"
    )
    interpretation_level = models.CharField(
        "解读级别", max_length=10, choices=Interpretation.Level.choices, blank=True
    )
    interpretation_form = models.CharField(
        "解读形式", max_length=12, choices=Interpretation.Form.choices, blank=True
    )
    interpreter = models.CharField("解读人", max_length=80, blank=True)
    interpreted_title = models.CharField("所解读的上级文件", max_length=200, blank=True)
    go_live_at = models.DateTimeField("定时发布", null=True, blank=True)
    ends_at = models.DateTimeField("定时下线", null=True, blank=True)
    # The plan of its interpretation, handed in with a document.
    plan_outline = models.TextField("解读提纲", blank=True)
    plan_forms = models.JSONField(
        "解读形式", default=list, blank=True, help_text="values of Interpretation.Form"
    )
    plan_channels = models.CharField("发布渠道", max_length=120, blank=True)
    plan_on = models.DateField("计划发布解读的日期", null=True, blank=True)
    plan_interpreter = models.CharField("第一解读人", max_length=80, blank=True)
    plan_waiver = models.CharField("不作解读的理由", max_length=200, blank=True)

    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="manuscripts")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    writer = models.ForeignKey(Person, models.PROTECT, related_name="manuscripts", verbose_name="起草人")
    authors = models.JSONField(default=list, help_text="ids of everybody who wrote on it")
    by_operator = models.BooleanField("第三方运维起草", default=False)
    content_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField("起草时间", auto_now_add=True)
    updated_at = models.DateTimeField("修改时间", auto_now=True)

    objects = ManuscriptQuerySet.as_manager()
    wagtail_reference_index_ignore = True  # nobody asks Wagtail where a manuscript is used

    class Meta:
        verbose_name = "稿件"
        verbose_name_plural = "稿件"
        ordering = ["-updated_at", "-id"]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="manuscript_recent"),
            models.Index(fields=["unit", "-updated_at", "-id"], name="manuscript_unit"),
            models.Index(fields=["writer", "state"], name="manuscript_writer"),
            models.Index(fields=["go_live_at"], condition=Q(state="approved"), name="manuscript_due"),
        ]

    def __str__(self) -> str:
        return self.title or "（无标题）"

    @property
    def subject(self) -> str:
        """The name under which reviews and the audit chain know it."""
        return f"manuscript:{self.pk}"

    @property
    def is_amendment(self) -> bool:
        """Whether it changes an item that was published before it."""
        return self.item is not None and self.item.first_published_at < self.created_at

    def get_lock(self) -> BaseLock | None:
        """What is under review, signed or done with is read, not written."""
        lock: BaseLock | None = super().get_lock()
        if self.state in (State.DRAFT, State.RETURNED):
            return lock
        return ReviewLock(self)


class ReviewLock(BaseLock):
    """Nobody edits a version that others decide on: take it back first, or let it be returned."""

    def for_user(self, user: object) -> bool:
        return True

    def get_message(self, user: object) -> str:
        return {
            State.IN_REVIEW: "稿件正在审核，不能修改；需要修改时，请由送审人撤回送审，或由审核人退回。",
            State.APPROVED: "稿件已签发，不能修改；需要修改时请先退回起草，修改后须重新审核。",
            State.PUBLISHED: "稿件已发布，不能修改；需要更正时请从已发布信息另起修改稿。",
            State.DROPPED: "稿件已作废，只能查看。",
        }[State(self.object.state)]

    def get_description(self, user: object) -> str:
        return self.get_message(user)


class ManuscriptFile(models.Model):
    """An attachment or an image in the text, stored by its content."""

    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="files")
    key = models.CharField(max_length=80, db_index=True, help_text="where the content is stored")
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类型", max_length=10)
    size = models.PositiveBigIntegerField("大小（字节）")
    text = models.TextField("文字内容", blank=True)
    notices = models.JSONField("隐藏内容", default=list, help_text="[{rule, severity, sentence, removable}]")
    is_inline = models.BooleanField("正文图片", default=False)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "附件"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The address of the file, on the desk and, once published, for everybody."""
        return f"/files/{self.key}"


class CheckDecision(models.Model):
    """What somebody decided about a finding of the checks: appended, shown to every reviewer."""

    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="check_decisions")
    key = models.CharField(max_length=64, help_text="which finding: stable over edits elsewhere")
    rule = models.CharField(max_length=40)
    excerpt = models.CharField(max_length=200, help_text="masked")
    reason = models.CharField("理由", max_length=200)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "检查处理"
        constraints = [models.UniqueConstraint(fields=["manuscript", "key"], name="one_decision_per_finding")]
