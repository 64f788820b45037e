"""The baseline is what the migrations make."""

import re

from django.db import connection

from guixin import baseline


def said() -> str:
    return baseline.FILE.read_text(encoding="utf-8")


class TestTheBaseline:
    def test_is_made_of_the_migrations_as_they_are_written(self):
        """Whoever changes one that is in it writes it anew: python -m guixin.baseline. New ones need nothing."""
        assert said().splitlines()[0] == f"{baseline.MADE_OF} {baseline.digest(said())}"

    def test_has_rows_of_what_every_installation_begins_with_alone(self):
        filled = set(re.findall(r"^INSERT INTO public\.(\w+)", said(), re.M))

        assert "django_migrations" in filled
        assert filled.isdisjoint({"django_content_type", "auth_permission", "organisation_person"})

    def test_is_read_by_an_older_postgresql_too(self):
        """No word of the session of a newer one, and nothing only psql understands."""
        assert not re.search(r"^(SET |\\\\|COMMENT ON EXTENSION)", said(), re.M)

    def test_leaves_a_database_with_tables_alone(self, db):
        assert baseline.begin(connection) is False
