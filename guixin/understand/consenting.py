"""For what, and by which channel, a customer may be reached: said, taken back, asked by everything that sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.ledger.bulk import fetch_rows
from guixin.organisation.models import Person
from guixin.understand import events
from guixin.understand.changing import locked
from guixin.understand.models import Consent, ConsentWording, Customer, Purpose, Reach
from guixin.understand.models.consent import ASKED_FIRST
from guixin.web.refusals import Refused


class CannotConsent(Refused):
    """The statement cannot be written down like this."""

    about_input = True


# -- asked before anything is sent -------------------------------------------------------------------------------


def may_contact(customer: Customer, purpose: str, channel: str = "") -> bool:
    """Whether this customer may be reached for this purpose by this channel. Asked by everything that sends."""
    return customer.pk in may_contact_all([customer.pk], purpose, channel)


def may_contact_all(customer_ids: Sequence[int], purpose: str, channel: str = "") -> set[int]:
    """Those of these customers who may be reached, in one statement.

    The latest statement that covers the channel holds: one about the channel itself, or one about any. Where nothing
    was ever said, service and surveys may go out, everything else (ASKED_FIRST) may not. Whoever was merged into
    another is reached as that one, or not at all.
    """
    if not customer_ids:
        return set()
    rows = fetch_rows(_MAY, [Purpose(purpose).value, channel, list(customer_ids), purpose not in ASKED_FIRST])
    return {pk for (pk,) in rows}


_MAY = """
    SELECT c.id FROM understand_customer c LEFT JOIN LATERAL (
        SELECT withdrawn_at IS NULL AS stands FROM understand_consent s
        WHERE s.customer_id = c.id AND s.purpose = %s::text AND s.channel IN ('', %s::text)
        ORDER BY greatest(s.given_at, s.withdrawn_at) DESC, s.id DESC LIMIT 1) AS said ON true
    WHERE c.id = ANY(%s::bigint[]) AND c.merged_into_id IS NULL AND coalesce(said.stands, %s::boolean)
"""


@dataclass(frozen=True)
class Standing:
    """How it stands with one purpose, for the customer's page."""

    purpose: Purpose
    is_allowed: bool  # by some channel
    consents: list[Consent]  # what was said, the newest first

    @property
    def wants(self) -> bool:
        """Whether somebody agreed, as against nobody having objected."""
        return any(each.stands for each in self.consents)


def standing_of(customer: Customer) -> list[Standing]:
    """Every purpose with what the customer said about it. One query."""
    said = list(customer.consents.select_related("wording", "given_by", "withdrawn_by").order_by("-pk"))
    said.sort(key=_latest, reverse=True)
    found = []
    for purpose in Purpose:
        about = [each for each in said if each.purpose == purpose]
        whole = next((each for each in about if each.channel == ""), None)
        allowed = any(each.stands for each in about) or (whole is None and purpose not in ASKED_FIRST)
        found.append(Standing(purpose, allowed, about))
    return found


def _latest(consent: Consent) -> tuple[datetime, int]:
    return max(filter(None, (consent.given_at, consent.withdrawn_at))), consent.pk


# -- said and taken back -----------------------------------------------------------------------------------------


def wordings() -> dict[str, ConsentWording]:
    """The text in force for each purpose that has one."""
    newest = ConsentWording.objects.order_by("purpose", "-number").distinct("purpose")
    return {each.purpose: each for each in newest}


@transaction.atomic
def publish_wording(
    purpose: str, text: str, text_en: str = "", *, by: Person | None, now: datetime
) -> ConsentWording:
    """What customers are shown from now on. Those who agreed to an earlier text keep having agreed to that."""
    text = text.strip()
    if purpose not in Purpose.values or not text:
        raise CannotConsent(_("Write what the customer is shown."))
    there = ConsentWording.objects.filter(purpose=purpose).order_by("-number").first()
    if there and (there.text, there.text_en) == (text, text_en.strip()):
        return there
    made = ConsentWording.objects.create(
        purpose=purpose, number=there.number + 1 if there else 1, text=text, text_en=text_en.strip(),
        published_at=now, published_by=by,
    )  # fmt: skip
    record(
        events.ConsentWordingPublished(
            happened_at=now, actor_id=by.pk if by else None, about=("consent_wording", made.pk),
            purpose=purpose, number=made.number,
        )
    )  # fmt: skip
    return made


@transaction.atomic
def give(
    customer: Customer, purpose: str, channel: str = "", *, evidence: str, by: Person | None, now: datetime
) -> Consent:
    """The customer agreed. Where it is seen must be said: a consent nobody can show is none."""
    customer = locked(customer)
    _known(purpose, channel)
    if not evidence.strip():
        raise CannotConsent(_("Say where the consent is seen: the form signed, the call, the page."))
    if customer.consents.filter(
        purpose=purpose, channel=channel, given_at__isnull=False, withdrawn_at=None
    ).exists():
        raise CannotConsent(_("The customer has agreed to this already."))
    wording = wordings().get(purpose)
    made = Consent.objects.create(
        customer=customer, purpose=purpose, channel=channel, wording=wording, evidence=evidence.strip(),
        given_at=now, given_by=by,
    )  # fmt: skip
    record(
        events.ConsentGiven(
            happened_at=now, actor_id=by.pk if by else None, about=("customer", customer.pk),
            consent_id=made.pk, purpose=purpose, channel=channel, wording=wording.number if wording else 0,
            personal={"evidence": evidence.strip()},
        )
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw(
    customer: Customer,
    purpose: str,
    channel: str = "",
    *,
    by: Person | None,
    now: datetime,
    evidence: str = "",
) -> Consent:
    """The customer wants it no longer, or never did. As easy as giving: no reason is asked for, and saying it twice
    does no harm. About any channel, it takes back what was given for each."""
    customer = locked(customer)
    _known(purpose, channel)
    given = customer.consents.filter(purpose=purpose, given_at__isnull=False, withdrawn_at=None)
    if channel:
        given = given.filter(channel=channel)
    taken_back = list(given.values_list("pk", flat=True))
    given.update(withdrawn_at=now, withdrawn_by=by)
    said = Consent.objects.filter(pk__in=taken_back, channel=channel).first()
    if said is None:  # nothing was given for just this: it is an objection, which stands by itself
        standing = (
            customer.consents.filter(purpose=purpose, channel__in=("", channel)).order_by("-pk").first()
        )
        if standing and standing.channel == channel and not standing.stands:
            return standing
        said = Consent.objects.create(
            customer=customer, purpose=purpose, channel=channel, evidence=evidence.strip(), withdrawn_at=now,
            withdrawn_by=by,
        )  # fmt: skip
    record(
        events.ConsentWithdrawn(
            happened_at=now, actor_id=by.pk if by else None, about=("customer", customer.pk),
            consent_id=said.pk, purpose=purpose, channel=channel,
        )
    )  # fmt: skip
    return said


def _known(purpose: str, channel: str) -> None:
    if purpose not in Purpose.values:
        raise CannotConsent(_("There is no such purpose."))
    if channel not in Reach.values:
        raise CannotConsent(_("There is no such channel."))
