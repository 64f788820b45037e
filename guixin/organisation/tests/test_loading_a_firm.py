"""A firm from a file: complete, repeatable, and refused in words."""

import tomllib
from datetime import UTC, date, datetime, time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from guixin.ledger.models import Entry
from guixin.organisation import firm
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Absence, Calendar, Department, HolidayDay, HolidayYear, Person, Post
from guixin.organisation.revisions import revision

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)

FIRM = """
[holidays.CN]
name = "中国大陆"
seed = "china"
from = 2025
to = 2026
[holidays.CN.years.2027]
source = "plan"
off = ["2027-01-01 元旦"]

[calendars.office]
name = "办公时间"
holidays = "CN"
shifts = ["mon-thu 09:00-12:00 13:30-18:00", "fri 09:00-12:00 13:30-17:00"]
[calendars.always]
always = true

[departments.quality]            # stands before the one it is under
name = "质量部"
under = "works"
[departments.works]
name = "工厂"
name_en = "Works"
calendar = "office"

[positions.quality-head]
department = "quality"
title = "质量部长"
rank = 3
[positions.quality-handler]
department = "quality"
title = "质量专员"
sees = "own"
[positions.desk]
department = "works"
title = "客服"
duties = ["front_desk", "coordinator"]

[people.wu]
name = "吴敏"
posts = ["quality-head"]
[people.li]
name = "李娜"
email = "li@example.com"
password = "correct horse"
posts = ["quality-handler", { position = "desk", since = 2025-01-01 }]

[[absences]]
person = "wu"
from = 2026-03-02
to = 2026-03-06T12:00:00
deputy = "li"
"""


def load(text, **more):
    return firm.load_written(tomllib.loads(text), file="firm.toml", now=NOON, **more)


class TestLoadingAFirm:
    def test_makes_everything_the_file_says(self):
        load(FIRM)

        quality, works = Department.objects.get(code="quality"), Department.objects.get(code="works")
        assert quality.line() == [works.pk, quality.pk]
        office = Calendar.objects.get(code="office")
        assert [(s.opens, s.closes) for s in office.shifts.filter(weekday=4)] == [
            (time(9), time(12)),
            (time(13, 30), time(17)),
        ]
        assert office.published_until() == date(2026, 12, 31)
        assert HolidayDay.objects.get(on="2027-01-01").name == "元旦"
        li, wu = Person.objects.get(login="li"), Person.objects.get(login="wu")
        assert li.check_password("correct horse")
        assert not wu.has_usable_password()
        assert (li.name_pinyin, li.name_initials) == ("lina", "ln")
        assert list(li.posts.order_by("-is_main").values_list("position__code", "is_main")) == [
            ("quality-handler", True),
            ("desk", False),
        ]
        assert Ladder.at(NOON).next_authority(quality.pk, None, 1, NOON).person_id == li.pk  # Wu's deputy

    def test_twice_changes_nothing(self):
        load(FIRM)
        before = revision("organisation"), revision("calendars")
        assert load(FIRM).changed_nothing
        assert (revision("organisation"), revision("calendars")) == before

    def test_again_changes_only_what_differs(self):
        load(FIRM)
        again = load(
            FIRM.replace('"吴敏"', '"吴敏敏"').replace("fri 09:00-12:00 13:30-17:00", "fri 09:00-12:00")
        )
        assert not again.created
        assert dict(again.changed) == {"Person": 1, "CalendarShift": 1}

    def test_ends_a_post_the_file_no_longer_has_and_keeps_its_history(self):
        load(FIRM)
        load(FIRM.replace('posts = ["quality-head"]', 'posts = ["quality-handler"]'))
        ended = Post.objects.get(person__login="wu", position__code="quality-head")
        assert ended.until == date(2026, 3, 4)

    def test_keeps_the_holidays_somebody_edited(self):
        load(FIRM)
        HolidayDay.objects.filter(on="2026-10-01").update(name="国庆")
        load(FIRM)
        assert HolidayDay.objects.get(on="2026-10-01").name == "国庆"

    def test_does_not_change_a_password(self):
        load(FIRM)
        load(FIRM.replace("correct horse", "another horse"))
        assert Person.objects.get(login="li").check_password("correct horse")

    def test_as_a_dry_run_keeps_nothing(self):
        assert load(FIRM, dry_run=True).created["Person"] == 2
        assert not Person.objects.exists()

    def test_moves_a_department(self):
        load(FIRM)
        load(FIRM.replace('under = "works"', ""))
        quality = Department.objects.get(code="quality")
        assert quality.line() == [quality.pk]


