import pytest

from guixin.desks.tests.desk import signed_in
from guixin.organisation.tests import make as firm
from guixin.organisation.tests.make import line
from guixin.serve.models import Emergency
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def case(noon):
    firm.authority_table(line("emergency", 2, 1), line("emergency", 5, None))
    return make.case(departments=[make.quality().pk])


def take(case):
    he = signed_in(make.he())
    assert he.post(f"/cases/{case.number}/emergency", {"reason": "客户产线停了"}).status_code == 302
    return Emergency.objects.get()


class TestTheEmergencyPath:
    def test_is_offered_to_those_allowed_alone(self, case):
        assert "act=emergency" in signed_in(make.he()).get(f"/cases/{case.number}").content.decode()
        assert "act=emergency" not in signed_in(make.wang()).get(f"/cases/{case.number}").content.decode()
        assert (
            signed_in(make.wang()).post(f"/cases/{case.number}/emergency", {"reason": "急"}).status_code
            == 403
        )

    def test_is_shown_in_words_everywhere(self, case):
        emergency = take(case)
        he = signed_in(make.he())
        assert "Emergency path" in he.get(f"/cases/{case.number}").content.decode()
        assert "Emergency" in he.get("/queues/all").content.decode()
        assert "/emergencies?which=running" in he.get("/now").content.decode()
        track = signed_in(make.he()).get(f"/track/{case.number}/{case.tracking_token()}").content.decode()
        assert "it goes before everything else" in track
        assert he.get(f"/cases/{case.number}/emergency-path")["Location"] == f"/emergencies/{emergency.pk}"

    def test_is_reviewed_on_its_page(self, case):
        emergency = take(case)
        sun = signed_in(make.sun())
        assert f"/emergencies/{emergency.pk}" in sun.get("/").content.decode()
        empty = sun.post(f"/emergencies/{emergency.pk}/review", {"verdict": "justified", "learnt": ""})
        assert (empty.status_code, "what was learnt" in empty.content.decode()) == (422, True)
        done = sun.post(
            f"/emergencies/{emergency.pk}/review", {"verdict": "justified", "learnt": "常备一台车"}
        )
        assert done.status_code == 302
        assert "常备一台车" in sun.get("/emergencies").content.decode()
        assert signed_in(make.he()).post(f"/emergencies/{emergency.pk}/review", {}).status_code == 403
        assert signed_in(make.zhao()).get(f"/emergencies/{emergency.pk}").status_code == 404
