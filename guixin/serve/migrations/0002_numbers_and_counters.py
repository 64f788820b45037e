"""Case numbers from a sequence, counters kept by the rows themselves, and counted configuration."""

from django.db import migrations

from guixin.organisation.revisions import bump_on_change

NUMBERS = "CREATE SEQUENCE serve_case_number"

# Statement-level triggers over the changed rows: right whatever statement changed them, bulk or single.
# Each connection adds into its own slot, so that writers do not wait for each other.
COUNTERS = """
CREATE FUNCTION serve_add_counts(what text, keys text[], numbers bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO serve_counter AS c (what, of, slot, number)
    SELECT what, k.of, pg_backend_pid() % 256, k.number
    FROM unnest(keys, numbers) AS k (of, number) WHERE k.number <> 0 ORDER BY k.of
    ON CONFLICT (what, of, slot) DO UPDATE SET number = c.number + EXCLUDED.number
$$;
"""


def counting(table: str, what: str, is_counted: str, keys: dict[str, str]) -> str:
    """Triggers that keep `what` for each key expression over rows `r` of the table that are counted."""
    def tally(rows: str, sign: int) -> str:
        return " UNION ALL ".join(
            f"SELECT {key} AS of, {sign} AS n FROM {rows} r WHERE {is_counted}" for key in keys.values()
        )

    def function(event: str, body: str) -> str:
        return f"""
        CREATE FUNCTION {what}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE keys text[]; numbers bigint[];
        BEGIN
            SELECT array_agg(t.of), array_agg(t.n) INTO keys, numbers
            FROM (SELECT x.of, sum(x.n) AS n FROM ({body}) x GROUP BY x.of HAVING sum(x.n) <> 0) t;
            IF keys IS NOT NULL THEN PERFORM serve_add_counts('{what}', keys, numbers); END IF;
            RETURN NULL;
        END $$;"""

    return "".join(
        [
            function("insert", tally("new_rows", 1)),
            function("delete", tally("old_rows", -1)),
            function("update", f"{tally('new_rows', 1)} UNION ALL {tally('old_rows', -1)}"),
            f"""
            CREATE TRIGGER {what}_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
                FOR EACH STATEMENT EXECUTE FUNCTION {what}_insert();
            CREATE TRIGGER {what}_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
                FOR EACH STATEMENT EXECUTE FUNCTION {what}_delete();
            CREATE TRIGGER {what}_update AFTER UPDATE ON {table}
                REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
                FOR EACH STATEMENT EXECUTE FUNCTION {what}_update();""",
        ]
    )


OPEN_CASE = "r.state IN ('open', 'waiting', 'answered')"
OPEN_TASK = "r.state IN ('given', 'accepted')"


class Migration(migrations.Migration):
    dependencies = [("serve", "0001_serve"), ("organisation", "0002_revisions")]
    operations = [
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE serve_case_number"),
        migrations.RunSQL(COUNTERS, migrations.RunSQL.noop),
        migrations.RunSQL(
            counting(
                "serve_case",
                "open_cases",
                OPEN_CASE,
                {"all": "'all'", "owner": "'owner:' || r.owner_id", "department": "'department:' || r.department_id"},
            ),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            counting("serve_case", "escalated_cases", f"{OPEN_CASE} AND r.level > 0", {"all": "'all'"}),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            counting(
                "serve_task",
                "open_tasks",
                OPEN_TASK,
                {
                    "all": "'all'",
                    "department": "'department:' || r.department_id",
                    "handler": "'handler:' || coalesce(r.handler_id, 0)",
                },
            ),
            migrations.RunSQL.noop,
        ),
        bump_on_change("serve_policy", "serving"),
        bump_on_change("serve_routingrule", "serving"),
        bump_on_change("serve_routingstep", "serving"),
        bump_on_change("serve_term", "serving"),
    ]
