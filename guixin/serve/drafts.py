"""What is typed in the composer, kept on the server until it is sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from guixin.ledger.bulk import fetch_rows
from guixin.organisation.models import Person
from guixin.serve.models import Case, Draft

KEPT_FOR = timedelta(days=30)
LONGEST = 20_000


def keep(
    case: Case, person: Person, tab: str, said: Mapping[str, str], *, now: datetime, beside: bool = False
) -> None:
    """Keep these fields as they were typed; a tab without words has no draft.

    beside    what stands there already is not replaced but follows after it
    """
    said = {name: value[:LONGEST] for name, value in said.items() if value}
    its = Draft.objects.filter(case=case, person=person, tab=tab)
    if not said.get("body") and not said.get("instruction"):
        its.delete()
        return
    there = (its.values_list("said", flat=True).first() or {}) if beside else {}
    if there.get("body", "").strip() and there["body"] != said.get("body"):
        said["body"] = f"{said.get('body', '')}\n\n{there['body']}"
    Draft.objects.update_or_create(case=case, person=person, tab=tab, defaults={"said": said, "at": now})


def of(case: Case, person: Person) -> dict[str, dict[str, str]]:
    """What this person has begun on this case, by tab."""
    return dict(
        fetch_rows(
            "SELECT tab, said FROM serve_draft WHERE case_id = %s AND person_id = %s", [case.pk, person.pk]
        )
    )


def drop(case: Case, person: Person, tab: str) -> None:
    Draft.objects.filter(case=case, person=person, tab=tab).delete()


def prune(now: datetime) -> None:
    """Forget what nobody came back to."""
    Draft.objects.filter(at__lt=now - KEPT_FOR).delete()
