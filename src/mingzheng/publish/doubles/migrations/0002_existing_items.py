from django.db import migrations


def keep_prints(apps, editor):
    """The items that were published before there were prints."""
    from mingzheng.publish.doubles.services import print_of

    items, TextPrint = apps.get_model("items", "Item"), apps.get_model("doubles", "TextPrint")
    prints = []
    for pk, body in items.objects.order_by("pk").values_list("pk", "body").iterator(chunk_size=500):
        if digest := print_of(body):
            prints.append(TextPrint(item_id=pk, digest=digest))
        if len(prints) >= 1000:
            TextPrint.objects.bulk_create(prints)
            prints = []
    TextPrint.objects.bulk_create(prints)


class Migration(migrations.Migration):
    dependencies = [("doubles", "0001_initial")]

    operations = [migrations.RunPython(keep_prints, migrations.RunPython.noop, elidable=True)]
