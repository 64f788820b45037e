"""Customers taken in before names were folded get their search columns."""

from django.db import migrations

from guixin.organisation.pinyin import spell
from guixin.understand.folding import folded_name, simplified

AT_ONCE = 5_000


def fold(apps, schema_editor):
    customers = apps.get_model("understand", "Customer").objects.exclude(name="")
    last = 0
    while rows := list(customers.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        for each in rows:
            each.name_folded = folded_name(each.name)
            each.name_pinyin, each.name_initials = spell(simplified(each.name))
        customers.bulk_update(rows, ["name_folded", "name_pinyin", "name_initials"], batch_size=500)
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("understand", "0003_records_and_merges")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
