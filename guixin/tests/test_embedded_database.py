"""The embedded database, with real servers in folders of their own. Nothing here uses Django's test database."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import psycopg
import pytest

from guixin.embedded_database import FORGETFUL, Database, DatabaseUnavailable
from guixin.embedded_database.folder import LONGEST_SOCKET_PATH

SMALL = {"shared_buffers": "16MB", "max_connections": "20"}
START_AND_SAY = """
import sys
from guixin.embedded_database import Database
database = Database(sys.argv[1], settings={"shared_buffers": "16MB", "max_connections": "20"})
database.start()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home():
    """Not pytest's tmp_path: as root, the server's account could not enter it."""
    folder = Path(tempfile.mkdtemp(prefix="guixin-database-test-"))
    folder.chmod(0o711)
    yield folder
    Database(folder).delete()


@pytest.fixture(scope="module")
def prepared():
    """A folder made once and copied for each test. Copied by root it belongs to root, like a restored backup."""
    folder = Path(tempfile.mkdtemp(prefix="guixin-database-test-"))
    folder.chmod(0o711)
    database = Database(folder, settings=SMALL | FORGETFUL)
    database.start()
    database.stop()
    yield database.data
    database.delete()


@pytest.fixture
def database(home, prepared):
    shutil.copytree(prepared, home / "postgresql")
    database = Database(home, settings=SMALL)
    database.start()
    yield database
    database.leave()


def rows(database: Database) -> list[int]:
    with psycopg.connect(database.url()) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM kept ORDER BY number")]


def keep(database: Database, number: int) -> None:
    with psycopg.connect(database.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def another_process(home: Path) -> subprocess.Popen:
    command = [sys.executable, "-c", START_AND_SAY, str(home)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


class TestTheEmbeddedDatabase:
    def test_starts_with_checksums_and_unicode_and_without_a_port(self, database):
        with psycopg.connect(database.url()) as connection:

            def show(name):
                return connection.execute("SELECT current_setting(%s)", [name]).fetchone()[0]

            assert [show("data_checksums"), show("fsync"), show("full_page_writes")] == ["on", "on", "on"]
            assert [show("listen_addresses"), show("server_encoding"), show("jit")] == ["", "UTF8", "off"]
            assert connection.execute("SELECT upper('é'), length('归心')").fetchone() == ("É", 2)
            connection.execute("CREATE EXTENSION pg_trgm")

    def test_is_not_run_by_root(self, database):
        postmaster = psutil.Process(int((database.data / "postmaster.pid").read_text().split()[0]))

        assert postmaster.uids().effective != 0
        assert database.data.stat().st_mode & 0o077 == 0

    def test_stops_and_keeps_its_rows_for_the_next_start(self, home, database):
        keep(database, 1)

        database.stop()
        assert not database.running()

        again = Database(home, settings=SMALL)
        again.start()
        assert again.running()
        assert rows(again) == [1]
        again.leave()

    def test_makes_a_database_once(self, database):
        database.ensure_database("归心 二")
        database.ensure_database("归心 二")

        with psycopg.connect(database.url("归心 二")) as connection:
            assert connection.info.dbname == "归心 二"

    def test_keeps_customers_out_of_its_log(self, database):
        with psycopg.connect(database.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE phones (phone text PRIMARY KEY)")
            connection.execute("INSERT INTO phones VALUES ('13800138000')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO phones VALUES ('13800138000')")

        assert "phones_pkey" in database.log.read_text()
        assert "13800138000" not in database.log.read_text()

    def test_finds_room_for_its_socket_in_a_very_long_folder(self, home):
        deep = home / ("long" * 15) / ("folder" * 10)
        database = Database(deep, settings=SMALL)

        database.start()

        assert len(os.fsencode(deep)) > LONGEST_SOCKET_PATH
        assert database.running()
        database.delete()

    def test_says_in_words_that_the_data_are_of_another_version(self, database):
        database.stop()
        version = database.data / "PG_VERSION"
        version.write_text("14\n")

        with pytest.raises(DatabaseUnavailable, match="made by PostgreSQL 14"):
            database.start()

        version.write_text("18\n")

    def test_repeats_what_postgresql_said_when_it_cannot_start(self, database):
        database.stop()
        (database.data / "global" / "pg_control").unlink()

        with pytest.raises(DatabaseUnavailable, match="pg_control"):
            database.start()


class TestTheEmbeddedDatabaseAfterAPowerCut:
    def test_starts_again_although_it_died_unseen(self, database):
        database.start()
        database._server.kill()  # nobody asked after it since
        database._server.wait()

        assert database.start()
        assert database.running()

    def test_keeps_what_was_committed(self, home, database):
        keep(database, 1)
        keep(database, 2)

        database.cut_power()
        assert not database.running()
        database.start()

        assert rows(database) == [1, 2]

    def test_starts_although_its_number_was_given_to_another_process(self, database):
        """As PostgreSQL's own account, since only then would PostgreSQL believe that process to be itself."""
        keep(database, 1)
        account = database.data.stat()
        as_server = {"user": account.st_uid, "group": account.st_gid} if os.geteuid() == 0 else {}
        stranger = subprocess.Popen(["sleep", "60"], cwd="/", **as_server)
        database.cut_power()
        for file in (database.data / "postmaster.pid", database.data / ".s.PGSQL.5432.lock"):
            _, rest = file.read_text().split("\n", 1)
            file.write_text(f"{stranger.pid}\n{rest}")

        database.start()

        assert rows(database) == [1]
        assert stranger.poll() is None
        stranger.kill()
        stranger.wait()

    def test_begins_again_when_it_happened_while_the_folder_was_made(self, home):
        (home / "postgresql.new").mkdir()
        (home / "postgresql.new" / "PG_VERSION").write_text("18\n")
        database = Database(home, settings=SMALL)

        database.start()

        assert database.running()


class TestTheEmbeddedDatabaseUsedByTwoProcesses:
    def test_is_started_once(self, home):
        both = [another_process(home), another_process(home)]

        assert [process.stdout.readline() for process in both] == ["ready\n", "ready\n"]
        assert Database(home).log.read_text().count("starting PostgreSQL") == 1

        for process in both:
            process.communicate()
        assert not Database(home).running()

    def test_stays_until_the_last_one_leaves(self, home, database):
        other = another_process(home)
        other.stdout.readline()

        database.leave()
        assert database.running()

        other.communicate()
        assert not database.running()

    def test_stays_while_somebody_else_is_connected(self, database):
        with psycopg.connect(database.url()):
            database.leave()

            assert database.running()
        database.start()

    def test_outlives_a_killed_parent_and_is_stopped_by_the_next(self, home):
        parent = another_process(home)
        parent.stdout.readline()
        parent.kill()
        parent.wait()
        orphaned = Database(home, settings=SMALL)
        assert orphaned.running()

        orphaned.start()
        orphaned.leave()

        assert not orphaned.running()


class TestATemporaryDatabase:
    def test_hands_on_the_exit_code_and_leaves_nothing(self):
        say = "import os; print(os.environ['GUIXIN_HOME'], os.environ['DATABASE_URL']); raise SystemExit(7)"
        command = [sys.executable, "-m", "guixin.embedded_database", "--temporary", "--"]

        done = subprocess.run([*command, sys.executable, "-c", say], capture_output=True, text=True)

        home, url = done.stdout.split()
        assert done.returncode == 7
        assert url.startswith("postgresql:///guixin?host=")
        assert not Path(home).exists()
