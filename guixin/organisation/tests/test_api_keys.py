from datetime import UTC, datetime, timedelta

import pytest

from guixin.organisation.models import ApiKey, Person
from guixin.organisation.models.api_key import CannotIssue
from guixin.organisation.tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def issued(**more):
    return ApiKey.issue(make.wang(), "phone system", ["cases:read"], NOON, **more)


class TestAnApiKey:
    def test_opens_with_its_own_text(self):
        key, text = issued()
        opened = ApiKey.authenticate(text, NOON)
        assert opened == key
        assert opened.person == make.wang()
        assert opened.allows("cases:read")
        assert not opened.allows("cases:write")

    def test_is_not_kept_in_the_database(self):
        key, text = issued()
        secret = text.split("_")[2]
        assert len(secret) * 4 >= 160
        assert secret not in str(ApiKey.objects.filter(pk=key.pk).values())

    @pytest.mark.parametrize("text", ["", None, "gx_", "gx__", "gx_a_b", "Bearer x", "gx_\x00_b", "gx_é_ü"])
    def test_does_not_open_with_nonsense(self, text):
        issued()
        assert ApiKey.authenticate(text, NOON) is None

    def test_does_not_open_with_another_secret(self):
        _key, text = issued()
        assert ApiKey.authenticate(text[:-1] + ("0" if text[-1] != "0" else "1"), NOON) is None

    def test_stops_when_it_expires(self):
        _key, text = issued(expires_at=NOON + HOUR)
        assert ApiKey.authenticate(text, NOON)
        assert ApiKey.authenticate(text, NOON + HOUR) is None

    def test_stops_when_it_is_revoked(self):
        key, text = issued()
        key.revoke(now=NOON)
        assert ApiKey.authenticate(text, NOON) is None

    def test_stops_when_its_person_leaves(self):
        _key, text = issued()
        Person.objects.filter(login="wang").update(is_active=False)
        assert ApiKey.authenticate(text, NOON) is None

    def test_notes_the_day_it_was_used_and_writes_only_once_a_day(self, django_assert_num_queries):
        key, text = issued()
        ApiKey.authenticate(text, NOON)
        key.refresh_from_db()
        assert key.last_used_on == NOON.date()
        with django_assert_num_queries(1):
            ApiKey.authenticate(text, NOON + HOUR)

    def test_is_refused_with_an_unknown_scope_or_none(self):
        with pytest.raises(CannotIssue, match="everything"):
            ApiKey.issue(make.wang(), "x", ["everything"], NOON)
        with pytest.raises(CannotIssue, match="at least one"):
            ApiKey.issue(make.wang(), "x", [], NOON)
