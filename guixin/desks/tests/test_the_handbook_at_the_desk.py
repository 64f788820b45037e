"""The handbook on pages: found, written, imported, kept by the steward, used at intake and in replies, read by customers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guixin.desks.tests.desk import nobody, signed_in
from guixin.handbook import rating
from guixin.handbook.models import Article, ArticleCase, ArticleVote, Question
from guixin.handbook.tests.make import article, lesson
from guixin.serve.models import Case, FirstContact
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


class TestTheListOfTheHandbook:
    def test_finds_by_words_and_counts_what_was_looked_for(self):
        one = article()
        client = signed_in(make.zhao())

        page = client.get("/handbook?q=卡住").content.decode()
        client.get(f"/handbook/{one.pk}?asked=卡住")
        client.get("/handbook?q=磁吸")

        assert f"/handbook/{one.pk}?asked=" in page
        asked = {each.words: (each.asked, each.opened, each.found) for each in Question.objects.all()}
        assert asked == {"卡住": (1, 1, 1), "磁吸": (1, 0, 0)}

    def test_shows_nobody_the_draft_of_another(self):
        draft = article(by=make.li(), publish=False)

        assert signed_in(make.zhao()).get(f"/handbook/{draft.pk}").status_code == 404
        assert signed_in(make.li()).get("/handbook?which=drafts").content.decode().count("panel") > 0


class TestAnArticle:
    def test_is_written_previewed_published_and_rated(self):
        client = signed_in(make.li())
        said = {"kind": "article", "audience": "staff", "title_zh": "退色", "text_zh": "**先**试洗"}

        preview = client.post("/handbook/new", said | {"preview": "1"}).content.decode()
        assert "<strong>先</strong>试洗" in preview
        assert not Article.objects.exists()

        client.post("/handbook/new", said)
        made = Article.objects.get()
        client.post(f"/handbook/{made.pk}/publication")
        client.post(f"/handbook/{made.pk}/votes", {"helpful": "yes"})
        made.refresh_from_db()

        assert (made.state, made.owner, made.helpful) == ("published", make.li(), 1)

    def test_that_somebody_changed_meanwhile_shows_both_and_keeps_what_was_typed(self):
        one = article(by=make.li())
        client = signed_in(make.li())
        said = {"audience": "staff", "title_zh": "拉头卡住怎么办", "version": "1"}
        client.post(f"/handbook/{one.pk}/edit", said | {"text_zh": "他们的"})

        answer = client.post(f"/handbook/{one.pk}/edit", said | {"text_zh": "我的"})

        page = answer.content.decode()
        assert answer.status_code == 409
        assert "他们的" in page
        assert "我的</textarea>" in page
        assert (
            client.post(f"/handbook/{one.pk}/edit", said | {"text_zh": "我的", "version": "2"}).status_code
            == 302
        )
        changes = client.get(f"/handbook/{one.pk}/versions").content.decode()
        assert "<del>他们的</del>" in changes
        assert "<ins>我的</ins>" in changes

    def test_comes_from_files_and_a_broken_one_says_why(self):
        files = [
            SimpleUploadedFile("退货.md", "# 退货\n\n七天。".encode()),
            SimpleUploadedFile("坏.docx", b"PK\x03\x04"),
        ]

        answer = signed_in(make.li()).post(
            "/handbook/import", {"documents": files, "kind": "policy", "audience": "staff"}
        )

        page = answer.content.decode()
        assert answer.status_code == 200
        assert "is broken" in page
        assert f"/handbook/{Article.objects.get().pk}" in page


class TestTheWorklistOfTheHandbook:
    def test_is_the_stewards(self):
        poor = article()
        for _time in range(3):
            rating.rate(poor, False, now=make.NOON)
        for _time in range(2):
            signed_in(make.zhao()).get("/handbook?q=磁吸")

        page = signed_in(make.he()).get("/handbook/worklist").content.decode()

        assert "磁吸" in page
        assert "Helps few" in page
        assert signed_in(make.zhao()).get("/handbook/worklist").status_code == 403


class TestAnsweredNow:
    SAID = {"kind": "enquiry", "channel": "phone", "severity": "2", "subject": "拉头卡住", "customer_kind": "person"}  # fmt: skip

    def test_with_an_article_closes_the_case_in_one_step(self):
        make.standards(), make.terms()
        one = article()

        answer = signed_in(make.wang()).post("/cases/new", self.SAID | {"answered_by": str(one.pk)})

        case = Case.objects.get()
        assert answer.status_code == 302
        assert case.state == Case.State.CLOSED
        first = FirstContact.objects.get()
        assert (first.article, first.article_version, first.by) == (one, 1, make.wang())
        # The desk reads English here, and nobody knows the customer.
        assert "wax" in case.messages.get(kind="reply").body

    def test_puts_the_words_into_the_answer_first_if_the_agent_wants_to_see_them(self):
        make.standards(), make.terms()
        one, zhang = article(), make.customer()
        said = self.SAID | {"answer_with": str(one.pk), "customer_id": str(zhang.pk)}

        page = signed_in(make.wang()).post("/cases/new", said).content.decode()

        assert "先在链牙上涂蜡" in page  # in the language of the customer
        assert not Case.objects.exists()

    def test_of_a_complaint_asks_for_its_classification_and_loses_nothing(self):
        make.standards(), make.terms()
        said = self.SAID | {"kind": "complaint", "answered_by": str(article().pk)}

        answer = signed_in(make.wang()).post("/cases/new", said)

        assert answer.status_code == 422
        assert "classification" in answer.content.decode()
        assert not Case.objects.exists()


class TestASuggestion:
    def test_beside_a_new_case_can_be_told_at_once(self):
        make.standards(), make.terms()
        one = article()

        page = signed_in(make.wang()).post("/suggestions", {"subject": "拉头卡住"}, HTTP_HX_REQUEST="true")

        assert f'name="answered_by" value="{one.pk}"' in page.content.decode()

    def test_beside_a_case_goes_into_the_reply_and_is_rated_there(self):
        one, case = article(), make.case(subject="拉头卡住")
        warning = lesson(title_zh="拉头卡住硬拉，布撕坏了")
        client = signed_in(make.wang())

        page = client.get(f"/cases/{case.number}?side=handbook").content.decode()
        rated = client.post(f"/handbook/{one.pk}/votes", {"helpful": "no", "case": case.number})
        client.post(f"/handbook/{warning.pk}/prevention", {"case": case.number, "back": "1"})

        assert f"article={one.pk}#composer" in page
        assert f"/handbook/{warning.pk}/prevention" in page
        assert rated["Location"] == f"/cases/{case.number}?side=handbook"
        assert ArticleCase.objects.get(how="prevented").case_id == case.pk
        one.refresh_from_db()
        assert one.standing < 0.5


class TestAReply:
    def test_takes_the_words_of_an_article_in_the_customers_language_and_says_so(self):
        one, case = article(), make.case()
        client = signed_in(make.wang())

        page = client.get(f"/cases/{case.number}?article={one.pk}").content.decode()
        assert "先在链牙上涂蜡" in page
        client.post(
            f"/cases/{case.number}/composer/reply",
            {"kind": "reply", "channel": "phone", "body": "先在链牙上涂蜡", "article": str(one.pk)},
        )

        met = ArticleCase.objects.get()
        assert (met.case_id, met.how, met.by) == (case.pk, "inserted", make.wang())

    def test_of_a_lesson_takes_nothing(self):
        one, case = lesson(), make.case()

        page = signed_in(make.wang()).get(f"/cases/{case.number}?article={one.pk}").content.decode()

        assert "只看了照片" not in page


class TestCustomers:
    def test_find_and_rate_what_is_meant_for_them_only(self):
        ours, theirs = article(title_zh="内部口径"), article(audience="customers")
        client = nobody()

        page = client.get("/answers?q=拉头").content.decode()
        client.post(f"/answers/{theirs.pk}/votes", {"helpful": "yes"})
        client.post(f"/answers/{theirs.pk}/votes", {"helpful": "no"})  # a second press within the hour

        assert "A slider that sticks" in page
        assert client.get(f"/answers/{ours.pk}").status_code == 404
        vote = ArticleVote.objects.get()
        assert (vote.helpful, vote.by) == (True, None)


class TestFirstContacts:
    def test_open_exactly_the_cases_counted(self):
        make.case()
        one = article()
        signed_in(make.wang()).post("/cases/new", TestAnsweredNow.SAID | {"answered_by": str(one.pk)})
        at_once = Case.objects.get(subject="拉头卡住").number
        client = signed_in(make.he())

        page = client.get("/handbook/first-contacts").content.decode()
        others = client.get("/handbook/first-contacts?which=others").content.decode()

        assert "<strong>50%</strong>" in page
        assert at_once in page
        assert at_once not in others
