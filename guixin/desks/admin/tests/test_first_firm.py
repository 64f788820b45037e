"""The guide of docs/setting-up-a-firm.md, followed by pages alone: from an empty installation to the first routed case."""

from django.test import Client

from guixin.desks.tests.desk import noon, signed_in
from guixin.organisation.first_firm import ensure_first_firm
from guixin.organisation.models import Calendar, Department, HolidayYear, Person, Position
from guixin.serve import intake
from guixin.serve.models import Task

__all__ = ["noon"]
PASSWORD = "绿色的拉链 7 厘米"


def invited(client: Client, name: str, login: str, position: Position) -> Client:
    """Added by the administrator; chooses a password with the link, and is signed in."""
    said = {"name": name, "login": login, "language": "zh-hans", "position": position.pk}
    shown = client.post("/admin/people/new", said).content.decode()
    address = "/invitation/" + shown.split("/invitation/")[1].split('"')[0]
    theirs = Client(headers={"accept-language": "en"})
    answer = theirs.post(address, {"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 302
    return theirs


class TestAnEmptyInstallation:
    def test_becomes_a_firm_whose_first_case_is_with_its_department(self, noon):
        ensure_first_firm(noon)
        admin = signed_in(Person.objects.get(login="admin"))

        # 1, 2: holidays and working hours
        admin.post("/admin/holidays")
        proposal = admin.post("/admin/holidays/CN/2026/proposal", {"seed": "1"}).context
        published = {"days": proposal["written"], "source": proposal["source"], "publish": "1"}
        admin.post("/admin/holidays/CN/2026/days", published)
        year = HolidayYear.objects.get(year=2026)
        hours = {f"day{number}": "8:30-12:00 13:00-17:30" for number in range(5)}
        admin.post(
            "/admin/calendars",
            {"name": "工厂", "timezone": "Asia/Shanghai", "holidays": year.list_id, **hours},
        )
        plant = Calendar.objects.get(name="工厂")

        # 3, 4: departments and positions
        admin.post("/admin/departments", {"name": "质量部", "name_en": "Quality", "calendar": plant.pk})
        quality = Department.objects.get(code="quality")
        for title, rank in (("质量专员", 1), ("质量主管", 2), ("质量部经理", 3)):
            said = {"title": title, "rank": rank, "sees": "department"}
            admin.post(f"/admin/departments/{quality.pk}/positions", said)

        # 5, 6: people, and the ladder without holes of its own
        handler = invited(admin, "李娜", "lina", Position.objects.get(title="质量专员"))
        invited(admin, "钱涛", "qiantao", Position.objects.get(title="质量主管"))
        invited(admin, "吴敏", "wumin", Position.objects.get(title="质量部经理"))
        ladder = admin.get(f"/admin/ladder?department={quality.pk}").context["picture"]
        assert [level.told.name for level in ladder.levels] == ["钱涛", "吴敏"]
        assert ladder.holes == ()

        # 8: the first case
        arrival = intake.Arrival(
            kind="complaint", subject="拉链头脱落", channel="phone", departments=(quality.pk,)
        )
        case = intake.open_case(arrival, now=noon, by=Person.objects.get(login="admin"))
        assert Task.objects.get(case=case).department == quality
        assert "拉链头脱落" in handler.get("/queues/tasks").content.decode()
