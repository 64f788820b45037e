from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models import F, Q

OPEN = Q(state__in=["open", "waiting", "answered"])

# Every two neighbouring letters, in capitals: "色差严重" is 色差, 差严, 严重.
PAIRS = """
    CREATE FUNCTION serve_pairs(words text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    COST 1000 AS $$
    DECLARE
        capitals text := upper(words);
        found text[] := '{}';
    BEGIN
        FOR n IN 1 .. length(capitals) - 1 LOOP
            found := found || substr(capitals, n, 2);
        END LOOP;
        RETURN found;
    END $$
"""

# The statistics of a partial index decide nothing; without these the planner looks a word of every case up.
STATISTICS = "CREATE STATISTICS case_subject_pairs ON (serve_pairs(subject)) FROM serve_case"


class Migration(migrations.Migration):
    dependencies = [("serve", "0013_files_in_the_composer")]
    operations = [
        migrations.RunSQL(PAIRS, "DROP FUNCTION serve_pairs(text)"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["channel", "queue_at", "id"], name="case_queue_of_channel", condition=OPEN
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                OpClass("category", name="text_pattern_ops"), F("queue_at"), F("id"),
                name="case_queue_of_category", condition=OPEN,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["grade", "queue_at", "id"], name="case_queue_of_grade", condition=OPEN & ~Q(grade="")
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=GinIndex(
                models.Func("subject", function="serve_pairs"), name="case_subject", condition=OPEN,
                gin_pending_list_limit=512,
            ),
        ),
        migrations.RunSQL(STATISTICS, "DROP STATISTICS case_subject_pairs"),
        migrations.RunSQL("ANALYZE serve_case", migrations.RunSQL.noop),
    ]  # fmt: skip
