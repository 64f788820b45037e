"""The firm's rules for asking, whatever the wave: how seldom, and at which hours no mail leaves; and a customer's no to all of it."""

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.listen.events import AskingRulesChanged
from guixin.listen.models import AskingRules, Invitation
from guixin.listen.waves import CannotListen
from guixin.organisation.models import Person
from guixin.promise.communication import hours_of
from guixin.understand import consenting
from guixin.understand.models import Customer, Purpose
from guixin.worktime.quiet import leaves_an_hour

LONGEST_QUIET = 730


@transaction.atomic
def change_rules(
    *, quiet_days: int, quiet_from: time | None, quiet_to: time | None, by: Person | None, now: datetime
) -> bool:
    """Choose these; what was invited before stays invited. Returns whether anything is other than before."""
    if not 0 <= quiet_days <= LONGEST_QUIET:
        raise CannotListen(_("Between 0 and %s days without being asked again.") % LONGEST_QUIET)
    if (quiet_from is None) != (quiet_to is None):
        raise CannotListen(_("Quiet hours have a beginning and an end."))
    if quiet_from is not None and quiet_to is not None:
        if quiet_from == quiet_to:
            raise CannotListen(_("Quiet hours that begin when they end leave it open which half is meant."))
        if not leaves_an_hour(now, hours_of(None), [(quiet_from, quiet_to)], timezone.get_default_timezone()):
            raise CannotListen(
                _("Working hours and quiet hours together leave no hour in which a message could leave.")
            )
    row, _made = AskingRules.objects.select_for_update().get_or_create(only_one=True)
    chosen = {"quiet_days": quiet_days, "quiet_from": quiet_from, "quiet_to": quiet_to}
    if all(getattr(row, name) == value for name, value in chosen.items()):
        return False
    AskingRules.objects.filter(pk=row.pk).update(**chosen)
    record(
        AskingRulesChanged(
            happened_at=now, actor_id=by.pk if by else None, about=("asking_rules", 1), quiet_days=quiet_days,
            quiet_from=f"{quiet_from:%H:%M}" if quiet_from else "", quiet_to=f"{quiet_to:%H:%M}" if quiet_to else "",
        )
    )  # fmt: skip
    return True


@transaction.atomic
def no_more(invitation: Invitation, *, now: datetime) -> None:
    """Whoever holds the link no longer wants to be asked, by any channel. Saying it twice does no harm."""
    if invitation.customer_id:
        consenting.withdraw(
            Customer.objects.get(pk=invitation.customer_id), Purpose.SURVEY, by=None, now=now,
            evidence=_("By the link in the invitation to “%s”") % invitation.wave.name,
        )  # fmt: skip


def has_said_no(invitation: Invitation) -> bool:
    customer = invitation.customer
    return customer is not None and not consenting.may_contact(customer, Purpose.SURVEY)
