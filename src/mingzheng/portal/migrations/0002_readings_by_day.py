"""Readings are kept by day from now on (mingzheng.portal.reading); the numbers of before are kept without a day."""

import datetime

from django.db import migrations
from django.db.models import F

BEFORE_DAYS = datetime.date(1970, 1, 1)  # as in mingzheng.portal.reading.models
LARGEST = 2**31 - 1
PIECE = 5000


def carry_over(apps, schema_editor):
    ViewCount = apps.get_model("portal", "ViewCount")
    ItemDay = apps.get_model("reading", "ItemDay")
    old = ViewCount.objects.filter(count__gt=0).annotate(unit=F("item__unit"), column=F("item__column"))
    rows = old.values_list("item_id", "unit", "column", "count").iterator(chunk_size=PIECE)
    ItemDay.objects.bulk_create(
        (ItemDay(item_id=item, unit_id=unit, column_id=column, day=BEFORE_DAYS, count=min(count, LARGEST))
         for item, unit, column, count in rows),
        batch_size=PIECE,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("portal", "0001_initial"),
        ("reading", "0001_readings"),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
