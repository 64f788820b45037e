"""The contract of `guixin import` and `guixin replay`, on a made-up quarter always and on public data where it is.

The public files stand in ../shared/data beside a checkout and never in it; without them their tests are skipped.
"""

import csv
import json
import os
import random
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.reliability.ground import fresh_database

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
BOSTON = DATA / "complaints_boston311_2011q3.csv.gz"
RETAIL = DATA / "retail_online_2010-12_2011-05.csv.gz"
CDNOW = DATA / "cdnow_sample.txt.gz"
VOLVO = DATA / "tickets_volvo_bpic13_part1.csv.gz"
QUESTIONS = DATA / "zh_retrieval_cmrc2018dev_queries.csv.gz"
PASSAGES = DATA / "zh_retrieval_cmrc2018dev_docs.jsonl.gz"
REVIEWS = DATA / "zh_reviews_hotel.csv.gz"
REPLAY = ["--mapping", "boston311", "--ladder", "80%,0h,24h,72h", "--calendar", "always", "--json"]

needs_boston = pytest.mark.skipif(not BOSTON.exists(), reason="public data is not beside this checkout")
needs_retail = pytest.mark.skipif(not RETAIL.exists(), reason="public data is not beside this checkout")
needs_cdnow = pytest.mark.skipif(not CDNOW.exists(), reason="public data is not beside this checkout")
needs_volvo = pytest.mark.skipif(not VOLVO.exists(), reason="public data is not beside this checkout")
needs_chinese = pytest.mark.skipif(not REVIEWS.exists(), reason="public data is not beside this checkout")


@pytest.fixture(scope="module")
def url() -> str:
    """A database of this module's own, on the server the tests run on."""
    with fresh_database(os.environ["DATABASE_URL"], f"guixin_public_{os.getpid()}") as made:
        yield made


def guixin(url: str, *arguments: str, **settings: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "guixin", *arguments],
        env={**os.environ, "DATABASE_URL": url, **settings},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def picked(answer: dict, *names: str) -> list:
    return [answer[name] for name in names]


COLUMNS = [
    "case_enquiry_id", "open_dt", "target_dt", "closed_dt", "ontime", "closure_reason", "case_title", "subject",
    "reason", "type", "department", "location", "source",
]  # fmt: skip


class TestAnotherQuarterOfTheSameSource:
    """Made up, with the columns of the source: what the commands say must equal plain arithmetic."""

    UNTIL = datetime(2012, 1, 1)  # noqa: DTZ001  along the source's wall clock, as it writes

    @pytest.fixture
    def quarter(self, tmp_path) -> tuple[Path, list]:
        draw = random.Random(11)
        path, cases = tmp_path / "quarter.csv", []
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for number in range(600):
                opened = self.UNTIL - timedelta(seconds=draw.randrange(92 * 86400))
                promised = opened + timedelta(seconds=draw.choice([7200, 86400, 864000, 8640000]))
                promised = draw.choice([promised, promised, None])
                closed = opened + timedelta(seconds=draw.randrange(1, 30 * 86400))
                closed = draw.choice([closed, closed, promised, None])
                cases.append((opened, promised, closed))
                on_time = promised is None or (closed is not None and closed <= promised)
                moments = [f"{at:%Y-%m-%d %H:%M:%S}" if at else "" for at in cases[-1]]
                writer.writerow(
                    [f"2{number:011d}", *moments, "ONTIME" if on_time else "OVERDUE", "", "Pothole", "Works",
                     "Streets", "Pothole", draw.choice("AB"), 'Main St, "5"', "Twitter"]
                )  # fmt: skip
        return path, cases

    def expected(self, cases: list) -> list[int]:
        counts = [0, 0, 0, 0]
        for opened, promised, closed in cases:
            if promised is None or opened > self.UNTIL:
                continue
            steps = [opened + (promised - opened) * 0.8]
            steps += [promised + timedelta(hours=hours) for hours in (0, 24, 72)]
            for level, at in enumerate(steps):
                counts[level] += at <= self.UNTIL and (closed is None or at < closed)
        return counts

    def test_lands_and_is_judged_like_the_source(self, url, quarter):
        path, _cases = quarter

        answer = guixin(url, "import", "cases", str(path), "--mapping", "boston311", "--json")

        assert picked(answer, "landed", "already", "faults", "rejected") == [600, 0, 0, 0]
        assert picked(answer, "verdicts_given", "verdicts_agree") == [600, 600]

    @pytest.mark.parametrize("force", [[], ["--workers", "2", "--kill", "6", "--seed", "3"]])
    def test_climbs_as_plain_arithmetic_says_also_under_kills(self, url, quarter, force):
        path, cases = quarter

        answer = guixin(url, "replay", str(path), "--until", "2012-01-01", *REPLAY, *force)

        assert picked(answer, "warnings", "breaches", "level_2", "level_3") == self.expected(cases)
        assert answer["doubled"] == 0


