"""Cases their owners put to sleep, and how many of each owner's sleep."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

counting = import_module("guixin.serve.migrations.0002_numbers_and_counters").counting
SNOOZED = ("serve_snooze", "snoozed_cases", "true", {"person": "'person:' || r.person_id"})


class Migration(migrations.Migration):
    dependencies = [
        ("serve", "0016_goodwill"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Snooze",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="snooze", to="serve.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "until"], name="snooze_of_person"),
                    models.Index(fields=["until"], name="snooze_until"),
                ],
            },
        ),
        migrations.RunSQL(counting(*SNOOZED), migrations.RunSQL.noop),
    ]
