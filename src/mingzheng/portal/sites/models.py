"""Sites and what befalls them. Rows are written by :mod:`mingzheng.portal.sites.services` only.

A site has no pages of its own but its home: the pages of its unit and of those below stand in its frame.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpResponse
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from mingzheng.city.models import Person, Unit
from mingzheng.portal.sites.blocks import HOME_BLOCKS


class Site(models.Model):
    """One web site (网站): that of the city government is the portal (门户网站). A unit has at most one (国办发〔2017〕47号)."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="site", verbose_name="主办单位")
    slug = models.SlugField("网址名", max_length=40, unique=True)
    name = models.CharField("网站名称", max_length=60)
    domain = models.CharField("域名", max_length=100, blank=True)
    id_code = models.CharField("网站标识码", max_length=10)
    icp = models.CharField("ICP备案号", max_length=40, blank=True)
    police = models.CharField("公安机关备案号", max_length=40, blank=True)
    sponsor = models.CharField("主办单位署名", max_length=60)
    organiser = models.CharField("承办单位", max_length=60, blank=True)
    contact = models.CharField("联系方式", max_length=100)
    theme = models.JSONField("外观", default=dict)
    menu = models.JSONField("导航菜单", default=list)
    links = models.JSONField("友情链接", default=list)

    class Meta:
        verbose_name = "网站"
        ordering = ["unit__sort", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["domain"], condition=~Q(domain=""), name="site_domain_once"),
        ]

    def __str__(self) -> str:
        return self.name


class SiteAct(models.Model):
    """One step in the life of a site. Appended, never changed; the state of the site is computed from all of them."""

    class Kind(models.TextChoices):
        APPLIED = "applied", "申请开设"
        REFUSED = "refused", "不予批准"
        APPROVED = "approved", "批准开设"
        OPENED = "opened", "开通"
        SUSPENDED = "suspended", "临时下线"
        RESUMED = "resumed", "恢复上线"
        CLOSING = "closing", "公告关停"

    site = models.ForeignKey(Site, models.PROTECT, related_name="acts")
    kind = models.CharField("事项", max_length=10, choices=Kind.choices)
    reason = models.CharField("说明", max_length=300)
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("最后一日", null=True)
    target = models.CharField("转到", max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("办理时间")

    class Meta:
        verbose_name = "网站办理记录"
        ordering = ["at", "id"]


class SiteHome(DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """The home page of a site, composed of blocks. A draft stands beside what is published, until it is published too."""

    site = models.OneToOneField(
        Site, models.CASCADE, primary_key=True, related_name="home", verbose_name="网站"
    )
    blocks = StreamField(HOME_BLOCKS, blank=True, verbose_name="首页版块")

    class Meta:
        verbose_name = "网站首页"

    def __str__(self) -> str:
        return f"{self.site}首页"

    @property
    def unit(self) -> Unit:
        """Whose officers may change it."""
        return self.site.unit

    def serve_preview(self, request: Any, mode_name: str) -> HttpResponse:
        """The page as it would look with these blocks; nothing is written."""
        from mingzheng.portal.services import preview_home  # the page families stand above the sites

        return HttpResponse(preview_home(self), headers={"Cache-Control": "no-store"})


class NoticeQuerySet(models.QuerySet["CityNotice"]):
    def in_force(self, at: datetime) -> NoticeQuerySet:
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)


class CityNotice(models.Model):
    """A switch for all sites at once: grey pages on a day of mourning, or an urgent notice above every page."""

    class Kind(models.TextChoices):
        GREY = "grey", "灰度显示"
        BANNER = "banner", "紧急公告"

    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    text = models.CharField("内容", max_length=200)
    url = models.CharField("详情地址", max_length=200, blank=True)
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间", null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="办理人")
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "全站提示"
        ordering = ["-starts_at", "-id"]

    def __str__(self) -> str:
        return self.text


class ToldState(models.Model):
    """Up to when it was told which sites and notices began or ended by themselves; one row."""

    at = models.DateTimeField("时间")
