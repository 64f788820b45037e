from django.db import migrations

from guixin.organisation.revisions import bump_on_change

COUNTER = """
CREATE SEQUENCE organisation_revision_number;
CREATE FUNCTION guixin_bump_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- An upsert and not an update: a truncated revision table must not freeze every cache.
    INSERT INTO organisation_revision (name, number)
    VALUES (TG_ARGV[0], nextval('organisation_revision_number'))
    ON CONFLICT (name) DO UPDATE SET number = EXCLUDED.number;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]

    operations = [
        migrations.RunSQL(
            COUNTER, "DROP FUNCTION guixin_bump_revision(); DROP SEQUENCE organisation_revision_number;"
        ),
        bump_on_change("organisation_department", "organisation"),
        bump_on_change("organisation_position", "organisation"),
        bump_on_change("organisation_post", "organisation"),
        bump_on_change("organisation_absence", "organisation"),
        bump_on_change(
            "organisation_person",
            "organisation",
            columns=("name", "email", "phone", "language", "is_active"),
        ),
        bump_on_change("organisation_holidaylist", "calendars"),
        bump_on_change("organisation_holidayyear", "calendars"),
        bump_on_change("organisation_holidayday", "calendars"),
        bump_on_change("organisation_calendar", "calendars"),
        bump_on_change("organisation_calendarshift", "calendars"),
    ]
