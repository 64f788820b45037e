"""A reply is held, taken back or sent once; what was said meanwhile is read first; templates; @names."""

from datetime import timedelta

import pytest

from guixin.channels.models import Notice
from guixin.promise.models import Clock
from guixin.serve import drafts, mentioning, presence, replying, sending, templates, watching
from guixin.serve.closing import CannotClose, close
from guixin.serve.meanwhile import SaidMeanwhile, last_said
from guixin.serve.models import Case, Draft, HeldReply, Message, Task, Template
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db

NOW = make.NOON
SECOND = timedelta(seconds=1)
AFTER = NOW + 11 * SECOND


def press_send(case, body="给您换一台", *, by=None, now=NOW, **more):
    return sending.send(case, body, by=by or make.wang(), now=now, **more)


def replies_on(case):
    return Message.objects.filter(case=case, kind="reply")


class TestAHeldReply:
    def test_leaves_after_ten_seconds_and_once(self):
        case = make.case()
        press_send(case)

        assert not sending.send_next(NOW + 9 * SECOND)
        assert not replies_on(case).exists()
        assert sending.next_due() == NOW + 10 * SECOND
        assert sending.send_next(AFTER)
        assert not sending.send_next(AFTER)
        assert replies_on(case).get().body == "给您换一台"

    def test_is_judged_by_the_moment_send_was_pressed(self):
        case = make.case()
        press_send(case)

        sending.send_next(AFTER)

        assert replies_on(case).get().at == NOW
        assert make.clock(case, "reply").stopped_at == NOW

    def test_leaves_before_a_promise_would_break(self):
        case = make.case()
        due = make.clock(case, "reply").due_at

        held = press_send(case, now=due - 8 * SECOND)

        assert held.send_at == due - sending.BEFORE_A_DEADLINE
        sending.send_next(held.send_at)
        assert make.clock(case, "reply").state == Clock.State.MET

    def test_leaves_at_once_when_a_promise_is_about_to_break(self):
        case = make.case()
        due = make.clock(case, "reply").due_at

        held = press_send(case, now=due - SECOND)

        assert held.state == HeldReply.State.SENT
        assert make.clock(case, "reply").state == Clock.State.MET

    def test_that_waited_through_an_outage_was_told_when_it_left(self):
        case = make.case()
        press_send(case)
        an_hour_later = NOW + timedelta(hours=1)

        sending.send_next(an_hour_later)

        assert replies_on(case).get().at == an_hour_later

    @pytest.mark.parametrize(("seconds", "state"), [(0, "sent"), (30, "held")])
    def test_is_held_as_long_as_its_writer_likes(self, seconds, state):
        wang = make.wang()
        wang.preferences = {"hold_seconds": seconds}

        held = press_send(make.case(), by=wang)

        assert (held.state, held.send_at - held.said_at) == (state, seconds * SECOND)

    def test_settles_the_case_in_the_same_transaction(self):
        case = make.case(departments=None, kind="enquiry")
        press_send(case, closing_with={})

        sending.send_next(AFTER)

        case.refresh_from_db()
        assert case.state == Case.State.CLOSED

    def test_gives_a_department_its_task(self):
        case = make.case(departments=None)
        press_send(case, task={"department_id": make.quality().pk, "instruction": "复测"})

        sending.send_next(AFTER)

        assert Task.objects.get(case=case).instruction == "复测"

    def test_is_refused_before_the_hold_when_it_would_be_after(self):
        case = make.case()

        with pytest.raises(CannotClose, match="Still at work"):
            press_send(case, closing_with={"department_id": None})

        assert not HeldReply.objects.exists()
        assert not replies_on(case).exists()

    def test_comes_back_with_the_reason_when_the_case_was_closed_meanwhile(self):
        case = make.answered_case()
        held = press_send(case, "再补充一句", by=make.he())
        close(case, by=make.wang(), now=NOW + SECOND, department=make.quality(), quality_point="colour",
              cause="material", severity=2)  # fmt: skip

        sending.send_next(AFTER)

        held.refresh_from_db()
        assert (held.state, "is closed" in held.trouble) == (HeldReply.State.REFUSED, True)
        assert drafts.of(case, make.he())["reply"]["body"] == "再补充一句"
        assert Notice.objects.filter(person_id=make.he().pk, kind="serve.reply_not_sent").exists()

    def test_that_fails_by_a_fault_waits_and_holds_up_nobody(self, monkeypatch):
        bad, good = make.case(subject="bad"), make.case(subject="good")
        press_send(bad)
        press_send(good)
        reply = sending.reply

        def faulty(case, *args, **more):
            if case.pk == bad.pk:
                raise ValueError("a fault in the code")
            return reply(case, *args, **more)

        monkeypatch.setattr(sending, "reply", faulty)
        while sending.send_next(AFTER):
            pass

        assert replies_on(good).exists()
        assert HeldReply.objects.get(case=bad).trouble == "a fault in the code"
        monkeypatch.undo()
        assert sending.send_next(AFTER + sending.TRY_AGAIN_AFTER)
        assert replies_on(bad).exists()