class TestASectionOfAnotherPackage:
    @pytest.fixture
    def slogans(self, monkeypatch):
        firm.sections()  # found before the copy is made: what is imported once does not register again
        monkeypatch.setattr(firm, "_sections", dict(firm._sections))
        loaded = []

        @firm.section("slogans")
        def load_slogans(entries, loading):
            for code, entry in loading.each(entries):
                loading.known_keys(entry, "text", "department")
                loaded.append((code, loading.find(Department, "department", code=entry["department"]).name))

        return loaded

    def test_is_loaded_after_those_it_leans_on(self, slogans):
        load('[slogans.first]\ndepartment = "quality"\n' + FIRM)
        assert slogans == [("first", "质量部")]

    def test_undoes_everything_when_it_fails(self, slogans):
        with pytest.raises(firm.CannotLoad, match="slogans › first: There is no department called “x”"):
            load(FIRM + '[slogans.first]\ndepartment = "x"\n')
        assert not Department.objects.exists()


class TestAFileWithAMistake:
    @pytest.mark.parametrize(
        ("right", "wrong", "sentence"),
        [
            ('under = "works"', 'under = "mars"', "departments › quality: There is no department called “mars”"),
            ('title = "客服"', "", "positions › desk: “title” is missing"),
            ("rank = 3", "rang = 3", "positions › quality-head: “rang” is not understood"),
            ("rank = 3", "rank = 0", "positions › quality-head:|violates check"),
            ("rank = 3", 'rank = "high"', "positions › quality-head: rank:"),
            ('sees = "own"', 'sees = "all"', "positions › quality-handler: sees:"),
            ('"coordinator"', '"king"', "positions › desk: duties:"),
            ("13:30-17:00", "13:30-27:00", "calendars › office: 27:00 is not a time"),
            ("mon-thu", "mon-day", "calendars › office: “mon-day” in the shifts"),
            ("always = true", "", "calendars › always: A calendar needs shifts"),
            ('holidays = "CN"', 'timezone = "Mars/Base"', "calendars › office: timezone: There is no time zone"),
            ("to = 2026\n", "to = 2099\n", "holidays › CN: The public holidays of 2027"),
            ('["2027-01-01 元旦"]', '["2026-01-01"]', "holidays › CN 2027: 2026-01-01 is not in 2027"),
            ('name = "工厂"', 'name = "工厂"\nunder = "quality"', "in a circle"),
            ("to = 2026-03-06T12:00:00", "to = 2026-03-01", "absences › 1: The absence ends before"),
            ('deputy = "li"', 'deputy = "wu"', "absences › 1: Nobody can be their own deputy"),
            ("[[absences]]", "[[absentees]]", "There is no section “absentees”"),
        ],
    )  # fmt: skip
    def test_is_refused_with_the_place_and_nothing_is_changed(self, right, wrong, sentence):
        assert right in FIRM
        with pytest.raises(firm.CannotLoad, match=sentence) as refused:
            load(FIRM.replace(right, wrong))
        assert str(refused.value).startswith("firm.toml")
        assert not Department.objects.exists()
        assert not HolidayYear.objects.exists()


class TestTheFirmCommand:
    def test_loads_a_file_and_says_what_it_did(self, tmp_path):
        file, said = tmp_path / "firm.toml", StringIO()
        file.write_text("\ufeff" + FIRM, encoding="utf-8")
        call_command("firm", "load", str(file), stdout=said)
        assert Absence.objects.count() == 1
        assert "Person: 2" in said.getvalue()

    def test_checks_a_file_without_touching_anything(self, tmp_path):
        file = tmp_path / "firm.toml"
        file.write_text(FIRM, encoding="utf-8")
        call_command("firm", "check", str(file), stdout=StringIO())
        assert not Department.objects.exists()

    def test_names_the_line_of_a_syntax_error(self, tmp_path):
        file = tmp_path / "firm.toml"
        file.write_text("[people.wang\nname = 1", encoding="utf-8")
        with pytest.raises(CommandError, match=r"firm\.toml: .*line 1"):
            call_command("firm", "load", str(file))

    def test_refuses_a_file_that_is_not_text(self, tmp_path):
        file = tmp_path / "firm.toml"
        file.write_bytes("名 = 1".encode("gb18030"))
        with pytest.raises(CommandError, match="UTF-8"):
            call_command("firm", "load", str(file))
        with pytest.raises(CommandError, match="No such file"):
            call_command("firm", "load", str(tmp_path / "none.toml"))


class TestTheLedger:
    def test_says_what_a_file_made_and_what_it_changed(self):
        written = {
            "calendars": {"office": {"name": "办公", "shifts": "mon-fri 09:00-17:00"}},
            "departments": {"works": {"name": "工厂", "calendar": "office"}},
        }
        firm.load_written(written, file="firm.toml", now=NOON)
        written["calendars"]["office"]["shifts"] = "mon-fri 08:00-16:00"
        firm.load_written(written, file="firm.toml", now=NOON)
        firm.load_written(written, file="firm.toml", now=NOON)

        kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
        assert kinds == [
            "organisation.calendar_added",
            "organisation.department_added",
            "organisation.calendar_changed",
        ]
