from django.db import migrations

from mingzheng.city.triggers import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("words", "0001_initial")]

    operations = [
        forbid_changes("words_wordrule", "词表规则只增不改、不删"),
        forbid_changes("words_wordruleend", "词表规则的停用只增不改、不删"),
    ]