class TestTakingBack:
    def test_puts_the_words_into_the_composer_again(self):
        case = make.case()
        held = press_send(case, "写错了", kind="preliminary", channel="phone")

        sending.take_back(held, by=make.wang(), now=NOW + SECOND)

        assert not sending.send_next(AFTER)
        assert drafts.of(case, make.wang())["reply"] == {
            "body": "写错了",
            "kind": "preliminary",
            "channel": "phone",
        }

    def test_keeps_what_was_begun_since(self):
        case = make.case()
        held = press_send(case, "第一段")
        drafts.keep(case, make.wang(), "reply", {"body": "第二段"}, now=NOW)

        sending.take_back(held, by=make.wang(), now=NOW + SECOND)

        assert drafts.of(case, make.wang())["reply"]["body"] == "第一段\n\n第二段"

    def test_twice_is_once(self):
        held = press_send(make.case())

        sending.take_back(held, by=make.wang(), now=NOW)
        sending.take_back(held, by=make.wang(), now=NOW)

        assert Draft.objects.count() == 1

    def test_is_too_late_once_it_left(self):
        held = press_send(make.case())
        sending.send_next(AFTER)

        with pytest.raises(sending.CannotTakeBack, match="already sent"):
            sending.take_back(held, by=make.wang(), now=AFTER)


class TestSpeakingAfterOthersSpoke:
    def test_shows_what_a_colleague_said_and_then_sends_anyway(self):
        case = make.case()
        seen = last_said(case)
        replying.reply(case, "我已经回了", by=make.he(), now=NOW)

        with pytest.raises(SaidMeanwhile) as refused:
            press_send(case, seen=seen)

        assert [message.body for message in refused.value.messages] == ["我已经回了"]
        assert press_send(case, seen=refused.value.seen).state == HeldReply.State.HELD

    def test_shows_what_a_colleague_is_just_sending(self):
        case = make.case()
        theirs = press_send(case, "马上到", by=make.he())

        with pytest.raises(SaidMeanwhile) as refused:
            press_send(case, seen=last_said(case))

        assert refused.value.on_their_way == [theirs]
        assert press_send(case, seen=refused.value.seen, shown=(theirs.pk,)).state == HeldReply.State.HELD

    def test_does_not_mind_notes_news_and_ones_own_words(self):
        case = make.case()
        seen = last_said(case)
        replying.note(case, "查过了", by=make.he(), now=NOW)
        replying.reply(case, "先说一句", by=make.wang(), now=NOW, kind="acknowledgement")

        assert press_send(case, seen=seen)

    def test_holds_up_a_closing_too(self):
        case = make.answered_case()
        seen = last_said(case)
        replying.customer_adds(case, "等等，还有一个问题", now=NOW)

        with pytest.raises(SaidMeanwhile):
            close(case, by=make.wang(), now=NOW, seen=seen)


def template(code="thanks", body="{customer}您好，个案{number}已收到。", **more):
    return templates.publish(code, {"name": "致谢", "kind": "reply", "body": body} | more, now=NOW)


