"""What people correct in the themes of open answers: a name, two that are one, an answer that belongs elsewhere. The next count keeps
it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.listen import theming
from guixin.listen.events import ThemesCorrected
from guixin.listen.models import Theme, ThemedAnswer, ThemeSet
from guixin.organisation.models import Person
from guixin.web.refusals import Refused

LONGEST = 60


class CannotCorrect(Refused):
    """The themes cannot be like this."""

    about_input = True


@transaction.atomic
def name(theme: Theme, called: str, *, by: Person, now: datetime) -> Theme:
    """Blank: it is called by its words again."""
    of = _locked(theme.of_id)
    theme = _standing(of, theme.pk)
    called = " ".join(called.split())
    if len(called) > LONGEST:
        raise CannotCorrect(_("Give the theme a name of at most %s characters.") % LONGEST)
    if called and of.themes.filter(name=called).exclude(pk=theme.pk).exists():
        raise CannotCorrect(_("Another theme is called so; merge the two instead."))
    theme.name, theme.is_kept = called, True
    theme.save(update_fields=["name", "is_kept"])
    _corrected(of, "named", by, now)
    return theme


@transaction.atomic
def merge(theme: Theme, into: Theme, *, by: Person, now: datetime) -> Theme:
    """The two are one, called as `into` is."""
    of = _locked(theme.of_id)
    theme, into = _standing(of, theme.pk), _standing(of, into.pk)
    if theme.pk == into.pk:
        raise CannotCorrect(_("Choose another theme; it cannot be merged with itself."))
    theme.placed.filter(answer__in=into.placed.values("answer")).delete()  # it spoke of both
    theme.placed.update(theme=into)
    into.weights = [*into.weights, *theme.weights]
    into.is_kept = True
    into.save(update_fields=["weights", "is_kept"])
    theme.delete()
    _corrected(of, "merged", by, now)
    theming.count(of)
    return into


@transaction.atomic
def move(placed: ThemedAnswer, theme: Theme | None, *, by: Person, now: datetime) -> ThemedAnswer:
    """The answer belongs to this theme alone, or to none, whatever its words say."""
    of = _locked(placed.of_id)
    there = ThemedAnswer.objects.filter(pk=placed.pk, of=of).first()
    if there is None:
        raise CannotCorrect(_("This answer is counted no more; look at the page again."))
    of.placed.filter(answer=there.answer_id).exclude(pk=there.pk).delete()
    there.theme = _standing(of, theme.pk) if theme else None
    there.by_hand = True
    there.save(update_fields=["theme", "by_hand"])
    if theme:
        of.themes.filter(pk=theme.pk).update(is_kept=True)
    _corrected(of, "moved", by, now)
    theming.count(of)
    return there


def _locked(pk: int) -> ThemeSet:
    """A count that is under way sees by the version that it is late."""
    of = (
        ThemeSet.objects.select_for_update(of=("self",))
        .select_related("wave__version", "question")
        .get(pk=pk)
    )
    ThemeSet.objects.filter(pk=pk).update(version=F("version") + 1)
    return of


def _standing(of: ThemeSet, pk: int) -> Theme:
    found = of.themes.filter(pk=pk).first()
    if found is None:
        raise CannotCorrect(
            _("This theme is no more: it was merged or counted anew. Look at the page again.")
        )
    return found


def _corrected(of: ThemeSet, correction: str, by: Person, now: datetime) -> None:
    record(
        ThemesCorrected(
            happened_at=now, actor_id=by.pk, about=of.wave.about, wave=of.wave.code, question=of.question.code,
            theme_correction=correction,
        )
    )  # fmt: skip
