import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guixin.channels.models import Import
from guixin.desks.tests.desk import signed_in
from guixin.organisation.tests import make as firm
from guixin.serve.tests.make import NOON
from guixin.understand import price_intervals, pricing, taking_in_prices
from guixin.understand.models import PriceAnswer, PriceStudy
from guixin.understand.taking_in_prices import Given
from guixin.understand.tests import make

pytestmark = pytest.mark.usefixtures("noon")
TYPED = {"too_cheap": "50", "cheap": "80", "expensive": "120", "too_expensive": "1,500"}


@pytest.fixture
def study():
    study = pricing.begin("taps", name="龙头价格", name_en="Taps", owner=firm.zhao(), by=firm.he(), now=NOON)
    answers = [
        Given(n, (4000 + 100 * n, 5000 + 100 * n, 6000 + 100 * n, 7000 + 100 * n), 5, 3, respondent=str(n))
        for n in range(40)
    ]
    taking_in_prices.take_in(study, [*answers, Given(41, (4, 3, 2, 1))], source="api", by=firm.he(), now=NOON)
    return study


def page(person, address="/prices/taps") -> str:
    return signed_in(person).get(address).content.decode()


class TestThePageOfAStudy:
    def test_goes_from_answers_to_a_range_with_its_charts(self, study):
        price_intervals.count_next(NOON)
        html = page(firm.wang())

        assert "41 answers" in html
        assert "40 counted" in html
        assert "1 left out: prices not in order" in html
        assert html.count('role="img"') == 4
        assert "PMC CN¥" in html
        assert "Most revenue at" in html
        assert "95 % interval" in html
        assert "a range to look in, not a price" in html

    def test_says_plainly_that_there_are_not_enough(self):
        pricing.begin("new-pans", name="锅", owner=firm.zhao(), by=firm.he(), now=NOON)
        assert "Not enough answers for the points: 0 of at least 10" in page(firm.wang(), "/prices/new-pans")

    def test_leads_from_each_number_to_its_answers(self, study):
        html = page(firm.wang(), "/prices/taps/answers?which=inconsistent")
        assert html.count("CN¥0.0") == 4
        assert "Strike out" not in html
        assert "Earlier" not in html
        assert "Strike out" in page(firm.zhao(), "/prices/taps/answers?which=used")

    def test_takes_an_answer_typed_in_with_its_customer(self, study):
        zhang = make.customer()
        answer = signed_in(firm.wang()).post("/prices/taps/answers/note", TYPED | {"who": "13800138000"})

        assert answer.status_code == 302
        made = PriceAnswer.objects.latest("pk")
        assert (made.too_expensive, made.customer_id) == (150_000, zhang.pk)
        listed = page(firm.wang(), "/prices/taps/answers")
        assert f"/customers/{zhang.pk}" in listed
        assert "张三" not in listed  # masked
        story = page(firm.wang(), f"/customers/{zhang.pk}?kind=surveys")
        assert "Answered the price study “龙头价格”" in story

    def test_gives_a_wrong_answer_back_with_what_was_typed(self, study):
        answer = signed_in(firm.wang()).post(
            "/prices/taps/answers/note", TYPED | {"cheap": "dear", "who": "13700137000"}
        )
        html = answer.content.decode()

        assert answer.status_code == 422
        assert "“dear” is not a number." in html
        assert "Nobody is known by this" in html
        assert 'value="1,500"' in html

    def test_notes_what_was_sold_for_its_owner(self, study):
        sale = {"price": "10", "quantity": "100", "seen_on": "2026-03-01", "place": "青岛"}

        assert signed_in(firm.wang()).post("/prices/taps/sales", sale).status_code == 403
        assert signed_in(firm.zhao()).post("/prices/taps/sales", sale).status_code == 302
        assert "青岛" in page(firm.zhao())
        row = study.observations.get()
        assert signed_in(firm.zhao()).post(f"/prices/taps/sales/{row.pk}/removal").status_code == 302
        assert not study.observations.exists()

    def test_is_taken_along_as_a_workbook(self, study):
        answer = signed_in(firm.wang()).get("/prices/taps/results.xlsx")

        assert b"".join(answer.streaming_content)[:2] == b"PK"

    def test_is_for_those_who_see_every_customer_and_its_owner(self, study):
        assert signed_in(firm.zhao()).get("/prices").status_code == 200
        assert signed_in(firm.chen()).get("/prices").status_code == 403
        assert signed_in(firm.chen()).get("/prices/taps").status_code == 404


class TestChangingAStudyAtTheDesk:
    def test_begins_one(self):
        said = {"name": "新锅", "name_en": "New pans", "owner": firm.zhao().pk, "currency": "cny"}
        answer = signed_in(firm.he()).post("/prices/new", said | {"cheap_zh": "多少钱算便宜？"})

        made = PriceStudy.objects.get()
        assert answer.url == f"/prices/{made.code}" == "/prices/new-pans"
        assert made.wording == {"cheap": {"zh": "多少钱算便宜？"}}

    def test_is_refused_in_words(self, study):
        said = {"name": "龙头价格", "owner": firm.zhao().pk, "currency": "USD"}
        answer = signed_in(firm.zhao()).post("/prices/taps/description", said)

        assert answer.status_code == 422
        assert "There are answers already" in answer.content.decode()

    def test_closes_and_reopens(self, study):
        client = signed_in(firm.zhao())
        client.post("/prices/taps/closing")
        assert "Note an answer" not in page(firm.wang())
        client.post("/prices/taps/reopening")
        assert "Note an answer" in page(firm.wang())

    def test_strikes_an_answer_out(self, study):
        pk = study.answers.latest("pk").pk
        signed_in(firm.zhao()).post(f"/prices/taps/answers/{pk}/striking", {"why": "填反了"})

        assert "填反了" in page(firm.wang(), "/prices/taps/answers?which=struck")


class TestAFileLeftOnTheStudysPage:
    @pytest.fixture(autouse=True)
    def _files(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path

    def test_goes_through_the_wizard_for_its_owner_and_no_other_study(self, study):
        pricing.begin("other", name="别的", owner=firm.wang(), by=firm.he(), now=NOON)
        client = signed_in(firm.zhao())
        file = SimpleUploadedFile("a.csv", "太便宜,便宜,贵,太贵\n50,80,120,150\n".encode())

        answer = client.post("/prices/taps/answers/file", {"file": file})
        run = Import.objects.get()
        assert answer.url == f"/admin/imports/{run.pk}/columns"
        columns = client.get(answer.url).content.decode()
        assert '<option value="taps" selected>' in columns
        assert '<option value="other"' not in columns

        chosen = {
            "too_cheap": "太便宜",
            "cheap": "便宜",
            "expensive": "贵",
            "too_expensive": "太贵",
            "import": "1",
        }
        assert client.post(answer.url, chosen | {"source": "other"}).status_code == 422
        assert client.post(answer.url, chosen | {"source": "taps"}).status_code == 302
        assert client.get(f"/admin/imports/{run.pk}").status_code == 200
        assert signed_in(firm.wang()).get(f"/admin/imports/{run.pk}").status_code == 403
        assert client.get("/admin/imports").status_code == 403

    def test_that_is_empty_is_given_back(self, study):
        file = SimpleUploadedFile("a.csv", b"")
        assert signed_in(firm.zhao()).post("/prices/taps/answers/file", {"file": file}).status_code == 422
