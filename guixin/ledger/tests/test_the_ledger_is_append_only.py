"""Entries are written with their effect or not at all, and the database itself refuses to change them."""

import pytest
from django.db import IntegrityError, connection, transaction

from guixin.ledger import NotInTransaction, record
from guixin.ledger.models import Entry, Private
from guixin.ledger.tests import make

CHANGES = [
    "UPDATE ledger_entry SET kind = 'test.other'",
    "UPDATE ledger_entry SET facts = '{}'",
    "UPDATE ledger_entry SET happened_at = now()",
    "UPDATE ledger_entry SET position = 7",  # without a seal
    "DELETE FROM ledger_entry",
    "TRUNCATE ledger_entry CASCADE",
    "UPDATE ledger_private SET payload = '{}'",
    "UPDATE ledger_private SET salt = ''",
]


@pytest.mark.django_db
class TestAnEntry:
    @pytest.mark.parametrize("statement", CHANGES)
    def test_is_not_changed_by_any_statement(self, statement):
        record(make.opened(personal={"name": "张三"}))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                cursor.execute(statement)
        assert Entry.objects.get().facts == {"door": 1}

    def test_is_not_changed_or_deleted_through_a_model(self):
        record(make.opened())
        entry = Entry.objects.get()
        for change in (entry.delete, lambda: Entry.objects.update(kind="x"), lambda: entry.save()):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                change()

    def test_loses_its_personal_part_when_somebody_is_forgotten(self):
        record(make.opened(personal={"name": "张三"}))
        Private.objects.all().delete()
        assert Entry.objects.get().commitment

    def test_says_what_happened_in_words_also_when_a_fact_is_missing(self):
        record(make.opened(door=3))
        assert Entry.objects.get().in_words() == "Door 3 was opened by –"

    def test_carries_the_real_time_it_was_recorded(self):
        record(make.opened())
        entry = Entry.objects.get()
        assert entry.happened_at == make.NOON
        assert entry.recorded_at != make.NOON


@pytest.mark.two_connections
@pytest.mark.usefixtures("committed_db")
class TestRecording:
    def test_is_refused_outside_a_transaction(self):
        with pytest.raises(NotInTransaction):
            record(make.opened())

    def test_leaves_with_the_effect_it_belongs_to(self):
        @transaction.atomic
        def fall_ill_half_way():
            record(make.opened())
            raise RuntimeError("ill")

        with pytest.raises(RuntimeError, match="ill"):
            fall_ill_half_way()
        assert not Entry.objects.exists()
