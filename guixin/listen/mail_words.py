"""The words of the mail that invites, and of the one that reminds: somebody's own, or the usual ones, in the customer's language."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.listen.models import Invitation, Wave
from guixin.listen.waves import CannotListen
from guixin.promise.filling import fill_in, gaps_of
from guixin.understand.addressing import salutation

WORDS = ("subject", "subject_en", "body", "body_en")
LONGEST_SUBJECT, LONGEST_BODY = 200, 5_000
GAPS: dict[str, Any] = {
    "customer": gettext_lazy("how the customer is addressed"),
    "questionnaire": gettext_lazy("name of the questionnaire"),
    "case": gettext_lazy("number of the case, where it is about one"),
    "link": gettext_lazy("the link, which the body must have"),
}


def checked_words(said: Mapping[str, Any]) -> dict[str, str]:
    """Only what somebody wrote. A body without the link would ask for nothing."""
    words = {name: str(said.get(name) or "").strip() for name in WORDS}
    if any(len(text) > (LONGEST_BODY if "body" in name else LONGEST_SUBJECT) for name, text in words.items()):
        raise CannotListen(_("A subject has at most %(subject)s characters, a message %(body)s.") % {"subject": LONGEST_SUBJECT, "body": LONGEST_BODY})  # fmt: skip
    if any("\n" in words[name] or "\r" in words[name] for name in ("subject", "subject_en")):
        raise CannotListen(_("A subject is one line."))
    if unknown := next((name for name in gaps_of(*words.values()) if name not in GAPS), None):
        raise CannotListen(
            _("“%(name)s” cannot be filled in. These can: %(known)s.")
            % {"name": f"{{{unknown}}}", "known": ", ".join(f"{{{each}}}" for each in GAPS)}
        )
    for name in ("body", "body_en"):
        if words[name] and "{link}" not in words[name]:
            raise CannotListen(_("The mail needs {link} where the link is to stand."))
    return {name: text for name, text in words.items() if text}


def words_for(
    invitation: Invitation, words: Mapping[str, str], link: str, *, is_reminder: bool = False
) -> tuple[str, str]:
    """(subject, body) in the customer's language. A value that is missing leaves no gap standing."""
    language = invitation.customer.language if invitation.customer else "zh-hans"
    wave: Wave = invitation.wave
    case = invitation.case
    with translation.override(language):
        values = {
            "customer": salutation(invitation.customer) or _("customer"),
            "questionnaire": wave.version.questionnaire.shown_name(language),
            "case": (case.merged_into or case).number if case else "",
            "link": link,
        }
        subject, body = _chosen(words, language, bool(case))
        if is_reminder:
            subject = _("Reminder: %s") % subject
        filled = [fill_in(text, lambda name: values.get(name) or "–").body for text in (subject, body)]
    return filled[0], filled[1]


def _chosen(words: Mapping[str, str], language: str, is_about_a_case: bool) -> tuple[str, str]:
    ending = "_en" if language.startswith("en") else ""
    subject, body = words.get(f"subject{ending}"), words.get(f"body{ending}")
    if is_about_a_case:
        usual = (
            _("How did we handle your case {case}?"),
            _(
                "Dear {customer},\n\nplease tell us how we handled your case {case}. It takes a minute, and the link is for you alone:\n\n{link}\n\n"
                "Whatever you say is read."
            ),
        )
    else:
        usual = (
            _("How are we doing?"),
            _(
                "Dear {customer},\n\nplease tell us how satisfied you are. It takes a few minutes, and the link is for you alone:\n\n{link}\n\n"
                "Whatever you say is read."
            ),
        )
    return subject or usual[0], body or usual[1]
