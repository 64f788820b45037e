"""Counters of what waits: for the customer, for a department to accept, for an authority to decide."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

counting = import_module("guixin.serve.migrations.0002_numbers_and_counters").counting

WAITING = "r.state = 'waiting'"
NOT_ACCEPTED = "r.state = 'given'"
TO_DECIDE = "r.level >= 1 AND r.over_at IS NULL"
DEPARTMENT = "'department:' || r.department_id"
COUNTERS = (
    ("serve_case", "waiting_cases", WAITING, {
        "all": "'all'", "department": DEPARTMENT, "owner": "'owner:' || r.owner_id",
    }),
    ("serve_task", "unaccepted_tasks", NOT_ACCEPTED, {"all": "'all'", "department": DEPARTMENT}),
    ("promise_escalation", "waiting_escalations", TO_DECIDE, {
        "person": "'person:' || coalesce(r.to_person_id, 0)",
        "level": "'level:' || r.level",
        "department": f"{DEPARTMENT} || ':level:' || r.level",
    }),
)  # fmt: skip


def counted_so_far(table: str, what: str, is_counted: str, keys: dict[str, str]) -> str:
    """What the triggers would have counted, had they been there from the beginning."""
    of_each = " UNION ALL ".join(
        f"SELECT {key} AS of, count(*) AS n FROM {table} r WHERE {is_counted} GROUP BY 1"
        for key in keys.values()
    )
    return f"SELECT serve_add_counts('{what}', array_agg(x.of), array_agg(x.n)) FROM ({of_each}) x HAVING count(*) > 0"


class Migration(migrations.Migration):
    dependencies = [
        ("promise", "0007_escalations_that_wait"),
        ("serve", "0007_templates_drafts_and_held_replies"),
    ]
    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["department", "queue_at", "id"], name="task_not_accepted", condition=Q(state="given")
            ),
        ),
        *(migrations.RunSQL(counting(*counter), migrations.RunSQL.noop) for counter in COUNTERS),
        *(migrations.RunSQL(counted_so_far(*counter), migrations.RunSQL.noop) for counter in COUNTERS),
    ]
