"""Positions are given after commit: a reader of `position > last` misses nothing, whoever commits late."""

import threading

import psycopg
import pytest
from django.db import connection

from guixin.ledger.models import Entry
from guixin.ledger.numbering import PEN, number_entries
from guixin.ledger.recording import record
from guixin.ledger.tests import make

INSERT = """INSERT INTO ledger_entry (kind, happened_at, about_kind, about_id, facts)
            VALUES (%s, now(), 'door', 1, '{}') RETURNING id"""


def another_connection():
    settings = connection.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{name: settings[name] for name in wanted if settings.get(name)})


@pytest.mark.two_connections
@pytest.mark.usefixtures("committed_db")
class TestThePositionOfAnEntry:
    def test_is_not_lost_when_the_smaller_id_commits_later(self):
        with another_connection() as slow, another_connection() as fast:
            (first,) = slow.execute(INSERT, ["test.slow"]).fetchone()
            (second,) = fast.execute(INSERT, ["test.fast"]).fetchone()
            fast.commit()
            assert first < second
            assert number_entries() == 1
            last = Entry.objects.get(position__isnull=False)
            slow.commit()
            assert number_entries() == 1

        following = list(Entry.objects.after(last.position))
        assert (last.kind, [one.kind for one in following]) == ("test.fast", ["test.slow"])
        assert following[0].pk < last.pk  # a reader of `id > last` would never have seen it

    def test_is_given_by_one_worker_at_a_time(self):
        with another_connection() as writer, another_connection() as other:
            writer.execute(INSERT, ["test.one"])
            writer.commit()
            other.execute("SELECT pg_advisory_xact_lock(%s)", [PEN])
            assert number_entries() == 0
            other.rollback()
            assert number_entries() == 1

    def test_has_no_gap_and_none_twice_with_many_workers(self):
        with another_connection() as writer:
            for _ in range(60):
                writer.execute(INSERT, ["test.one"])
            writer.commit()

        def work():
            while number_entries(limit=7):
                pass
            connection.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        while number_entries():
            pass
        assert sorted(Entry.objects.values_list("position", flat=True)) == list(range(1, 61))


@pytest.mark.django_db
class TestNumbering:
    def test_goes_on_where_it_stopped(self):
        record(make.opened(1), make.opened(2), make.opened(3))
        assert [number_entries(limit=2) for _ in range(3)] == [2, 1, 0]
        assert list(Entry.objects.order_by("id").values_list("position", flat=True)) == [1, 2, 3]

    def test_leaves_unnumbered_entries_out_of_what_may_be_read(self):
        record(make.opened())
        assert not Entry.objects.after(0).exists()
