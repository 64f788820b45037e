"""Cases no department has, counted by their clocks; and what somebody watches, found by the person."""

from importlib import import_module

from django.db import migrations, models

counting = import_module("guixin.serve.migrations.0002_numbers_and_counters").counting
counted_so_far = import_module("guixin.serve.migrations.0008_what_waits_is_counted").counted_so_far

UNROUTED = (
    "promise_clock",
    "unrouted_cases",
    "r.measure = 'route' AND r.about_kind = 'case' AND r.state IN ('running', 'paused')",
    {"all": "'all'"},
)


class Migration(migrations.Migration):
    dependencies = [("promise", "0007_escalations_that_wait"), ("serve", "0010_intake_templates")]
    operations = [
        migrations.AddIndex(
            model_name="watch", index=models.Index(fields=["person"], name="watch_of_person")
        ),
        migrations.RunSQL(counting(*UNROUTED), migrations.RunSQL.noop),
        migrations.RunSQL(counted_so_far(*UNROUTED), migrations.RunSQL.noop),
    ]
