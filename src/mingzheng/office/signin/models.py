"""The passwords that a person had: who chose them, and since when."""

from __future__ import annotations

from django.db import models

from mingzheng.city.models import Person


class PasswordRecord(models.Model):
    """The hash of one of a person's last passwords; the newest is the one in force."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="password_records")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)
    by_owner = models.BooleanField(default=False, help_text="False: given out by an administrator")

    class Meta:
        verbose_name = "密码记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["person", "-id"], name="password_records_of_person")]
