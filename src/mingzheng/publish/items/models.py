"""A published item with its metadata, and the facts that hang on it.

Fields follow the 2009 core metadata of the national catalogue guideline (14 elements). Rows are written by
:mod:`mingzheng.publish.items.services` only; index number and first publication never change, which the
database enforces.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from mingzheng.city.models import Person, Unit
from mingzheng.city.permissions import Access
from mingzheng.publish.catalogue.models import Column


class Openness(models.TextChoices):
    PROACTIVE = "proactive", "主动公开"
    ON_REQUEST = "on_request", "依申请公开"
    CLOSED = "closed", "不予公开"


class Status(models.TextChoices):
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤回"
    TOMBSTONE = "tombstone", "已撤回，原址有说明"
    ERASED = "erased", "内容已清除"


def is_public(path: str = "") -> Q:
    """The condition that an item is open to everybody; ``path`` leads to the item from a row that hangs on it."""
    return Q(**{f"{path}status": Status.PUBLISHED, f"{path}openness": Openness.PROACTIVE})


class ItemQuerySet(models.QuerySet["Item"]):
    def public(self) -> ItemQuerySet:
        """What anybody may see: published and proactively open."""
        return self.filter(is_public())

    def tombstones(self) -> ItemQuerySet:
        """Items that were public and whose address says that they were withdrawn."""
        return self.filter(status=Status.TOMBSTONE, openness=Openness.PROACTIVE)

    def gone(self) -> ItemQuerySet:
        """Items that were public and whose address is empty for good, or until they are restored."""
        return self.filter(status__in=[Status.WITHDRAWN, Status.ERASED], openness=Openness.PROACTIVE)

    def numbered(self) -> ItemQuerySet:
        """Published items with a document number; says the condition of their index, so that it is used."""
        return self.filter(status=Status.PUBLISHED).exclude(doc_no="")

    def sourced(self) -> ItemQuerySet:
        """Items that came from elsewhere; says the condition of their index, so that it is used."""
        return self.exclude(source_key="")

    def visible_to(self, user: Person | AnonymousUser | None) -> ItemQuerySet:
        """The one visibility rule of items: the public ones, and everything of the units whose items the user may read."""
        own = Access(user).where("item.read")
        return self.filter(is_public() | own) if own else self.all()


class Item(models.Model):
    """One piece of published information (政府信息)."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="items", db_index=False, verbose_name="发布机构"
    )
    column = models.ForeignKey(
        Column, models.PROTECT, related_name="items", db_index=False, verbose_name="栏目"
    )
    index_no = models.CharField("索引号", max_length=40, unique=True)
    title = models.CharField("名称", max_length=200)
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
    repealed_on = models.DateField("废止日期", null=True, blank=True)
    openness = models.CharField("公开属性", max_length=12, choices=Openness.choices)
    non_disclosure_reason = models.CharField("不予公开理由", max_length=200, blank=True)
    content_source = models.CharField("信息来源", max_length=120)
    source_url = models.URLField("来源网址", max_length=500, blank=True)
    source_key = models.CharField("来源标识", max_length=200, blank=True)
    is_statement = models.BooleanField("情况说明", default=False)
    status = models.CharField("状态", max_length=10, choices=Status.choices)
    first_published_at = models.DateTimeField("首次发布时间")
    amended_at = models.DateTimeField("修改时间", null=True, blank=True)
    ends_at = models.DateTimeField("定时下线", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawal_code = models.CharField("撤回原因", max_length=20, blank=True, db_default="")
    withdrawal_reason = models.CharField("撤回理由", max_length=200, blank=True)
    body = models.TextField("正文", help_text="已净化的HTML")

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = "公开信息"
        constraints = [
            models.UniqueConstraint(
                fields=["source_key"], condition=~Q(source_key=""), name="item_once_per_source"
            ),
            models.UniqueConstraint(
                fields=["doc_no", "unit"],
                condition=~Q(doc_no="") & Q(status="published"),
                name="item_once_per_doc_no",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "column", "first_published_at"], name="item_lists"),
            # The desk's lists, newest first: of a unit, and of the whole city with all that is searched, so that
            # a search of the city reads this index and no bodies.
            models.Index(fields=["unit", "-first_published_at", "-id"], name="item_unit_desk"),
            models.Index(
                fields=[
                    "-first_published_at",
                    "-id",
                    "unit",
                    "column",
                    "status",
                    "title",
                    "doc_no",
                    "index_no",
                ],
                name="item_city_desk",
            ),
            models.Index(fields=["ends_at"], condition=Q(status="published"), name="item_ending"),
            # Cover the counting of a year by unit, and of a column's year: figures never touch the rows themselves.
            models.Index(
                fields=["first_published_at", "status", "openness", "unit", "column"], name="item_figures"
            ),
            models.Index(
                fields=["column", "first_published_at", "status", "openness", "unit"], name="item_columns"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Attachment(models.Model):
    """A file that belongs to an item, by its address. Those that are kept here are below ``/files/``."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="attachments")
    name = models.CharField("名称", max_length=200)
    url = models.CharField("地址", max_length=500)
    is_inline = models.BooleanField("正文图片", default=False)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["url"], condition=Q(url__startswith="/files/"), name="attachment_kept")
        ]


class Interpretation(models.Model):
    """That an item interprets a policy document (政策解读), and how."""

    class Level(models.TextChoices):
        SUPERIOR = "superior", "转载上级政策解读"
        OWN = "own", "本级政策解读"

    class Form(models.TextChoices):
        LEADER = "leader", "负责人解读"
        DEPARTMENT = "department", "部门解读"
        EXPERT = "expert", "专家解读"
        MEDIA = "media", "媒体解读"
        GRAPHIC = "graphic", "图解"
        AUDIO_VIDEO = "audio_video", "音视频"
        QUESTIONS = "questions", "问答"
        INTERVIEW = "interview", "在线访谈"
        CONFERENCE = "conference", "新闻发布会"

    item = models.OneToOneField(Item, models.CASCADE, related_name="interpretation")
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    form = models.CharField("形式", max_length=12, choices=Form.choices)
    interpreter = models.CharField("解读人", max_length=80, blank=True)
    document = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="interpretations", verbose_name="被解读文件"
    )
    document_title = models.CharField("被解读文件名称", max_length=200, blank=True)
    document_no = models.CharField("被解读文件文号", max_length=80, blank=True)


class Participant(models.Model):
    """A person named in an item as taking part: a speaker of a press conference, a citizen at a meeting."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="participants")
    name = models.CharField("姓名", max_length=40)
    title = models.CharField("职务", max_length=80, blank=True)
    unit_name = models.CharField("单位", max_length=80, blank=True)

    class Meta:
        ordering = ["id"]


class ErasureRequest(models.Model):
    """That somebody asked to erase an item, and who confirmed it. It lapses seven days after it was asked."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="erasure_requests")
    code = models.CharField("原因", max_length=20)
    reason = models.CharField("理由", max_length=200)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    confirmed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True)

    class Meta:
        verbose_name = "清除申请"
