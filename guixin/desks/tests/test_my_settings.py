import pytest

from guixin.desks.tests.desk import nobody, signed_in
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")
SECRET = "quiet-Lake-4711"


def with_password(person):
    person.set_password(SECRET)
    person.save(update_fields=["password"])
    return person


def keys_form(**moved) -> dict[str, str]:
    from guixin.desks.keys import MOVABLE

    return {f"key_{at}": moved.get(usual, usual) for at, usual in enumerate(MOVABLE)}


class TestMySettings:
    @pytest.mark.parametrize(("what", "wanted"), [("theme", "dark"), ("density", "dense"), ("keys", "off")])
    def test_go_with_the_person_to_another_device(self, what, wanted):
        signed_in(make.wang()).post(f"/preferences/{what}", {what: wanted, "next": "/settings"})

        assert f'data-{what}="{wanted}"' in signed_in(make.wang()).get("/settings").content.decode()
        assert f'data-{what}="{wanted}"' not in signed_in(make.li()).get("/settings").content.decode()

    def test_without_an_account_stay_with_the_browser(self, db):
        client = nobody()
        client.post("/preferences/theme", {"theme": "dark", "next": "/sign-in"})

        assert 'data-theme="dark"' in client.get("/sign-in").content.decode()

    def test_take_no_value_that_is_not_offered(self):
        client = signed_in(make.wang())

        client.post("/preferences/theme", {"theme": '"><script>'})

        assert 'data-theme="auto"' in client.get("/settings").content.decode()
        assert client.post("/preferences/nonsense", {}).status_code == 404

    def test_lead_back_to_our_own_pages_only(self):
        answer = signed_in(make.wang()).post(
            "/preferences/theme", {"theme": "dark", "next": "//evil.example/"}
        )

        assert answer["Location"] == "/"

    def test_keep_the_language_for_pages_and_notices(self):
        person = with_password(make.wang())
        signed_in(person).post("/preferences/language", {"language": "zh-hant", "next": "/settings"})

        answer = nobody().post("/sign-in", {"login": person.login, "password": SECRET})

        person.refresh_from_db()
        assert person.language == "zh-hant"
        assert answer.cookies["django_language"].value == "zh-hant"

    def test_are_for_whoever_is_signed_in(self, db):
        assert nobody().get("/settings")["Location"].startswith("/sign-in")
        assert nobody().post("/settings/keys", {})["Location"].startswith("/sign-in")


class TestMovingKeys:
    def test_keeps_what_was_moved_and_nothing_else(self):
        client = signed_in(make.wang())

        answer = client.post("/settings/keys", keys_form(r="y"))

        assert answer["Location"] == "/settings#keys"
        assert 'data-own-keys="{&quot;r&quot;: &quot;y&quot;}"' in client.get("/").content.decode()

    @pytest.mark.parametrize(
        ("moved", "why"),
        [({"r": "n"}, "used twice"), ({"r": "g"}, "other than g"), ({"r": "回"}, "other than g")],
    )
    def test_is_refused_with_everything_kept(self, moved, why):
        answer = signed_in(make.wang()).post("/settings/keys", keys_form(**moved))

        assert answer.status_code == 422
        assert why in answer.content.decode()
        make.wang().refresh_from_db()
        assert "own_keys" not in make.wang().preferences


class TestSessions:
    def test_end_everywhere(self):
        here, elsewhere = signed_in(make.wang()), signed_in(make.wang())

        here.post("/settings/sessions")

        assert elsewhere.get("/settings")["Location"].startswith("/sign-in")
        assert here.get("/settings")["Location"].startswith("/sign-in")

    def test_of_others_go_on(self):
        other = signed_in(make.li())

        signed_in(make.wang()).post("/settings/sessions")

        assert other.get("/settings").status_code == 200

    def test_elsewhere_end_with_the_password(self):
        person = with_password(make.wang())
        here, elsewhere = signed_in(person), signed_in(person)

        answer = here.post("/settings/password", {"old": SECRET, "new": "another-Lake-0815"})

        assert answer["Location"] == "/settings"
        assert here.get("/settings").status_code == 200
        assert elsewhere.get("/settings")["Location"].startswith("/sign-in")

    @pytest.mark.parametrize(("old", "new"), [("wrong", "another-Lake-0815"), (SECRET, "12345")])
    def test_keep_their_password_when_it_is_refused(self, old, new):
        person = with_password(make.wang())

        answer = signed_in(person).post("/settings/password", {"old": old, "new": new})

        person.refresh_from_db()
        assert answer.status_code == 422
        assert person.check_password(SECRET)
        assert SECRET not in answer.content.decode()
