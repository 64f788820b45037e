import re

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve import drafts, presence, replying, sending, templates
from guixin.serve.models import Case, HeldReply, Message, Presence, Task, Watch
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")

HTMX = {"hx-request": "true"}


def page_of(case, person, query=""):
    return signed_in(person).get(f"/cases/{case.number}{query}").content.decode()


def said(**more):
    return {"kind": "reply", "channel": "phone", "body": "给您换一台"} | more


def speak(case, person, tab, htmx=False, **fields):
    return signed_in(person).post(
        f"/cases/{case.number}/composer/{tab}", fields, headers=HTMX if htmx else {}
    )


class TestTheComposer:
    def test_names_who_reads_it_beside_the_button(self):
        shown = page_of(make.case(), make.wang())

        assert "Send to 张*" in shown
        assert "张* (Phone 138****8000)" in shown
        assert "Visible to colleagues only" in shown
        assert "张三" not in shown

    def test_has_only_notes_for_whoever_does_not_serve_the_case(self):
        shown = page_of(make.case(), make.li())

        assert "Visible to colleagues only" in shown
        assert "Send to" not in shown

    def test_has_only_notes_on_a_closed_case(self):
        assert "Send to" not in page_of(make.closed_case(), make.wang())

    def test_opens_the_tab_that_was_asked_for_without_javascript(self):
        shown = page_of(make.case(), make.wang(), "?say=note")

        assert re.search(r'composer-reply"[^>]*\shidden>', shown)
        assert not re.search(r'composer-note"[^>]*\shidden>', shown)

    def test_lists_and_fills_in_templates_without_javascript(self):
        case = make.case(product="5号拉链")
        made = templates.publish(
            "hh", {"name": "换货", "kind": "reply", "body": "{product}换货"}, now=make.NOON
        )

        listed = page_of(case, make.wang(), "?say=reply&templates")
        filled = page_of(case, make.wang(), f"?template={made.pk}")

        assert f"?template={made.pk}" in listed
        assert "5号拉链换货</textarea>" in filled


class TestSendingFromTheComposer:
    def test_holds_the_reply_and_offers_to_take_it_back(self):
        case = make.case()

        answer = speak(case, make.wang(), "reply", **said())

        held = HeldReply.objects.get(case=case)
        assert (answer.status_code, held.state) == (302, "held")
        shown = page_of(case, make.wang())
        assert f"/held-replies/{held.pk}/taking-back" in shown
        assert "Leaves at" in shown

    def test_goes_on_by_htmx_with_the_list_beside_it(self):
        case = make.case()

        answer = signed_in(make.wang()).post(
            f"/cases/{case.number}/composer/reply",
            said(),
            headers=HTMX | {"hx-current-url": f"http://testserver/cases/{case.number}?in=%2Fqueues%2Fmine"},
        )

        assert answer["HX-Redirect"] == f"/cases/{case.number}?in=%2Fqueues%2Fmine"

    def test_settles_and_opens_the_next_case(self):
        later, case = make.case(kind="enquiry", subject="later"), make.case(kind="enquiry", departments=None)

        answer = speak(case, make.wang(), "reply", **said(settle="on", opens_next="on"))
        sending.send_next(HeldReply.objects.get().send_at)

        case.refresh_from_db()
        assert answer["Location"] == f"/cases/{later.number}"
        assert case.state == Case.State.CLOSED

    def test_refused_keeps_everything_that_was_typed(self):
        case = make.case()

        answer = speak(case, make.wang(), "reply", htmx=True, **said(body="只写了一半", settle="on"))

        shown = answer.content.decode()
        assert answer.status_code == 409
        assert shown.startswith("<section")
        assert "Still at work" in shown
        assert "只写了一半</textarea>" in shown
        assert "只写了一半</textarea>" in page_of(case, make.wang())

    def test_shows_what_a_colleague_said_meanwhile_and_sends_on_the_second_press(self):
        case = make.case()
        seen = case.messages.latest("pk").pk
        replying.reply(case, "我先回了", by=make.he(), now=make.NOON)

        first = speak(case, make.wang(), "reply", **said(seen=seen))
        shown = first.content.decode()
        again = re.search(r'name="seen" value="(\d+)"', shown)[1]
        second = speak(case, make.wang(), "reply", **said(seen=again))

        assert (first.status_code, second.status_code) == (409, 302)
        assert "我先回了" in shown
        assert "给您换一台</textarea>" in shown

    def test_is_not_for_a_handler_of_a_department(self):
        case = make.case()

        for tab in ("reply", "task"):
            assert speak(case, make.li(), tab, **said()).status_code == 403
        assert not HeldReply.objects.exists()

    def test_is_not_there_for_another_department(self):
        case = make.case(departments=[make.quality().pk])

        for where in ("composer/note", "composer/note/draft", "presence", "watching"):
            assert signed_in(make.zhao()).post(f"/cases/{case.number}/{where}").status_code == 404

    def test_only_by_a_post(self):
        case = make.case()

        assert signed_in(make.wang()).get(f"/cases/{case.number}/composer/reply").status_code == 405


