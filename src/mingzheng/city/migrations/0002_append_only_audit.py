from django.db import migrations

from mingzheng.city.triggers import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("city", "0001_initial")]

    operations = [forbid_changes("city_auditentry", "审计记录只增不改、不删")]
