"""Whoever gets past the triggers is found by the chain of seals; who is forgotten does not break it."""

import pytest
from django.db import connection

from guixin.ledger import record
from guixin.ledger.models import Private
from guixin.ledger.numbering import BrokenSeal, head, number_entries, verify
from guixin.ledger.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain():
    """Five sealed entries, the third with a personal part, in a ledger somebody has opened by force."""
    for door in (1, 2, 3, 4, 5):
        record(make.opened(door, personal={"name": "张三", "age": 40} if door == 3 else {}))
    number_entries()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE ledger_private DISABLE TRIGGER USER")


def force(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


class TestASoundLedger:
    def test_verifies_to_its_last_position(self, chain):
        assert verify() == 5
        assert verify(anchor=head()) == 5

    def test_verifies_when_it_is_empty(self):
        assert verify() == 0

    def test_still_verifies_after_somebody_was_forgotten(self, chain):
        Private.objects.all().delete()
        assert verify() == 5

    def test_verifies_whatever_people_write_into_it(self):
        record(
            make.opened(
                personal={"name": "𠮷 “x”\n\\", "amount": 1.5, "nothing": None, "list": [1, {"b": 2, "a": 1}]}
            )
        )
        number_entries()
        assert verify() == 1


class TestALedgerChangedByForce:
    @pytest.mark.parametrize(
        ("statement", "position"),
        [
            ("UPDATE ledger_entry SET facts = '{\"door\": 9}' WHERE position = 2", 2),
            ("UPDATE ledger_entry SET kind = 'test.bell_rang' WHERE position = 4", 4),
            ("UPDATE ledger_entry SET happened_at = happened_at + interval '1 second' WHERE position = 3", 3),
            ("UPDATE ledger_entry SET actor_id = 7 WHERE position = 1", 1),
            ("DELETE FROM ledger_entry WHERE position = 2", 2),
            (
                "UPDATE ledger_entry e SET position = 100 + v.new FROM (VALUES (2, 4), (4, 2)) AS v (old, new)"
                " WHERE e.position = v.old;"
                "UPDATE ledger_entry SET position = position - 100 WHERE position > 100",
                2,
            ),
            (
                "UPDATE ledger_entry SET position = position + 100 WHERE position > 2;"
                "INSERT INTO ledger_entry (kind, happened_at, about_kind, about_id, facts, position, seal)"
                " SELECT kind, happened_at, about_kind, about_id, facts, 3, seal FROM ledger_entry WHERE position = 2;"
                "UPDATE ledger_entry SET position = position - 99 WHERE position > 100",
                3,
            ),
            ("UPDATE ledger_private SET payload = '{\"name\": \"李四\"}'", 3),
            ("UPDATE ledger_private SET salt = '\\x00'", 3),
        ],
        ids=["facts", "kind", "time", "actor", "deleted", "reordered", "inserted", "personal part", "salt"],
    )  # fmt: skip
    def test_is_found_at_the_first_entry_that_does_not_fit(self, chain, statement, position):
        force(statement)
        with pytest.raises(BrokenSeal) as broken:
            verify()
        assert broken.value.position == position

    def test_is_found_with_an_anchor_when_its_tail_was_cut_off(self, chain):
        anchor = head()
        force("DELETE FROM ledger_entry WHERE position > 3")
        assert verify() == 3  # the chain alone cannot know
        with pytest.raises(BrokenSeal, match="tail"):
            verify(anchor)

    def test_is_found_with_an_anchor_when_all_of_it_was_written_anew(self, chain):
        anchor = head()
        force("UPDATE ledger_entry SET position = NULL, seal = NULL, facts = '{\"door\": 0}'")
        number_entries()
        assert verify() == 5
        with pytest.raises(BrokenSeal, match="anchored"):
            verify(anchor)
