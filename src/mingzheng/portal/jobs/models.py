"""Runs of the publisher. Rows are written by :mod:`mingzheng.portal.jobs.services` only."""

from __future__ import annotations

from django.db import models

from mingzheng.city.models import Person


class PublishJob(models.Model):
    """One run of the publisher, asked for, going on or over."""

    class Kind(models.TextChoices):
        FULL = "full", "全部重建"
        CHANGED = "changed", "更新变动"
        VERIFY = "verify", "核对修复"

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "有失败"

    kind = models.CharField("任务", max_length=8, choices=Kind.choices)
    state = models.CharField("状态", max_length=8, choices=State.choices)
    reason = models.CharField("缘由", max_length=200)
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间")
    started_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    attempts = models.PositiveIntegerField("第几次尝试", default=1)
    written = models.PositiveIntegerField("写入页面", default=0)
    removed = models.PositiveIntegerField("移除页面", default=0)
    unchanged = models.PositiveIntegerField("未变页面", default=0)
    problem = models.TextField("问题", blank=True)

    class Meta:
        verbose_name = "发布任务"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "kind"], name="publish_job_state")]
