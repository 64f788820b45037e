"""The demonstration: a whole day in a database of its own, gone with one command."""

import os
import re
import subprocess
import sys

import psycopg
import pytest
from django.db import connection

from guixin.channels import demonstrating
from guixin.ledger.clock import database_now
from guixin.ledger.models import Entry
from guixin.ledger.numbering import number_entries
from guixin.organisation import firm
from guixin.promise.keeping import fire_due
from guixin.serve.models import Case


@pytest.mark.django_db
class TestANormalTuesday:
    @pytest.fixture(autouse=True)
    def _firm(self):
        firm.load(demonstrating.FOLDER / "firm.toml", now=database_now())

    def test_can_be_played_from_the_first_scene_to_the_last(self):
        from demo.a_normal_tuesday import SCENES

        for _after, scene in SCENES:
            scene(database_now())

        assert Case.objects.filter(state="closed").count() == 2
        assert Entry.objects.filter(kind="promise.extension_decided").count() == 1
        assert Entry.objects.filter(kind="serve.case_unrouted").count() == 1

    def test_breaks_a_promise_at_once_and_another_within_a_quarter_of_a_minute(self):
        from datetime import timedelta

        from demo.a_normal_tuesday import the_morning

        now = database_now()
        the_morning(now)
        fire_due(now)
        assert Entry.objects.filter(kind="promise.clock_breached").count() == 1
        fire_due(now + timedelta(seconds=16))
        assert Entry.objects.filter(kind="promise.clock_breached").count() == 2
        fire_due(now + timedelta(seconds=81))
        levels = Entry.objects.filter(kind="promise.clock_escalated").values_list("facts__level", flat=True)
        assert sorted(levels) == [2, 2, 2, 2, 3] or max(levels) == 3

    def test_is_told_line_by_line_with_who_has_to_act(self):
        from demo.a_normal_tuesday import the_morning

        log = demonstrating.Log()
        the_morning(database_now())
        fire_due(database_now())
        number_entries()
        lines = list(log.new_lines())

        assert any("▲" in line and "客服主管 许文静" in line for line in lines)
        assert not [line for line in lines if "None" in line]
        assert list(log.new_lines()) == []

    def test_finds_the_firm_already_as_the_file_says(self):
        assert firm.load(demonstrating.FOLDER / "firm.toml", now=database_now()).changed_nothing


class TestTheDemoCommand:
    def test_opens_shows_a_breach_and_leaves_nothing_behind(self):
        settings = connection.settings_dict
        url = f"postgresql://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/postgres"
        if settings["HOST"].startswith("/"):
            url = f"postgresql:///postgres?host={settings['HOST']}&port={settings['PORT']}&user={settings['USER']}"
        environment = os.environ | {"DATABASE_URL": url}
        guixin = [sys.executable, "-m", "guixin", "demo"]

        ran = subprocess.run(
            [*guixin, "--seconds", "6", "--no-browser", "--port", "8911"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=90,
        )
        removed = subprocess.run([*guixin, "--remove"], env=environment, capture_output=True, timeout=60)

        assert ran.returncode == 0, ran.stderr
        assert re.search(r"http://localhost:89\d\d/sign-in", ran.stdout)
        assert re.search(r"/track/\d{4}-\d{6}/\S{20,}", ran.stdout)
        assert "▲" in ran.stdout
        assert removed.returncode == 0
        with psycopg.connect(url) as server:
            names = {name for (name,) in server.execute("SELECT datname FROM pg_database")}
        assert demonstrating.DATABASE not in names
