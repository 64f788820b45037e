"""Who hears of what, and how many messages that makes."""

from datetime import timedelta

import pytest

from guixin.channels import notices, staff_mail
from guixin.channels.models import Notice
from guixin.ledger.models import Outgoing
from guixin.ledger.outbox import deliver_next
from guixin.promise.extending import ask, decide
from guixin.promise.keeping import fire_due
from guixin.serve import handling, replying
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
NOON = make.NOON


def told(person, kind: str) -> int:
    return Notice.objects.filter(person=person, kind=kind).count()


class TestANotice:
    def test_of_a_task_reaches_the_handlers_of_the_department_only(self):
        make.case()

        assert told(make.li(), "serve.task_given") == 1
        assert told(make.zhao(), "serve.task_given") == 1
        assert told(make.wu(), "serve.task_given") == 0

    def test_of_a_broken_promise_reaches_the_next_authority(self):
        task = make.task(accepted_by=make.li())
        broken = make.clock(task, "result").due_at

        fire_due(broken)

        assert told(make.li(), "promise.clock_warned") >= 1
        assert told(make.qian(), "promise.clock_breached") == 1

    def test_of_a_task_nobody_took_yet_reminds_the_handlers_of_the_department(self):
        task = make.task()
        reminder = make.clock(task, "accept").next_at

        fire_due(reminder)

        assert told(make.li(), "promise.clock_warned") == 1
        assert told(make.qian(), "promise.clock_warned") == 0

    def test_of_a_result_reaches_the_owner(self):
        task = make.task(accepted_by=make.li())
        handling.return_result(task, "换货", by=make.li(), now=NOON)

        assert told(make.wang(), "serve.result_returned") == 1

    def test_never_reaches_the_one_who_did_it(self):
        task = make.task(accepted_by=make.li())
        question = handling.ask(task, "批号?", by=make.li(), now=NOON)
        handling.answer(question, "A7", by=make.wang(), now=NOON)

        assert told(make.li(), "serve.task_question_answered") == 1
        assert told(make.wang(), "serve.task_question_asked") == 1
        assert told(make.li(), "serve.task_question_asked") == 0

    def test_of_an_extension_goes_to_the_authority_and_its_decision_back(self):
        task = make.task(accepted_by=make.li())
        clock = make.clock(task, "result")
        extension = ask(clock, by=make.li(), until=clock.due_at + timedelta(days=1), reason="缺料", now=NOON)
        decide(extension, by=make.qian(), granted=True, now=NOON)

        assert told(make.qian(), "promise.extension_asked") == 1
        assert told(make.li(), "promise.extension_decided") == 1

    def test_of_an_urging_customer_reaches_owner_and_department(self):
        task = make.task()
        replying.customer_urges(task.case, now=NOON + timedelta(hours=1))

        assert told(make.wang(), "serve.customer_urged") == 1
        assert told(make.li(), "serve.customer_urged") == 1
        assert told(make.zhao(), "serve.customer_urged") == 0

    def test_is_unread_until_it_was_looked_at(self):
        make.case()
        li = make.li()
        assert len(notices.unread(li)) == 1

        assert notices.mark_read(li, NOON) == 1
        assert notices.unread(li) == []

    def test_says_the_measure_in_words(self, settings):
        from django.utils import translation

        from guixin.ledger.wording import in_words

        with translation.override("en"):
            assert in_words("promise.clock_warned", {"measure": "reply"}) == "Reminder: Reply is due soon"
            assert "–" in in_words("promise.clock_warned", {})


def overdue_notices(person, count: int) -> None:
    case = make.case()
    Notice.objects.all().delete()
    Notice.objects.bulk_create(
        Notice(
            person=person, kind="promise.clock_breached", case_id=case.pk, about_kind="case", about_id=case.pk,
            facts={"measure": "reply"}, happened_at=NOON,
        )
        for _ in range(count)
    )  # fmt: skip


class TestAMessageToOurPeople:
    def test_is_one_digest_for_ten_thousand_broken_promises(self):
        overdue_notices(make.chen(), 10_000)

        assert staff_mail.write_digests(NOON) == 1
        assert staff_mail.write_digests(NOON) == 0

        message = Outgoing.objects.get(channel="staff_mail")
        assert message.payload["count"] == 10_000
        assert len(message.payload["notices"]) == staff_mail.LISTED
        assert not Notice.objects.filter(told_at=None).exists()

    def test_waits_five_minutes_after_the_last_one(self):
        overdue_notices(make.chen(), 1)
        staff_mail.write_digests(NOON)
        Notice.objects.update(told_at=None)

        assert staff_mail.write_digests(NOON + timedelta(minutes=4)) == 0
        assert staff_mail.write_digests(NOON + timedelta(minutes=5)) == 1

    def test_does_not_wait_for_a_clock_that_went_back(self):
        overdue_notices(make.chen(), 1)
        staff_mail.write_digests(NOON + timedelta(hours=2))
        Notice.objects.update(told_at=None)

        assert staff_mail.write_digests(NOON) == 1

    def test_is_not_sent_about_what_was_read_meanwhile(self):
        overdue_notices(make.chen(), 3)
        notices.mark_read(make.chen(), NOON)
        staff_mail.write_digests(NOON)

        assert not Outgoing.objects.exists()

    def test_stays_on_the_page_where_there_is_no_mail_server(self, settings):
        settings.SMTP_URL = ""
        overdue_notices(make.chen(), 1)
        staff_mail.write_digests(NOON)

        assert deliver_next(NOON)
        assert Outgoing.objects.get().state == Outgoing.State.SENT

    def test_is_in_the_language_of_the_reader_and_names_the_case(self):
        chen = make.chen()
        chen.language = "en"
        chen.save(update_fields=["language"])
        overdue_notices(chen, 40)
        staff_mail.write_digests(NOON)

        message = staff_mail.composed(chen, Outgoing.objects.get())

        assert message["Subject"] == "[归心] 40 new notices"
        text = message.get_content()
        assert text.count("The promise “Reply” was broken") == staff_mail.LISTED
        assert "and 10 more" in text
        assert "张三" not in text

    def test_carries_the_same_identity_when_it_is_sent_again(self, settings, monkeypatch):
        settings.SMTP_URL = "smtp://127.0.0.1:1"
        overdue_notices(make.chen(), 1)
        staff_mail.write_digests(NOON)
        sent = []

        class Office:
            def __enter__(self):
                return self

            def __exit__(self, *_problem):
                return None

            def send_message(self, message):
                sent.append(message["Message-ID"])
                if len(sent) == 1:
                    raise OSError("gone")

        monkeypatch.setattr(staff_mail, "post_office", Office)
        deliver_next(NOON)
        deliver_next(NOON + timedelta(hours=1))

        assert len(sent) == 2
        assert len(set(sent)) == 1
        assert Outgoing.objects.get().state == Outgoing.State.SENT
