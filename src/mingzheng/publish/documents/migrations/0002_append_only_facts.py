from django.db import migrations

from mingzheng.city.triggers import forbid_changes

FACTS = ("documentrelation", "filing", "cleanupresult", "retraction", "gazettecorrection", "attributedecision")


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [forbid_changes(f"documents_{name}", "文件登记只增不改、不删，有误的另行撤销") for name in FACTS]
