from django.db import migrations

from mingzheng.city.triggers import freeze_columns


class Migration(migrations.Migration):
    dependencies = [("items", "0001_initial")]

    operations = [
        freeze_columns("items_item", ["index_no", "first_published_at"], "索引号和首次发布时间一经确定不得更改"),
    ]
