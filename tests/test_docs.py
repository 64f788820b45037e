"""What the documents say is checked like everything else: whoever adds a thing adds its paragraph."""

import re
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from textwrap import dedent
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po
from django.apps import apps

from guixin.channels.sheets import Reason
from guixin.channels.sheets.mapping import FIELDS
from guixin.ledger import documentation
from guixin.organisation import firm
from guixin.promise.models import Measure
from guixin.promise.steps import Running, Terms
from guixin.worktime import Shift, WorkCalendar, working_out, working_out_in_words
from guixin.worktime.chinese_holidays import chinese_exceptions

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
CODE = sorted(p for top in ("guixin", "tests", "demo", "benchmarks") for p in (ROOT / top).rglob("*.py"))
SPOKEN = [p for p in [*PAGES, *CODE, *ROOT.glob("*.toml"), *(ROOT / "bin").iterdir()] if p != Path(__file__)]


def said(*names: str) -> str:
    return "\n".join((DOCS / name).read_text(encoding="utf-8") for name in names)


def in_repository(path: Path) -> str:
    return str(path.relative_to(ROOT))


class TestEveryEvent:
    @pytest.mark.parametrize("cls", documentation.all_events(), ids=lambda cls: cls.kind)
    def test_says_what_happened(self, cls):
        assert cls.__doc__, "an event's docstring is its public documentation"
        assert not cls.__doc__.startswith(f"{cls.__name__}("), "this docstring was made by @dataclass"
        assert cls.sentence, "people read the ledger too"

    @pytest.mark.parametrize("cls", documentation.all_events(), ids=lambda cls: cls.kind)
    def test_mentions_only_facts_it_has(self, cls):
        mentioned = set(re.findall(r"%\((\w+)\)s", cls.sentence))

        assert mentioned <= set(cls.__dataclass_fields__)

    def test_is_said_in_chinese_too(self):
        catalogue = ROOT / "guixin" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        with catalogue.open("rb") as file:
            said_in_chinese = {message.id for message in read_po(file) if message.string}

        sentences = {cls.sentence for cls in documentation.all_events()}
        assert sentences - said_in_chinese == set()

    def test_is_found_without_anybody_having_used_it(self):
        written = "\n".join(path.read_text(encoding="utf-8") for path in CODE if "tests" not in path.parts)
        kinds = set(re.findall(r'^    kind: ClassVar\[str\] = "([\w.]+)"$', written, re.MULTILINE))

        assert kinds == {cls.kind for cls in documentation.all_events()}

    def test_stands_on_its_page_as_it_stands_in_the_code(self):
        assert said("events.md") == documentation.page(), "run: python -m guixin.ledger.documentation"


class TestEverySetting:
    def test_is_explained_to_whoever_installs(self):
        read = set()
        for path in [*(ROOT / "guixin").rglob("*.py"), *(p for p in (ROOT / "bin").iterdir() if p.is_file())]:
            if "tests" not in path.parts:
                read |= set(
                    re.findall(r"\b(GUIXIN_[A-Z_]+|DATABASE_URL)\b", path.read_text(encoding="utf-8"))
                )

        text = said("install.md", "running.md")
        assert "DATABASE_URL" in read
        assert [name for name in sorted(read) if f"`{name}" not in text] == []


class TestEveryCommand:
    def test_stands_in_a_document(self):
        names = {
            path.stem
            for path in (ROOT / "guixin").rglob("management/commands/*.py")
            if path.stem != "__init__"
        }
        written = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

        assert "import" in names
        assert [name for name in sorted(names) if not re.search(rf"guixin {name}\b", written)] == []

    def test_of_the_readme_is_there(self):
        for page in [*ROOT.glob("*.md"), DOCS / "install.md", DOCS / "running.md"]:
            for name in set(re.findall(r"(?<![\w./])bin/[a-z]+\b", page.read_text(encoding="utf-8"))):
                program = ROOT / name
                assert program.is_file(), f"{page.name} names {name}"
                assert program.stat().st_mode & 0o111, f"{name} cannot be run"

    def test_run_as_a_module_is_there(self):
        for page in PAGES:
            for name in re.findall(r"python -m ((?:guixin|tests|benchmarks)[\w.]*)", page.read_text("utf-8")):
                place = ROOT.joinpath(*name.split("."))
                assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), (
                    f"{page.name}: {name}"
                )


