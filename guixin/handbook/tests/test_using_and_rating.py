from datetime import date, timedelta

import pytest

from guixin.handbook import asking, lessons, publishing, rating, using, writing
from guixin.handbook.models import Article, ArticleCase, Question
from guixin.handbook.tests import make
from guixin.handbook.tests.make import NOON

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 4)
How = ArticleCase.How


class TestALesson:
    def test_counts_the_cases_that_taught_it_and_those_it_prevented(self):
        lesson = make.lesson(41, 42, 42)
        using.prevent(lesson, 77, by=make.wang(), now=NOON)
        using.use(lesson, 77, How.INSERTED, by=make.wang(), now=NOON)

        lessons.add_case(lesson, 43, by=make.he(), now=NOON)

        assert lessons.scores([lesson.pk]) == {lesson.pk: lessons.Score(taught=3, prevented=1)}

    def test_says_what_to_do_instead(self):
        words = make.COLOUR | {"instead_zh": ""}

        with pytest.raises(writing.CannotWrite, match="what to do instead"):
            lessons.teach([41], words, by=make.he(), now=NOON)

    def test_can_be_the_conclusion_of_another_record(self):
        lesson = make.lesson(41, by=make.li(), origin=("request", 7))

        assert (lesson.origin_kind, lesson.origin_id, lesson.owner) == ("request", 7, make.li())

    def test_is_the_only_kind_that_keeps_from_a_mistake(self):
        with pytest.raises(writing.ArticleSettled, match="Only a lesson"):
            using.prevent(make.article(), 77, by=make.wang(), now=NOON)


class TestAUse:
    def test_counts_once_for_a_case(self):
        article = make.article()

        for _time in range(2):
            using.use(article, 41, How.ANSWERED, by=make.wang(), now=NOON)

        article.refresh_from_db()
        assert article.used == 1

    def test_of_what_was_withdrawn_is_refused(self):
        article = make.article()
        publishing.withdraw(article, "停产", by=make.he(), now=NOON)

        with pytest.raises(writing.ArticleSettled, match="withdrawn"):
            using.use(article, 41, How.ANSWERED, by=make.wang(), now=NOON)


class TestAVote:
    def test_of_one_of_us_counts_once_and_can_be_changed(self):
        article = make.article()
        rating.rate(article, True, by=make.wang(), now=NOON)

        rating.rate(article, False, by=make.wang(), now=NOON)

        article.refresh_from_db()
        assert (article.helpful, article.unhelpful, article.standing) == (0, 1, 0.4)

    def test_of_customers_counts_each_time_and_shows_what_helps_few(self):
        article = make.article(audience="customers")

        for helped in (False, False, True):
            rating.rate(article, helped, now=NOON)

        assert Article.objects.unhelpful().get() == article
        assert "unhelpful" in dict(Article.objects.get().flags(TODAY))


class TestWhatIsLookedFor:
    def test_is_counted_without_what_could_tell_of_whom(self):
        asking.asked("Ｚipper 退色 13800138000 wang@example.com", "desk", found=0, today=TODAY)
        asking.asked("zipper 退色", "desk", found=0, today=TODAY)

        question = Question.objects.get()
        assert (question.words, question.asked) == ("zipper 退色", 2)
        assert list(Question.objects.unmet(TODAY)) == [question]

    def test_is_missing_no_longer_once_something_is_opened(self):
        for _time in range(2):
            asking.asked("退色", "desk", found=3, today=TODAY)
            asking.opened("退色", "desk", today=TODAY)

        assert not Question.objects.unmet(TODAY).exists()

    def test_once_is_forgotten_after_a_month(self):
        asking.asked("张三", "public", found=0, today=TODAY)
        assert not Question.objects.unmet(TODAY).exists()

        asking.prune(TODAY + timedelta(days=31))

        assert not Question.objects.exists()
