from django.db import migrations

from mingzheng.city.triggers import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [forbid_changes("reviews_reviewfact", "审核记录只增不改、不删")]
