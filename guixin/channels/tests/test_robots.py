"""Notices in the firm's chats, against stand-ins that hold a robot to the real limits."""

from datetime import time, timedelta

import pytest

from guixin.channels import health, http, notices, staff_mail
from guixin.channels.models import Notice, Robot, RobotLine, Told
from guixin.channels.robots import chats, gathering, keeping
from guixin.channels.robots.cards import Card
from guixin.channels.tests import chats as stand_ins
from guixin.ledger.clock import set_virtual_clock
from guixin.ledger.models import Entry, Outgoing
from guixin.ledger.outbox import deliver_next
from guixin.promise.keeping import fire_due
from guixin.serve import handling
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
NOON = make.NOON


@pytest.fixture(autouse=True)
def near(monkeypatch):
    monkeypatch.setenv("GUIXIN_WEBHOOK_ALLOW", "127.0.0.1")


@pytest.fixture
def chat(request):
    kind, about = getattr(request, "param", ("DingTalk", {}))
    there = getattr(stand_ins, kind)(**about)
    yield there
    there.close()


def robot(chat, kind: str = "dingtalk", **more) -> Robot:
    about = {"name": "质量部群", "url": chat.url, "department": make.quality(), "gap_seconds": 0} | more
    return keeping.make(kind=kind, by=make.he(), now=NOON, **about)


def told(person, count: int = 1, kind: str = "promise.clock_breached", at=NOON) -> None:
    """Notices of so many events to this person."""
    first = Notice.objects.count()
    Notice.objects.bulk_create(
        Notice(
            person=person, kind=kind, about_kind="case", about_id=first + n + 1, facts={"measure": "reply"},
            happened_at=at,
        )
        for n in range(count)
    )  # fmt: skip


def pass_on(chat, at=NOON) -> None:
    """What the worker does at this moment, until there is nothing left to do now."""
    set_virtual_clock(at)
    chat.clock = at.timestamp()
    staff_mail.write_digests(at)
    gathering.call_robots(at)
    while deliver_next(at):
        pass


def unsaid() -> int:
    return RobotLine.objects.filter(said_at=None).count()