@needs_boston
class TestBoston:
    def test_lands_once_with_its_three_faults_and_every_verdict(self, url):
        first = guixin(url, "import", "cases", str(BOSTON), "--mapping", "boston311", "--json")
        again = guixin(url, "import", "cases", str(BOSTON), "--mapping", "boston311", "--json")

        assert picked(first, "landed", "already", "faults", "rejected") == [31828, 0, 3, 0]
        assert picked(first, "verdicts_given", "verdicts_agree") == [31745, 31745]
        assert picked(again, "landed", "already") == [0, 31828]

    @pytest.mark.parametrize("force", [[], ["--workers", "3", "--kill", "20"]])
    def test_replays_to_the_known_numbers_also_under_kills(self, url, force):
        answer = guixin(url, "replay", str(BOSTON), "--until", "2011-10-01", *REPLAY, *force)

        assert picked(answer, "cases", "warnings", "breaches", "level_2", "level_3", "doubled") == [
            26812, 5236, 4321, 3616, 2869, 0,
        ]  # fmt: skip


@needs_volvo
class TestVolvo:
    def test_lands_in_order_and_counts_its_hand_overs(self, url):
        first = guixin(url, "import", "events", str(VOLVO), "--mapping", "volvo", "--json")
        again = guixin(url, "import", "events", str(VOLVO), "--mapping", "volvo", "--json")

        assert picked(first, "landed", "cases", "handovers", "moves_up", "out_of_order") == [
            42605, 3777, 6857, 2338, 0,
        ]  # fmt: skip
        assert picked(again, "landed", "already") == [0, 42605]


class TestBuyers:
    """Each set in a database of its own: the two shops number their customers alike."""

    @pytest.fixture
    def empty_url(self) -> str:
        with fresh_database(os.environ["DATABASE_URL"], f"guixin_buyers_{os.getpid()}") as made:
            yield made

    @needs_retail
    def test_of_online_retail_land_once_with_their_faults(self, empty_url):
        first = guixin(empty_url, "import", "purchases", str(RETAIL), "--mapping", "online_retail", "--json")
        again = guixin(empty_url, "import", "purchases", str(RETAIL), "--mapping", "online_retail", "--json")

        assert picked(first, "landed", "already", "faults", "rejected") == [209029, 0, 1293, 0]
        assert picked(first, "customers_made", "without_customer", "products_made", "tied") == [
            2767, 59976, 3426, 2699,
        ]  # fmt: skip
        assert picked(again, "landed", "already", "rejected") == [0, 209029, 0]

        graded = guixin(empty_url, "grade", "--json", GUIXIN_CURRENCY="GBP")
        assert graded["letters"] == {"A": 554, "B": 830, "C": 1383}
        assert graded["left_out"] == {"correction": 651, "no_customer": 59325}
        assert graded["model"]["reason"] == "no_optimum"

    @needs_cdnow
    def test_of_cdnow_land_once(self, empty_url):
        first = guixin(empty_url, "import", "purchases", str(CDNOW), "--mapping", "cdnow", "--json")
        again = guixin(empty_url, "import", "purchases", str(CDNOW), "--mapping", "cdnow", "--json")

        assert picked(first, "landed", "already", "faults", "rejected", "customers_made") == [
            6919,
            0,
            8,
            0,
            2357,
        ]
        assert picked(again, "landed", "already") == [0, 6919]

    @needs_cdnow
    def test_of_cdnow_come_back_as_published(self, empty_url):
        """Fader, Hardie and Lee 2005; Fader and Hardie 2013."""
        guixin(empty_url, "import", "purchases", str(CDNOW), "--mapping", "cdnow", "--json")

        model = guixin(empty_url, "grade", "--as-of", "1997-09-30", "--json", GUIXIN_CURRENCY="USD")["model"]

        assert picked(model, "customers", "repeaters", "used") == [2357, 946, True]
        buying, spending = model["bg_nbd"], model["gamma_gamma"]
        assert picked(buying, "r", "alpha", "a", "b") == pytest.approx(
            [0.243, 4.414, 0.793, 2.426], abs=0.0006
        )
        assert buying["log_likelihood"] == pytest.approx(-9582.4, abs=0.05)
        assert picked(spending, "p", "q", "gamma") == pytest.approx([6.25, 3.74, 1544], rel=0.002)
        assert model["correlation"] == pytest.approx(0.11, abs=0.005)


