from datetime import timedelta

import pytest

from guixin.handbook.models import ArticleCase
from guixin.handbook.tests.make import article
from guixin.promise.models import Clock
from guixin.serve import answering, closing
from guixin.serve.answering import first_contact_share
from guixin.serve.intake import Arrival
from guixin.serve.models import Case, FirstContact
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON

pytestmark = pytest.mark.django_db


def answered(**more) -> Case:
    make.standards(), make.rules(), make.terms()
    arrival = Arrival(kind="enquiry", subject="拉头卡住", channel="phone", customer=make.customer())
    return answering.answer_at_once(arrival, "请先涂蜡。", by=make.wang(), now=NOON, **more)


class TestAnsweredWithAnArticle:
    def test_the_case_is_closed_and_says_what_answered_it(self):
        with_what = article()

        case = answered(article=with_what)

        assert case.state == Case.State.CLOSED
        told = FirstContact.objects.get(case=case)
        assert (told.article, told.article_version, told.by, told.at) == (with_what, 1, make.wang(), NOON)
        assert case.messages.get(kind="reply").channel == "phone"
        assert ArticleCase.objects.get().how == ArticleCase.How.ANSWERED
        with_what.refresh_from_db()
        assert with_what.used == 1

    def test_its_promises_are_kept(self):
        case = answered(article=article())

        clocks = Clock.objects.of("case", case.pk)
        assert {clock.state for clock in clocks} == {"met"}

    def test_nothing_happens_if_it_is_refused(self):
        with pytest.raises(closing.CannotClose):
            answered(article=article(), cause="no-such-cause")

        assert not Case.objects.exists()
        assert not ArticleCase.objects.exists()


class TestTheShareOfFirstContacts:
    def test_counts_what_was_closed_at_once_and_stayed_closed(self):
        again = answered()
        answered()
        make.case()
        closing.reopen(again, "还是卡", by=make.wang(), now=NOON + timedelta(hours=1))

        share = first_contact_share(make.he(), now=NOON + timedelta(days=1))

        assert (share.at_once, share.all, share.percent) == (1, 3, 33)

    def test_counts_only_what_the_reader_may_see(self):
        answered()

        assert first_contact_share(make.zhao(), now=NOON + timedelta(days=1)).all == 0
