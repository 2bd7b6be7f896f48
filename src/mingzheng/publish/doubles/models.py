"""The print of each item's text: equal for texts that differ in nothing but markup, spaces and punctuation."""

from __future__ import annotations

from django.db import models


class TextPrint(models.Model):
    """One item's text as a hash. Texts too short to say anything have none."""

    item = models.OneToOneField("items.Item", models.CASCADE, primary_key=True, related_name="text_print")
    digest = models.CharField(max_length=32, db_index=True)

    class Meta:
        verbose_name = "正文指纹"
