"""What the database itself guarantees: entries are never changed or deleted, and it owns the clock."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

-- Position and seal are given once; nothing else ever changes.
CREATE FUNCTION ledger_only_numbering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.position IS NOT NULL OR NEW.position IS NULL OR NEW.seal IS NULL
       OR (OLD.id, OLD.kind, OLD.happened_at, OLD.recorded_at, OLD.actor_id, OLD.about_kind, OLD.about_id,
           OLD.case_id, OLD.facts, OLD.commitment)
          IS DISTINCT FROM
          (NEW.id, NEW.kind, NEW.happened_at, NEW.recorded_at, NEW.actor_id, NEW.about_kind, NEW.about_id,
           NEW.case_id, NEW.facts, NEW.commitment) THEN
        RAISE EXCEPTION 'The ledger is append-only: entry % is refused a change.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_entry_update BEFORE UPDATE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_only_numbering();
CREATE TRIGGER ledger_entry_delete BEFORE DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_entry_truncate BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
-- The personal part may be erased, never rewritten.
CREATE TRIGGER ledger_private_update BEFORE UPDATE ON ledger_private
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_private_truncate BEFORE TRUNCATE ON ledger_private
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""

CLOCK = """
CREATE TABLE ledger_virtualclock (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), at timestamptz NOT NULL);
CREATE FUNCTION guixin_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    $$ SELECT coalesce((SELECT at FROM ledger_virtualclock), clock_timestamp()) $$;
"""

# Entries are only ever inserted, so a page can be filled to the brim and the numbering still finds room.
STORAGE = "ALTER TABLE ledger_entry SET (fillfactor = 90, autovacuum_vacuum_insert_scale_factor = 0.05)"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_ledger")]
    operations = [
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP FUNCTION ledger_refuse CASCADE; DROP FUNCTION ledger_only_numbering CASCADE",
        ),
        migrations.RunSQL(CLOCK, "DROP FUNCTION guixin_now(); DROP TABLE ledger_virtualclock"),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
    ]