class TestEveryAddress:
    @pytest.mark.parametrize("page", PAGES, ids=in_repository)
    def test_inside_the_repository_leads_somewhere(self, page):
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            if not re.match(r"[a-z]+:|#", link):
                assert (page.parent / link.split("#")[0]).exists(), link

    def test_of_a_document_in_a_comment_is_there(self):
        for path in CODE:
            for name in re.findall(r"\b((?:docs|decisions)/[\w/-]+\.md)\b", path.read_text(encoding="utf-8")):
                page = ROOT / name if name.startswith("docs/") else DOCS / "developers" / name
                assert page.is_file(), f"{in_repository(path)} speaks of {name}"

    @pytest.mark.parametrize("page", PAGES, ids=in_repository)
    def test_on_the_web_is_an_example_a_standard_or_this_machine(self, page):
        for host in re.findall(r"\bhttps?://([^/\s`)\"'…]+)", page.read_text(encoding="utf-8")):
            name = host.split("@")[-1].split(":")[0]
            assert name in {"localhost", "127.0.0.1", "www.standardwebhooks.com"} or name.endswith(
                ".example"
            ), host

    def test_of_somebodys_machine_stands_nowhere(self):
        theirs = re.compile(r"(?<![\w.])/(work|farm|home|Users|mnt)/")
        found = [
            in_repository(path)
            for path in SPOKEN
            if path.is_file() and theirs.search(path.read_text("utf-8"))
        ]

        assert found == []


class TestTheFirmFile:
    @pytest.mark.django_db
    def test_can_be_copied_from_the_page(self):
        text = re.sub(r"(?m)^\S.*\n", "", said("setting-up-a-firm.md"))
        written = tomllib.loads(
            "\n".join(b for b in re.split(r"\n{2,}", dedent(text)) if "bin/guixin" not in b)
        )

        loading = firm.load_written(written, file="my-firm.toml", now=datetime(2026, 3, 6, tzinfo=UTC))

        assert set(written) == set(firm.sections())
        assert loading.created["StandardVersion"] == 1

    def test_has_a_paragraph_for_every_section(self):
        text = said("setting-up-a-firm.md")

        assert [name for name in firm.sections() if f"[{name}" not in text] == []

    def test_names_everything_that_can_be_promised(self):
        text = said("setting-up-a-firm.md")

        assert [value for value in Measure.values if f"`{value}`" not in text] == []


class TestTheWorkedExample:
    """The promise of eight hours made on the eve of the National Day of 2026, in docs/escalation.md."""

    zone = ZoneInfo("Asia/Shanghai")
    shifts = (Shift(time(9), time(12)), Shift(time(13), time(18)))
    start = datetime(2026, 9, 30, 16, 30, tzinfo=zone)

    def calendar(self):
        return WorkCalendar(
            zone=self.zone,
            weekly=dict.fromkeys(range(5), self.shifts),
            days=chinese_exceptions(2026, self.shifts),
            published_until=date(2026, 12, 31),
        )

    def running(self, **facts):
        return Running(self.start, timedelta(hours=8), self.calendar(), Terms(80, (480, 1440), 480), **facts)

    def test_is_worked_out_as_the_page_says(self):
        due = self.running().promised_at()

        words = working_out_in_words(working_out(self.start, due, self.calendar()), "en")
        assert words in said("escalation.md")

    def test_climbs_as_the_page_says(self):
        until = datetime(2026, 10, 14, tzinfo=self.zone)
        steps = self.running().steps_until(until, inclusive=True)

        shown = re.findall(r"\| \w{3} (\d+) Oct (\d\d):(\d\d) \|", said("escalation.md"))
        assert shown == [
            (str(at.day), f"{at:%H}", f"{at:%M}")
            for at in (at.astimezone(self.zone) for _level, _round, at in steps)
        ]

    def test_waits_for_the_customer_as_the_page_says(self):
        from_at, to_at = (datetime(2026, 10, 8, hour, tzinfo=self.zone) for hour in (9, 10))
        due = self.running(pauses=[(from_at, to_at)]).promised_at().astimezone(self.zone)

        assert f"the deadline is {due:%a} {due.day} {due:%b %H:%M}" in said("escalation.md")


