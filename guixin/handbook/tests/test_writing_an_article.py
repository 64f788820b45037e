from datetime import date, timedelta

import pytest

from guixin.handbook import publishing, writing
from guixin.handbook.models import Article, ArticleState
from guixin.handbook.tests import make
from guixin.handbook.tests.make import NOON
from guixin.ledger.models import Entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 4)


class TestADraft:
    def test_is_seen_by_its_writer_and_the_steward_only(self):
        draft = make.article(by=make.li(), publish=False)

        assert Article.objects.visible_to(make.li()).get() == draft
        assert Article.objects.visible_to(make.he()).get() == draft
        assert not Article.objects.visible_to(make.zhao()).exists()

    def test_is_published_by_who_answers_for_it(self):
        draft = make.article(by=make.li(), publish=False)
        with pytest.raises(writing.ArticleSettled, match="Whoever answers"):
            publishing.publish(draft, by=make.zhao(), now=NOON)

        published = publishing.publish(draft, by=make.li(), now=NOON)

        assert published.review_on == TODAY + timedelta(days=180)
        assert Article.objects.visible_to(make.zhao()).get() == draft
        kinds = set(Entry.objects.values_list("kind", flat=True))
        assert {"handbook.article_begun", "handbook.article_published"} <= kinds

    def test_for_customers_is_published_by_the_steward_only(self):
        draft = make.article(by=make.li(), publish=False, audience="customers")
        with pytest.raises(writing.ArticleSettled, match="knowledge steward"):
            publishing.publish(draft, by=make.li(), now=NOON)

        publishing.publish(draft, by=make.he(), now=NOON)

        assert Article.objects.public(TODAY).get() == draft

    @pytest.mark.parametrize(
        ("kind", "words", "facts", "why"),
        [
            ("poem", {}, {}, "an article, a policy"),
            ("article", {"title_zh": " ", "title_en": ""}, {}, "Give it a title"),
            ("article", {"title_zh": "长" * 121}, {}, "at most 120"),
            ("lesson", {}, {"audience": "customers"}, "for our people only"),
            ("article", {}, {"valid_from": TODAY, "valid_until": date(2026, 3, 3)}, "cannot end before"),
        ],
    )
    def test_is_refused_in_words(self, kind, words, facts, why):
        with pytest.raises(writing.CannotWrite, match=why):
            writing.begin(kind, make.STUCK | words, by=make.li(), now=NOON, **facts)

    def test_that_says_nothing_is_not_published(self):
        draft = writing.begin("article", {"title_zh": "空的"}, by=make.li(), now=NOON)

        with pytest.raises(writing.CannotWrite, match="Write what it says"):
            publishing.publish(draft, by=make.li(), now=NOON)


class TestAnEdit:
    def test_is_a_version_and_the_earlier_one_is_kept(self):
        article = make.article()

        writing.revise(article, {"text_zh": "先涂蜡。"}, read_at_version=1, by=make.he(), now=NOON)

        article.refresh_from_db()
        assert (article.version, article.state) == (2, ArticleState.PUBLISHED)
        said = article.versions.order_by("number").values_list("text_zh", flat=True)
        assert list(said) == [make.STUCK["text_zh"], "先涂蜡。"]

    def test_of_what_somebody_else_has_changed_is_refused(self):
        article = make.article()
        writing.revise(article, {"text_zh": "先涂蜡。"}, read_at_version=1, by=make.he(), now=NOON)

        with pytest.raises(writing.ArticleSettled, match="Somebody else has changed it"):
            writing.revise(article, {"text_zh": "用油。"}, read_at_version=1, by=make.he(), now=NOON)

    def test_by_somebody_who_does_not_answer_for_it_is_refused(self):
        with pytest.raises(writing.ArticleSettled, match="Whoever answers for it"):
            writing.revise(make.article(), {"text_zh": "油"}, read_at_version=1, by=make.zhao(), now=NOON)

    def test_of_what_customers_read_is_the_stewards(self):
        article = make.article(by=make.li(), audience="customers")

        with pytest.raises(writing.ArticleSettled, match="What customers read"):
            writing.revise(article, {"text_zh": "油"}, read_at_version=1, by=make.li(), now=NOON)

    def test_takes_the_votes_on_the_earlier_version_away(self):
        from guixin.handbook import rating

        article = make.article()
        rating.rate(article, False, by=make.wang(), now=NOON)

        changed = writing.revise(article, {"text_zh": "先涂蜡。"}, read_at_version=1, by=make.he(), now=NOON)

        assert (changed.unhelpful, changed.standing) == (0, 0.5)


class TestAnArticle:
    def test_is_out_of_date_once_its_review_is_due_and_holds_again_once_reviewed(self):
        article = make.article()
        later = NOON + timedelta(days=181)
        assert Article.objects.stale((later).date()).get() == article

        publishing.review(article, by=make.he(), now=later)

        assert not Article.objects.stale(later.date()).exists()

    def test_that_has_expired_needs_a_new_last_day(self):
        article = make.article(valid_until=date(2026, 3, 10))
        later = NOON + timedelta(days=10)

        with pytest.raises(writing.CannotWrite, match="until when it holds"):
            publishing.review(article, by=make.he(), now=later)

        reviewed = publishing.review(article, by=make.he(), now=later, valid_until=date(2026, 12, 31))
        assert reviewed.is_in_force(later.date())

    def test_is_withdrawn_with_a_reason_and_comes_back(self):
        article = make.article(audience="customers")
        with pytest.raises(writing.CannotWrite, match="Say why"):
            publishing.withdraw(article, " ", by=make.he(), now=NOON)

        publishing.withdraw(article, "蜡停产了", by=make.he(), now=NOON)
        assert not Article.objects.public(TODAY).exists()

        publishing.publish(article, by=make.he(), now=NOON)
        assert Article.objects.public(TODAY).exists()

    def test_belongs_to_nobody_once_its_owner_has_left(self):
        article = make.article(by=make.li())
        make.li().__class__.objects.filter(login="li").update(is_active=False)
        assert Article.objects.unowned().get() == article

        publishing.give_to(article, make.wang(), by=make.he(), now=NOON)

        assert not Article.objects.unowned().exists()

    def test_is_found_by_words_in_either_language(self):
        article = make.article()

        for asked in ("卡住", "拉頭", "wax"):
            assert Article.objects.saying(asked).get() == article
        assert not Article.objects.saying("颜色").exists()