class TestARobot:
    @pytest.mark.parametrize("chat", [("DingTalk", {"secret": "SEC1"})], indirect=True)
    def test_posts_a_broken_promise_with_three_facts_and_one_button_and_nothing_about_the_customer(
        self, chat
    ):
        robot(chat, secret="SEC1")
        task = make.task(accepted_by=make.li())
        fire_due(make.clock(task, "result").due_at)
        pass_on(chat, make.clock(task, "result").due_at)

        text = str(chat.heard)
        assert f"/tasks/{task.pk}" in text or f"/cases/{task.case.number}" in text
        assert task.case.number in text
        assert "质量部" in text
        assert task.case.subject not in text
        assert "张三" not in text
        assert "0013" not in text

    def test_makes_one_message_of_ten_thousand_broken_promises(self, chat):
        robot(chat)
        told(make.qian(), 10_000)
        pass_on(chat)

        [message] = chat.heard
        assert "10000" in message["actionCard"]["title"].replace(",", "").replace("\N{NO-BREAK SPACE}", "")
        assert unsaid() == 0

    def test_makes_one_line_of_what_several_people_are_told(self, chat):
        robot(chat)
        for person in (make.wu(), make.qian()):
            Notice.objects.create(
                person=person, kind="promise.clock_breached", about_kind="case", about_id=7, happened_at=NOON,
                facts={"measure": "reply"},
            )  # fmt: skip
        pass_on(chat)

        assert "actionCard" in chat.heard[0]
        assert chat.heard[0]["actionCard"]["text"].count("- ") == 0

    def test_never_speaks_more_often_than_the_chat_allows_and_loses_nothing(self, chat):
        robot(chat)
        people = [make.qian(), make.wu(), make.li(), make.feng(), make.jiang()]
        Robot.objects.update(department=None)
        for second in range(30):  # somebody is told every second
            told(people[second % 5], at=NOON + timedelta(seconds=second))
            Told.objects.all().delete()
            pass_on(chat, NOON + timedelta(seconds=second))
        assert (len(chat.heard), chat.refused) == (20, [])
        assert unsaid() == 10

        pass_on(chat, NOON + timedelta(seconds=61))
        assert (len(chat.heard), chat.refused, unsaid()) == (21, [], 0)

    def test_waits_ten_minutes_where_dingtalk_has_muted_it_and_then_says_it_all(self, chat):
        robot(chat)
        chat._mute_until = NOON.timestamp() + 500  # somebody else used its address
        told(make.qian())
        pass_on(chat)
        told(make.wu())
        pass_on(chat, NOON + timedelta(minutes=1))
        row = Outgoing.objects.get(channel="robot")
        assert (row.tries, row.next_try_at, unsaid()) == (0, NOON + timedelta(minutes=10), 2)
        pass_on(chat, NOON + timedelta(minutes=30))

        assert (len(chat.heard), unsaid()) == (1, 0)

    @pytest.mark.parametrize("chat", [("DingTalk", {"secret": "SEC1"})], indirect=True)
    def test_that_signs_wrongly_is_seen_on_the_health_page_and_says_everything_when_corrected(self, chat):
        wrong = robot(chat, secret="SEC2")
        told(make.qian(), 3)
        pass_on(chat)
        findings = {each["name"]: each for each in health.report()["findings"]}
        assert findings["robots_failing"]["colour"] == "yellow"
        assert "sign not match" in Outgoing.objects.get(channel="robot").last_error

        keeping.change(wrong, secret="SEC1", by=make.he(), now=NOON)
        pass_on(chat, NOON + timedelta(minutes=1))
        assert (len(chat.heard), unsaid()) == (1, 0)

    def test_that_is_given_up_stands_still_and_keeps_what_it_has_to_say(self, chat, monkeypatch):
        stuck = robot(chat)
        monkeypatch.delenv("GUIXIN_WEBHOOK_ALLOW")  # its address may not be called any more
        told(make.qian(), 2)
        pass_on(chat)
        pass_on(chat, NOON + timedelta(minutes=5))
        assert Robot.objects.get().stopped_at
        assert unsaid() == 2
        assert Outgoing.objects.filter(channel="robot").count() == 1

        monkeypatch.setenv("GUIXIN_WEBHOOK_ALLOW", "127.0.0.1")
        keeping.try_out(stuck, now=NOON + timedelta(minutes=6))
        pass_on(chat, NOON + timedelta(minutes=7))
        assert (len(chat.heard), unsaid()) == (2, 0)

    @pytest.mark.parametrize("chat", [("DingTalk", {"keyword": "归心"})], indirect=True)
    def test_says_the_keyword_and_calls_people_by_their_phone(self, chat):
        robot(chat, keyword="归心", mentions=True)
        qian = make.qian()
        qian.phone = "+86 139 1234 5678"
        qian.save(update_fields=["phone"])
        told(qian)
        pass_on(chat)

        [message] = chat.heard
        assert message["at"]["atMobiles"] == ["13912345678"]
        assert "@13912345678" in message["markdown"]["text"]

    @pytest.mark.parametrize("chat", [("Feishu", {"secret": "SEC1"})], indirect=True)
    def test_is_red_when_a_promise_breaks_and_green_when_it_is_kept_at_last(self, chat):
        robot(chat, "feishu", secret="SEC1")
        task = make.task(accepted_by=make.li())
        broken = make.clock(task, "result").due_at
        fire_due(broken)
        pass_on(chat, broken)
        handling.return_result(task, "换货", by=make.li(), now=broken + timedelta(hours=1))
        pass_on(chat, broken + timedelta(hours=1))

        colours = [each["card"]["header"]["template"] for each in chat.heard]
        assert colours == ["red", "green"]

    def test_is_of_the_nearest_department_up_the_line(self, chat):
        firms, theirs = robot(chat, department=None), robot(chat)
        pairs = dict(gathering.robots_of([make.qian().pk, make.zhao().pk], NOON))

        assert pairs == {make.qian().pk: theirs.pk, make.zhao().pk: firms.pk}


