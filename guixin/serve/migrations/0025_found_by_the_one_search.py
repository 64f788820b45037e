from django.db import migrations

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
STATISTICS = "CREATE STATISTICS case_subject_pairs ON (serve_pairs(subject)) FROM serve_case"
READ_AGAIN = "INSERT INTO search_pending (kind, key) SELECT 'case', id FROM serve_case"


class Migration(migrations.Migration):
    dependencies = [("serve", "0024_call_backs"), ("search", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="case_subject"),
        migrations.RunSQL("DROP STATISTICS case_subject_pairs", STATISTICS),
        migrations.RunSQL("DROP FUNCTION serve_pairs(text)", PAIRS),
        migrations.RunSQL(READ_AGAIN, migrations.RunSQL.noop),
    ]