@needs_chinese
class TestTheSearch:
    def test_beats_bm25_over_pairs_of_characters(self, url):
        figures = guixin(url, "measure_retrieval", str(PASSAGES), str(QUESTIONS), "--json")

        assert picked(figures, "questions", "passages") == [3219, 848]
        assert figures["recall_1"] > 0.958
        assert figures["recall_10"] >= 0.998
        assert figures["mrr_10"] > 0.975

    def test_finds_every_review_with_a_word_in_it(self, url):
        figures = guixin(url, "measure_retrieval", str(REVIEWS), "--words", "退房", "隔音", "--json")

        assert figures == {
            "退房": {"found": 413, "contain it": 413}, "隔音": {"found": 441, "contain it": 441},
        }  # fmt: skip


def surges_of(url: str, path: Path) -> list[tuple[str, str, datetime]]:
    """Value, last step of it, and when it was raised."""
    answer = guixin(url, "find_surges", str(path), "--mapping", "boston311", "--json")
    return [
        (each["value"], each["value"].rpartition("/")[2], datetime.fromisoformat(each["raised_at"]))
        for each in answer["alarms"]
    ]


class TestTheSurgeAlarm:
    DAYS = 60
    FIRST = datetime(2012, 1, 2)  # noqa: DTZ001  a Monday, along the source's wall clock

    @pytest.fixture
    def made_up(self, tmp_path) -> Path:
        """Two of each kind a day; on the last day a list of thirty typed in, and a storm of thirty callers."""
        last = self.FIRST + timedelta(days=self.DAYS)
        days = [self.FIRST + timedelta(days=n) for n in range(self.DAYS)]
        came = [
            (day + timedelta(hours=hour), kind)
            for day in days
            for kind in ("Tree", "Lamp")
            for hour in (9, 15)
        ]
        came += [(last + timedelta(hours=9, minutes=n), "Lamp") for n in range(30)]
        came += [(last + timedelta(hours=7, minutes=20 * n), "Tree") for n in range(30)]
        path = tmp_path / "made_up.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for number, (at, kind) in enumerate(came):
                row = [
                    number,
                    f"{at:%Y-%m-%d %H:%M:%S}",
                    "",
                    "",
                    "",
                    "",
                    kind,
                    "Works",
                    kind,
                    kind,
                    "W",
                    "",
                    "Twitter",
                ]
                writer.writerow(row)
        return path

    def test_hears_the_callers_the_same_day_and_not_the_list(self, url, made_up):
        found = surges_of(url, made_up)

        assert [kind for _value, kind, _at in found] == ["Tree"]
        assert found[0][2].date() == (self.FIRST + timedelta(days=self.DAYS)).date()

    @needs_boston
    def test_finds_the_storm_of_boston_the_same_day_and_no_list_that_was_typed_in(self, url):
        found = surges_of(url, BOSTON)

        assert [at.date().isoformat() for _v, kind, at in found if kind == "Tree Emergencies"] == [
            "2011-08-28"
        ]
        lists = {  # looked at by hand: one entry every minute or two by one hand, most closed at once
            ("2011-08-08", "Sidewalk Repair (Internal)"), ("2011-08-12", "Tree Maintenance Requests"),
            ("2011-09-05", "Pavement Marking Maintenance"), ("2011-09-08", "Cross Metering - Sub-Metering"),
        }  # fmt: skip
        assert not lists & {(at.date().isoformat(), kind) for _v, kind, at in found}
        assert len([at for _v, _k, at in found if at.date().isoformat() < "2011-08-27"]) <= 1