class TestQuietHours:
    def test_of_a_robot_let_only_what_is_urgent_pass_if_the_firm_says_so(self, chat):
        robot(chat, quiet_from=time(11), quiet_to=time(13), topics=[])
        told(make.qian(), kind="serve.task_given")
        keeping.wish(make.qian(), mail=[], robot=["urgent", "work"])
        pass_on(chat)
        assert (len(chat.heard), unsaid()) == (0, 1)
        told(make.wu())
        pass_on(chat, NOON + timedelta(minutes=1))
        assert (len(chat.heard), unsaid()) == (1, 1)

        keeping.let_urgent_pass(False, by=make.he(), now=NOON)
        told(make.wu())
        pass_on(chat, NOON + timedelta(minutes=10))
        assert len(chat.heard) == 1
        pass_on(chat, make.at("13:00"))
        assert (len(chat.heard), unsaid()) == (2, 0)
        assert Entry.objects.filter(kind="channels.notice_rules_changed").count() == 1

    def test_of_a_person_hold_the_mail_back_and_lose_none_of_it(self, chat):
        keeping.wish(make.qian(), mail=["urgent", "work"], robot=[], quiet_from=time(11), quiet_to=time(13))
        told(make.qian(), kind="serve.task_given")
        assert staff_mail.write_digests(NOON) == 0
        told(make.qian())
        staff_mail.write_digests(NOON)
        assert [each.payload["count"] for each in Outgoing.objects.filter(channel="staff_mail")] == [1]
        staff_mail.write_digests(make.at("13:00"))

        assert [each.payload["count"] for each in Outgoing.objects.filter(channel="staff_mail")] == [1, 1]


class TestWhatSomebodyWishes:
    def test_decides_the_way_topic_by_topic_and_the_page_tells_all_the_same(self, chat):
        robot(chat)
        keeping.wish(make.qian(), mail=["work"], robot=[])
        told(make.qian())
        told(make.qian(), kind="serve.task_given")
        pass_on(chat)

        assert chat.heard == []
        assert [each.payload["count"] for each in Outgoing.objects.filter(channel="staff_mail")] == [1]
        assert len(notices.unread(make.qian())) == 2

    def test_has_two_ends_of_quiet_hours_and_known_topics(self):
        for wrong in ({"quiet_from": time(22)}, {"mail": ["everything"]}):
            with pytest.raises(keeping.CannotKeep):
                keeping.wish(make.qian(), **wrong)


class TestASetting:
    def test_never_shows_what_opens_the_chat(self, chat):
        made = robot(chat, secret="SEC-geheim")

        assert "access_token" not in made.shown_url
        assert "SEC" not in made.shown_url
        for entry in Entry.objects.filter(kind__startswith="channels.robot"):
            assert "abcd1234" not in str(entry.facts)
            assert "geheim" not in str(entry.facts)

    def test_cannot_lead_into_our_own_network(self, chat, monkeypatch):
        monkeypatch.delenv("GUIXIN_WEBHOOK_ALLOW")
        with pytest.raises(keeping.CannotKeep, match="Port"):
            robot(chat)


class TestALongMessage:
    """A hundred lines of Chinese, to each chat in each of its forms."""

    CARD = Card(title="新通知" * 40, colour="red", lines=["03-04 12:00 2026-000123 承诺“答复”已超时" * 4] * 100,
                button="打开", address="https://guixin.example/")  # fmt: skip

    @pytest.mark.parametrize(
        ("chat", "kind", "phones"),
        [
            (("DingTalk", {}), "dingtalk", []), (("DingTalk", {}), "dingtalk", ["13912345678"]),
            (("WeCom", {}), "wecom", []), (("WeCom", {}), "wecom", ["13912345678"]), (("Feishu", {}), "feishu", []),
        ],
        indirect=["chat"],
    )  # fmt: skip
    def test_is_cut_to_the_bytes_the_chat_takes_and_keeps_its_button(self, chat, kind, phones):
        card = Card(**{**vars(self.CARD), "phones": phones})
        call = chats.dressed(robot(chat, kind), card, "1")
        chats.read(Robot(kind=kind), *http.post_and_read(call.url, call.body, call.headers))

        assert self.CARD.address in str(chat.heard[0])