class TestATemplate:
    def test_is_filled_with_what_the_case_knows(self):
        case = make.case(product="5号拉链")

        done = templates.fill("{customer} {number} {product} {owner}", case, by=make.wang(), now=NOW)

        assert done.missing == ()
        assert done.body.endswith(f"{case.number} 5号拉链 {make.wang().name}")
        assert "张" in done.body
        assert "张三" not in done.body  # the timeline shows it to colleagues, who see the name masked

    def test_speaks_the_customers_language(self):
        made = template(body_en="Dear customer")

        assert made.words_for(make.case(language="en")) == "Dear customer"
        assert made.words_for(make.case(language="zh-hans")) == made.body

    def test_blocks_sending_while_a_value_is_missing(self):
        case = make.case(product="")

        with pytest.raises(templates.MissingValue, match="product"):
            press_send(case, "您的{product}")
        with pytest.raises(templates.MissingValue, match="custmer"):
            press_send(case, "{custmer}您好")

    @pytest.mark.parametrize("typed", ["/hh", "/", "、kd\n"])
    def test_is_not_sent_as_its_shortcut(self, typed):
        with pytest.raises(replying.CannotReply, match="shortcut of a template"):
            press_send(make.case(), typed)

    def test_changed_is_a_new_version(self):
        first = template()

        second = template(body="新的话")
        again = template(body="新的话")

        first.refresh_from_db()
        assert (first.withdrawn_at, second.number, again.pk) == (NOW, 2, second.pk)
        assert list(Template.objects.in_force()) == [second]

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ({"body": ""}, "name and words"),
            ({"body": "{nobody}"}, "cannot be filled in"),
            ({"cause": "weather"}, "not in the list"),
            ({"kind": "note", "settles": True}, "only notes"),
        ],
    )
    def test_is_refused_in_words(self, wrong, why):
        with pytest.raises(templates.CannotKeepTemplate, match=why):
            template(**wrong)

    def test_of_another_department_is_not_offered(self):
        make.firm()
        template("theirs", department=make.logistics())
        ours = template("ours", department=make.quality())

        assert templates.of(make.li()) == [ours]


class TestANoteWithNames:
    @pytest.mark.parametrize("body", ["@{name}请看", "请 @{name}，谢谢", "＠{login} look"])
    def test_tells_who_is_named(self, body):
        case, he = make.case(), make.he()

        replying.note(case, body.format(name=he.name, login=he.login), by=make.wang(), now=NOW)

        assert Notice.objects.get(kind="serve.colleague_mentioned").person_id == he.pk

    def test_does_not_take_an_address_for_a_name(self):
        assert mentioning.mentioned_in(f"写给 somebody@{make.he().login}.com") == []

    def test_is_refused_when_they_may_not_see_the_case(self):
        case = make.case(departments=[make.quality().pk])

        with pytest.raises(mentioning.CannotMention, match=make.zhao().name):
            replying.note(case, f"@{make.zhao().name} 看一下", by=make.wang(), now=NOW)


class TestWatching:
    def test_tells_what_happens_but_not_the_systems_news(self):
        case = make.case()
        watching.watch(case, by=make.he(), now=NOW)

        replying.reply(case, "好了", by=make.wang(), now=NOW)

        assert Notice.objects.filter(person_id=make.he().pk, kind="serve.customer_told").count() == 1

    def test_ends(self):
        case = make.case()
        watching.watch(case, by=make.he(), now=NOW)
        watching.unwatch(case, by=make.he())

        replying.reply(case, "好了", by=make.wang(), now=NOW)

        assert not Notice.objects.filter(person_id=make.he().pk).exists()


class TestPresence:
    def test_tells_who_else_is_there_and_what_they_do(self):
        case = make.case()
        presence.here(case, make.he(), "writing", now=NOW)

        (other,) = presence.here(case, make.wang(), "viewing", now=NOW)

        assert (other.name, other.doing) == (make.he().name, "writing")

    def test_fades_when_the_page_is_silent(self):
        case = make.case()
        presence.here(case, make.he(), "viewing", now=NOW)

        assert presence.here(case, make.wang(), "viewing", now=NOW + presence.GONE_AFTER + SECOND) == []
