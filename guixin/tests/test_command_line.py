"""`guixin COMMAND`: which database it finds, and what it says when there is none."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.db.utils import ProgrammingError

from guixin import __main__ as command_line
from guixin.__main__ import run
from guixin.embedded_database import Database


def guixin(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "guixin", *arguments]
    return subprocess.run(command, env=kept | environment, capture_output=True, text=True)


class TestTheCommandLine:
    def test_lists_our_commands_before_those_of_django(self, capsys):
        assert run(["--help"]) == 0

        said = capsys.readouterr().out
        assert said.index("\n  firm ") < said.index("from Django") < said.index("showmigrations")

    def test_tells_in_a_sentence_that_the_database_cannot_be_reached(self):
        nowhere = "postgresql://wang:a-password@127.0.0.1:1/guixin"

        done = guixin("showmigrations", DATABASE_URL=nowhere)

        assert done.returncode == 1
        assert "The database guixin on 127.0.0.1, port 1 cannot be reached." in done.stderr
        assert "Traceback" not in done.stderr
        assert "a-password" not in done.stderr

    @pytest.mark.parametrize("is_behind", [True, False])
    def test_tells_in_a_sentence_that_the_database_is_not_up_to_date(self, is_behind, monkeypatch, capsys):
        def fails(arguments):
            raise ProgrammingError("function guixin_now() does not exist")

        monkeypatch.setattr("django.core.management.execute_from_command_line", fails)
        monkeypatch.setattr(command_line, "has_unapplied_migrations", lambda: is_behind)

        if is_behind:
            assert command_line.run_django(["grade"]) == 1
            assert "Run `bin/guixin migrate` first." in capsys.readouterr().err
        else:
            with pytest.raises(ProgrammingError):
                command_line.run_django(["grade"])

    def test_needs_no_database_for_help(self):
        with tempfile.TemporaryDirectory() as home:
            assert guixin("migrate", "--help", GUIXIN_HOME=home).returncode == 0

            assert not Path(home, "postgresql").exists()


class TestACommandWithoutADatabaseUrl:
    @pytest.fixture
    def home(self):
        folder = Path(tempfile.mkdtemp(prefix="guixin-database-test-"))
        folder.chmod(0o711)
        yield folder
        Database(folder).delete()

    def test_starts_migrates_uses_and_stops_the_embedded_database(self, home):
        done = guixin("dumpdata", "sessions", GUIXIN_HOME=str(home))

        assert (done.returncode, done.stdout, done.stderr) == (0, "[]", "")
        assert not Database(home).running()
