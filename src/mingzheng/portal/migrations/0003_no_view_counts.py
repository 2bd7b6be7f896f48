"""The numbers of before are in the readings by day; in a migration of its own, for PostgreSQL alters no table in use."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("portal", "0002_readings_by_day"),
    ]

    operations = [
        migrations.DeleteModel("ViewCount"),
    ]
