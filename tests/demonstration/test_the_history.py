"""The demonstration: a whole day in a database of its own, gone with one command."""

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import psycopg
import pytest
from django.db import connection

from guixin.channels import demonstrating
from guixin.ledger.clock import database_now
from guixin.ledger.models import Entry
from guixin.ledger.numbering import number_entries, verify
from guixin.organisation import firm
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation
from guixin.serve.models import (
    CallBack,
    Case,
    FollowUp,
)
from tests.demonstration.told import WEDNESDAY, Teller


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
        called = CallBack.objects.get(state=CallBack.State.MADE)
        assert Clock.objects.get(about_kind="call_back", about_id=called.pk).state == Clock.State.MET
        assert CallBack.objects.open().get().case == Case.objects.get(subject="少发三箱5号金属拉链")

    def test_breaks_a_promise_at_once_and_another_within_a_quarter_of_a_minute(self):
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


class TestTheHistory:
    def test_is_told_without_a_verb_refusing_and_its_ledger_holds(self, a_firm_of_old):
        from demo import history

        progress = []
        told = history.load(
            now=WEDNESDAY, days=4, strict=True, said=lambda done, of: progress.append((done, of))
        )

        cases = Case.objects.order_by("opened_at", "number")
        assert cases.count() == told > 30
        assert progress[-1] == (told, told)
        assert all(earlier.number < later.number for earlier, later in pairwise(cases))
        states = Counter(case.state for case in cases)
        assert states["closed"] > 10
        assert states["open"] + states["answered"] + states["waiting"] > 10
        assert Escalation.objects.filter(level__gte=1).exists()
        assert FollowUp.objects.filter(state="planned").exists()
        assert verify() > 400

    def test_says_what_fell_due_at_its_own_time_and_nothing_of_the_future(self, a_firm_of_old):
        from demo import history

        history.load(now=WEDNESDAY, days=2, strict=True)

        ahead = Entry.objects.filter(happened_at__gt=WEDNESDAY)
        assert not ahead.exclude(about_kind="follow_up").exists()  # these are planned for a day to come
        assert not Clock.objects.filter(next_at__lte=WEDNESDAY).exists()
        late = Escalation.objects.filter(cause="late", made_at__lt=WEDNESDAY)
        assert all(each.made_at - each.happened_at <= timedelta(seconds=2) for each in late)

    def test_is_the_same_whenever_the_same_day_is_told(self, a_firm_of_old):
        from demo import ninety_days

        first = ninety_days.ordinary_days(a_firm_of_old, WEDNESDAY)
        again = ninety_days.ordinary_days(a_firm_of_old, WEDNESDAY)
        shorter = ninety_days.ordinary_days(a_firm_of_old, WEDNESDAY, last=3)

        assert first == again
        assert first[-len(shorter) :] == shorter
        assert 300 < len(first) < 600
        assert len({plan.matter["subjects"][0] for plan in first}) > 25

    def test_is_told_only_once(self, a_firm_of_old):
        from demo import history

        history.load(now=WEDNESDAY, days=1)
        with pytest.raises(history.AlreadyThere):
            history.load(now=WEDNESDAY + timedelta(days=3), days=1)

    def test_takes_two_months_from_the_old_register(self, a_firm_of_old):
        from demo import the_old_register
        from demo.telling import count_numbers_here

        teller = Teller(a_firm_of_old)
        lines = the_old_register.lines(a_firm_of_old, WEDNESDAY, teller.customers)
        count_numbers_here()
        the_old_register.tell(a_firm_of_old, WEDNESDAY, lines[:40])

        assert len(lines) > 900
        assert max(line.opened_at for line in lines) < WEDNESDAY - timedelta(days=29)
        assert Case.objects.filter(source="旧客诉台账", state="closed").count() == 40

    def test_numbers_follow_time_through_all_its_parts(self, a_firm_of_old, monkeypatch):
        from demo import history, ninety_days

        monkeypatch.setattr(ninety_days, "ordinary_days", lambda *args: [])
        monkeypatch.setattr(history, "_recall", lambda *args: [])
        told = history.load(now=WEDNESDAY, strict=True)

        cases = list(Case.objects.order_by("opened_at", "number"))
        assert len(cases) == told > 900
        assert all(earlier.number < later.number for earlier, later in pairwise(cases))
        assert "visit" in {case.kind for case in cases}
        assert cases[-1].kind == "complaint"


class TestTheDemoCommand:
    def test_opens_shows_a_breach_and_leaves_nothing_behind(self):
        settings = connection.settings_dict
        url = f"postgresql://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/postgres"
        if settings["HOST"].startswith("/"):
            url = f"postgresql:///postgres?host={settings['HOST']}&port={settings['PORT']}&user={settings['USER']}"
        environment = os.environ | {"DATABASE_URL": url}
        guixin = [sys.executable, "-m", "guixin", "demo"]

        # It ends when the breach was told; by itself only where none comes, however long the worker takes to wake.
        opened = [*guixin, "--seconds", "180", "--no-browser", "--port", "8911", "--without-past"]
        running = subprocess.Popen(
            opened, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        said = ""
        for line in running.stdout:
            said += line
            if "▲" in line:
                running.terminate()
        running.wait()
        files = demonstrating._home()
        removed = subprocess.run([*guixin, "--remove"], env=environment, capture_output=True, timeout=180)

        assert running.returncode == 0, said
        assert re.search(r"http://localhost:89\d\d/sign-in", said)
        assert re.search(r"/track/\d{4}-\d{6}/\S{20,}", said)
        assert "▲" in said
        assert removed.returncode == 0
        with psycopg.connect(url) as server:
            names = {name for (name,) in server.execute("SELECT datname FROM pg_database")}
        assert demonstrating.DATABASE not in names
        assert not files.exists()