class TestTakingBackOnThePage:
    def test_brings_the_words_back(self):
        case = make.case()
        speak(case, make.wang(), "reply", **said(body="写错了"))

        answer = signed_in(make.wang()).post(f"/held-replies/{HeldReply.objects.get().pk}/taking-back")

        assert answer["Location"] == f"/cases/{case.number}?say=reply#composer"
        assert "写错了</textarea>" in page_of(case, make.wang())

    def test_says_when_it_is_too_late(self):
        case, client = make.case(), signed_in(make.wang())
        client.post(f"/cases/{case.number}/composer/reply", said())
        sending.send_next(HeldReply.objects.get().send_at)

        shown = client.post(f"/held-replies/{HeldReply.objects.get().pk}/taking-back", follow=True)

        assert "It was already sent." in shown.content.decode()
        assert Message.objects.filter(case=case, kind="reply").exists()

    def test_is_only_for_who_sent_it(self):
        speak(make.case(), make.wang(), "reply", **said())

        answer = signed_in(make.he()).post(f"/held-replies/{HeldReply.objects.get().pk}/taking-back")

        assert answer.status_code == 404


class TestNotesAndTasksFromTheComposer:
    def test_keep_a_note(self):
        case = make.case()

        assert speak(case, make.li(), "note", body="查过了").status_code == 302
        assert Message.objects.get(case=case, kind="note").body == "查过了"

    def test_give_a_department_a_task(self):
        case = make.case()

        speak(case, make.wang(), "task", department=make.after_sales().pk, instruction="先上门看看")

        assert Task.objects.get(case=case, department=make.after_sales()).instruction == "先上门看看"

    def test_refuse_a_task_without_words(self):
        answer = speak(make.case(), make.wang(), "task", department=make.after_sales().pk, instruction=" ")

        assert answer.status_code == 422
        assert "Say what the department is asked to do." in answer.content.decode()


class TestDrafts:
    def test_survive_a_reload_and_end_with_sending(self):
        case, client = make.case(), signed_in(make.wang())

        kept = client.post(f"/cases/{case.number}/composer/reply/draft", said(body="还没写完"))
        assert kept.status_code == 204
        assert "还没写完</textarea>" in page_of(case, make.wang())
        client.post(f"/cases/{case.number}/composer/reply", said(body="写完了"))

        assert drafts.of(case, make.wang()) == {}

    def test_are_ones_own(self):
        case = make.case()
        drafts.keep(case, make.wang(), "note", {"body": "我的草稿"}, now=make.NOON)

        assert "我的草稿" not in page_of(case, make.he())

    def test_that_were_emptied_are_gone(self):
        case, client = make.case(), signed_in(make.wang())
        drafts.keep(case, make.wang(), "note", {"body": "x"}, now=make.NOON)

        client.post(f"/cases/{case.number}/composer/note/draft", {"body": ""})

        assert drafts.of(case, make.wang()) == {}


class TestTheMenuOfTemplates:
    def test_has_words_with_the_values_of_the_case(self):
        case = make.case()
        templates.publish("sl", {"name": "已受理", "shortcut": "sl", "kind": "reply", "body": "编号{number}"},
                          now=make.NOON)  # fmt: skip

        shown = signed_in(make.wang()).get(f"/cases/{case.number}/templates").content.decode()

        assert f'data-body="编号{case.number}"' in shown
        assert "ysl yishouli" in shown  # found by the initials and the pinyin of its name

    def test_says_which_value_is_missing(self):
        case = make.case(product="")
        templates.publish("hh", {"name": "换货", "kind": "reply", "body": "{product}"}, now=make.NOON)

        shown = signed_in(make.wang()).get(f"/cases/{case.number}/templates").content.decode()

        assert "No value here for product" in shown


class TestWhoElseIsThere:
    def test_is_told_with_words(self):
        case = make.case()
        presence.here(case, make.he(), "writing", now=make.NOON)

        answer = signed_in(make.wang()).post(
            f"/cases/{case.number}/presence", {"doing": "viewing"}, headers=HTMX
        )

        assert f"{make.he().name} is writing" in answer.content.decode()
        assert signed_in(make.wang()).post(f"/cases/{case.number}/presence", {
            "doing": "viewing", "seen": answer.context["presence_seen"]}).status_code == 204  # fmt: skip

    def test_costs_few_questions(self, django_assert_max_num_queries):
        case, client = make.case(), signed_in(make.wang())
        client.post(f"/cases/{case.number}/presence", {"doing": "viewing"})

        with django_assert_max_num_queries(8):
            client.post(f"/cases/{case.number}/presence", {"doing": "writing"})

    def test_ends_when_the_page_is_left(self):
        case = make.case()
        presence.here(case, make.wang(), "viewing", now=make.NOON)

        signed_in(make.wang()).post(f"/cases/{case.number}/presence", {"doing": "gone"})

        assert not Presence.objects.exists()


class TestWatchingOnThePage:
    def test_begins_and_ends_with_the_same_button(self):
        case, client = make.case(), signed_in(make.he())

        client.post(f"/cases/{case.number}/watching", {"watch": "yes"})
        assert Watch.objects.filter(case=case, person=make.he()).exists()
        assert "Watching" in page_of(case, make.he())
        client.post(f"/cases/{case.number}/watching", {"watch": "no"})

        assert not Watch.objects.exists()


class TestClosingAfterOthersSpoke:
    def test_shows_it_first(self):
        case = make.answered_case()
        seen = case.messages.latest("pk").pk
        replying.customer_adds(case, "等等，还有一个问题", now=make.NOON)

        answer = signed_in(make.wang()).post(f"/cases/{case.number}/closing", {"seen": seen, "summary": "x"})

        assert answer.status_code == 409
        assert "等等，还有一个问题" in answer.content.decode()
