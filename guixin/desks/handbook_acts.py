"""What people do with an article: publish, review, withdraw, give away, rate it. Each act calls one verb of `handbook`."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guixin.desks.acts import Done, act
from guixin.desks.forms import handbook as forms
from guixin.desks.forms.attach import kept_files
from guixin.handbook import filing, lessons, publishing, rating, using, writing
from guixin.handbook.models import Article, ArticleState
from guixin.organisation.models import Person
from guixin.serve.knowledge import case_called


def _may_change(article: Article, person: Person) -> bool:
    return writing.may_change(article, person)


def _may_publish(article: Article, person: Person) -> bool:
    return publishing.may_publish(article, person)


def _sees(_article: Article, _person: Person) -> bool:
    """Who sees it is decided where it is fetched."""
    return True


def _is_published(article: Article) -> bool:
    return article.is_published


def _is_there(article: Article) -> bool:
    return article.state != ArticleState.WITHDRAWN


def _is_lesson_in_force(article: Article) -> bool:
    return article.is_lesson and article.is_published


@act(noun="article", name="publication", form=forms.PublishingForm, title=gettext_lazy("Publish it"),
     button=gettext_lazy("Publish it"), look="main", may=_may_publish,
     offered=lambda article: not article.is_published)  # fmt: skip
def publish(article, said, *, by, now):
    done = publishing.publish(article, review_on=said["review_on"], by=by, now=now)
    return _("Published, to be looked at again on %s.") % done.review_on


@act(noun="article", name="review", form=forms.ArticleReviewForm, title=gettext_lazy("It still holds"),
     button=gettext_lazy("It still holds"), may=_may_change, offered=_is_published)  # fmt: skip
def review(article, said, *, by, now):
    done = publishing.review(
        article, review_on=said["review_on"], valid_until=said["valid_until"], by=by, now=now
    )
    return _("Kept, to be looked at again on %s.") % done.review_on


@act(noun="article", name="prevention", form=forms.CaseOfLessonForm,
     title=gettext_lazy("It kept us from the same mistake"), button=gettext_lazy("Note it"), may=_sees,
     offered=_is_lesson_in_force)  # fmt: skip
def prevent(article, said, *, by, now):
    case = _case(said["case"], by)
    using.prevent(article, case.pk, by=by, now=now)
    return Done(
        _("Noted: the lesson was heeded."),
        where=f"/cases/{case.number}?side=handbook" if said["back"] else "",
    )


@act(noun="article", name="teaching", form=forms.CaseOfLessonForm,
     title=gettext_lazy("Another case taught the same"), button=gettext_lazy("Add the case"), may=_may_change,
     offered=lambda article: article.is_lesson and _is_there(article))  # fmt: skip
def teach(article, said, *, by, now):
    lessons.add_case(article, _case(said["case"], by).pk, by=by, now=now)
    return _("Added: this case taught it too.")


@act(noun="article", name="attachments", form=forms.ArticleFilesForm,
     title=gettext_lazy("Add photos and files"), button=gettext_lazy("Add"), may=_may_change,
     offered=_is_there)  # fmt: skip
def add_files(article, said, *, by, now):
    kept = kept_files(said)
    filing.add(article, kept, by=by, now=now)
    return ngettext("%(count)s file was added.", "%(count)s files were added.", len(kept)) % {
        "count": len(kept)
    }


@act(noun="article", name="owner", form=forms.OwnerForm,
     title=gettext_lazy("Somebody else answers for it"), button=gettext_lazy("Give it to them"),
     may=_may_change, offered=_is_there)  # fmt: skip
def give_to(article, said, *, by, now):
    publishing.give_to(article, said["owner"], by=by, now=now)
    return _("%s answers for it from now on.") % said["owner"].name


@act(noun="article", name="withdrawal", form=forms.WithdrawalForm, title=gettext_lazy("Withdraw it"),
     button=gettext_lazy("Withdraw it"), may=_may_change, offered=_is_there)  # fmt: skip
def withdraw(article, said, *, by, now):
    publishing.withdraw(article, said["why"], by=by, now=now)
    return _("Withdrawn; it can still be read, and published again.")


@act(noun="article", name="votes", form=forms.VoteForm, title=gettext_lazy("Was this right?"),
     button=gettext_lazy("Say so"), may=_sees, offered=_is_published)  # fmt: skip
def rate(article, said, *, by, now):
    case = case_called(said["case"], by)
    rating.rate(article, said["helpful"], case_id=case.pk if case else None, by=by, now=now)
    return Done(
        _("Thank you. It counts where answers are suggested."),
        where=f"/cases/{case.number}?side=handbook" if case else "",
    )


def _case(number: str, by: Person):
    case = case_called(number, by)
    if case is None:
        raise writing.CannotWrite(_("Say which case."))
    return case
