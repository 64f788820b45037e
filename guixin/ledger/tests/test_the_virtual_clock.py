"""A database that lives at another time never shows the real one to somebody who looks at the wrong moment."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from guixin.ledger.clock import database_now, set_virtual_clock

JULY, AUGUST = datetime(2011, 7, 1, tzinfo=UTC), datetime(2011, 8, 1, tzinfo=UTC)


@pytest.fixture
def in_another_process(db):
    """Run something on a connection of its own, outside the test's transaction."""

    def run(act):
        def run_and_leave():
            try:
                act()
            finally:
                connection.close()

        other = threading.Thread(target=run_and_leave)
        other.start()
        other.join(timeout=60)

    yield run
    run(lambda: set_virtual_clock(None))  # what another connection committed is not rolled back


@pytest.mark.two_connections
class TestMovingTheVirtualClock:
    def test_shows_others_the_old_time_or_the_new_and_nothing_else(self, in_another_process):
        in_another_process(lambda: set_virtual_clock(JULY))
        seen_between = []

        def look_after(execute, *statement):
            result = execute(*statement)
            seen_between.append(colleague())
            return result

        def colleague():
            answers = []
            looking = threading.Thread(target=lambda: (answers.append(database_now()), connection.close()))
            looking.start()
            looking.join(timeout=60)
            return answers[0]

        def move():
            with connection.execute_wrapper(look_after):
                set_virtual_clock(AUGUST)

        in_another_process(move)

        assert len(seen_between) == 2
        assert set(seen_between) == {JULY}
        assert database_now() == AUGUST

    def test_returns_to_the_real_time(self, db):
        set_virtual_clock(JULY)
        set_virtual_clock(None)

        assert database_now() > AUGUST
