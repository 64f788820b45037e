"""What each page listens for, so that it moves without being reloaded."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpRequest

from guixin.channels.live import tickets
from guixin.channels.live.door import PATH
from guixin.desks.pages.access import SignedIn
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.serve.models import Case


def live_address(request: SignedIn, case: Case | None = None, listed: Iterable[int] | None = None) -> str:
    """The stream for a page: the rail's numbers, the case it shows, and its list.

    A list moves when one of the cases `listed` does, and when the numbers do: a case came or went.
    """
    counts = [tickets.count_topic(of) for of in _counted_for(request.user)]
    topics = {"numbers": counts}
    if case is not None:
        topics["case"] = [tickets.case_topic(case.pk)]
    if listed is not None:
        topics["list"] = [*counts, *map(tickets.case_topic, listed)]
    return _address(request, topics)


def live_address_of_case(request: HttpRequest, case: Case) -> str:
    """The stream of a case that comes into a page which listens already for its list and numbers."""
    return _address(request, {"case": [tickets.case_topic(case.pk)]})


def _address(request: HttpRequest, topics: dict[str, list[str]]) -> str:
    ticket = tickets.issue(request, topics)
    return f"{PATH}?{urlencode({'ticket': ticket})}" if ticket else ""


def _counted_for(person: Person) -> list[str]:
    """The counters behind the numbers of this person's rail."""
    scope = scope_of(person)
    departments = scope.own_department_ids | scope.department_ids
    everything = ["all"] if scope.sees_everything or scope.is_front_desk else []
    return [
        f"owner:{person.pk}",
        f"handler:{person.pk}",
        f"person:{person.pk}",
        *(f"department:{pk}" for pk in departments),
        *everything,
    ]