class TestImport:
    def test_names_every_field_of_a_mapping(self):
        text = said("import.md")

        assert [name for names in FIELDS.values() for name in sorted(names) if f"`{name}`" not in text] == []

    def test_names_every_reason_a_line_is_refused(self):
        text = said("import.md")

        assert [reason for reason in Reason if f"`{reason.value}`" not in text] == []


class TestBadInput:
    def test_is_shown_by_tests_that_exist(self):
        named = re.findall(r"`(guixin/[\w/]+\.py)::(test_\w+)`", said("bad-input.md"))

        assert len(named) >= 15
        assert [
            name for path, name in named if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
        ] == []


class TestTheApi:
    def test_says_in_a_line_what_each_operation_does(self):
        from guixin.channels.api.urls import api

        operations = [
            (path, method, about)
            for path, methods in api.get_openapi_schema()["paths"].items()
            for method, about in methods.items()
        ]
        assert operations
        assert [(path, method) for path, method, about in operations if not about.get("summary")] == []


class TestTheArchitecture:
    def test_says_what_each_table_is(self):
        text = said("developers/architecture.md")
        tables = [m._meta.db_table for m in apps.get_models() if m.__module__.startswith("guixin.")]

        assert [table for table in tables if f"| `{table}` |" not in text] == []

    def test_has_a_line_for_each_package(self):
        text = said("developers/architecture.md")
        packages = {p.parent.name for p in (ROOT / "guixin").glob("*/__init__.py")} - {"tests"}

        assert [name for name in sorted(packages) if f"| `guixin/{name}/` |" not in text] == []


class TestTheDecisions:
    def test_stand_in_the_index(self):
        folder = DOCS / "developers" / "decisions"
        index = (folder / "README.md").read_text(encoding="utf-8")

        for page in sorted(folder.glob("0*.md")):
            heading = page.read_text(encoding="utf-8").splitlines()[0]
            number, title = re.fullmatch(r"# (\d+)\. (.+)", heading).groups()
            assert int(page.name[:4]) == int(number)
            assert f"{number}. [{title}]({page.name})" in index


class TestTheGuarantees:
    def test_each_name_a_script_that_is_there(self):
        scripts = re.findall(r"tests/reliability/(r\d+_\w+\.py)", said("guarantees.md"))

        assert scripts
        assert [name for name in scripts if not (ROOT / "tests" / "reliability" / name).is_file()] == []

    def test_miss_no_script(self):
        text = said("guarantees.md")
        there = {path.name for path in (ROOT / "tests" / "reliability").glob("r[0-9]*_*.py")}

        assert [name for name in sorted(there) if name not in text] == []


class TestTheGlossary:
    def test_leads_to_code_that_is_there(self):
        places = re.findall(r"`((?:guixin|demo|tests)/[\w/.]+)`", said("glossary.md"))

        assert places
        assert [place for place in places if not (ROOT / place).exists()] == []

    @pytest.mark.parametrize(
        "word",
        [
            "个案",
            "投诉",
            "咨询",
            "服务请求",
            "建议",
            "表扬",
            "来访",
            "首问责任人",
            "协办单",
            "服务标准",
            "时限",
            "超时",
            "升级",
            "授权",
            "服务补救",
            "回访",
            "细分",
            "等级",
            "价值定位",
            "服务方案",
            "服务蓝图",
            "关键时刻",
            "批次",
            "短板",
            "整改",
            "质量点",
            "客户服务手册",
            "负面案例",
            "内部客户",
            "岗位考核",
            "台账",
        ],
    )
    def test_has_every_word_of_the_trade(self, word):
        assert word in said("glossary.md")
