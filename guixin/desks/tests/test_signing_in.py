import pytest

from guixin.desks.tests.desk import nobody, signed_in
from guixin.organisation.models import Person
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")
PASSWORD = "correct horse 7"


@pytest.fixture
def wang() -> Person:
    wang = make.wang()
    wang.set_password(PASSWORD)
    wang.save(update_fields=["password"])
    return wang


class TestSigningIn:
    def test_leads_on_to_where_one_wanted_to_go(self, wang):
        answer = nobody().post("/sign-in", {"login": "wang", "password": PASSWORD, "next": "/queues/all"})

        assert answer["Location"] == "/queues/all"

    def test_never_leads_to_another_house(self, wang):
        said = {"login": "wang", "password": PASSWORD, "next": "https://example.com/"}

        assert nobody().post("/sign-in", said)["Location"] == "/"

    def test_says_the_same_for_unknown_and_wrong(self, wang):
        unknown = nobody().post("/sign-in", {"login": "nobody", "password": PASSWORD})
        wrong = nobody().post("/sign-in", {"login": "wang", "password": "no"})

        for answer in (unknown, wrong):
            assert answer.status_code == 422
            assert "do not fit together" in answer.content.decode()

    def test_is_slowed_down_after_ten_tries(self, wang):
        client = nobody()
        for _try in range(10):
            client.post("/sign-in", {"login": "wang", "password": "no"})

        assert client.post("/sign-in", {"login": "wang", "password": PASSWORD}).status_code == 429

    def test_with_one_click_is_for_demonstrations_only(self, settings):
        make.wang()

        settings.DEMO = False
        assert nobody().post("/sign-in/as/wang").status_code == 404
        assert "王芳" not in nobody().get("/sign-in").content.decode()
        settings.DEMO = True
        assert "王芳" in nobody().get("/sign-in").content.decode()
        assert nobody().post("/sign-in/as/wang")["Location"] == "/"

    def test_offers_the_walks_of_a_demonstration_to_its_own_people_alone(self, settings):
        settings.DEMO = True
        make.wang()
        assert "A reseller becomes a key account" not in nobody().get("/sign-in").content.decode()
        for login in ("luo", "gu", "ye"):
            Person.objects.create(login=login, name=login)

        assert "A reseller becomes a key account" in nobody().get("/sign-in").content.decode()
        assert nobody().post("/sign-in/as/ye", {"next": "/strategies/key-accounts#review"})["Location"] == (
            "/strategies/key-accounts#review"
        )

    def test_ends_with_signing_out(self):
        client = signed_in(make.wang())

        client.post("/sign-out")

        assert client.get("/").status_code == 302


class TestThePagesThemselves:
    def test_allow_no_inline_script_or_style(self):
        case = make.case()
        client = signed_in(make.wang())

        for address in ("/", f"/cases/{case.number}", "/cases/new", "/sign-in", "/complain", "/standards"):
            answer = client.get(address)
            shown = answer.content.decode()
            assert "default-src 'self'" in answer["Content-Security-Policy"]
            assert "<style" not in shown
            assert " style=" not in shown
            assert "onclick" not in shown

    def test_remember_the_theme_without_an_account(self):
        client = nobody()

        client.post("/preferences/theme", {"theme": "dark", "next": "/complain"})

        assert 'data-theme="dark"' in client.get("/complain").content.decode()

    def test_say_how_the_system_is(self):
        answer = nobody().get("/healthz")

        assert answer.status_code == (200 if answer.json()["ok"] else 503)
        assert signed_in(make.sun()).get("/health").status_code == 200
        assert signed_in(make.li()).get("/health").status_code == 403
