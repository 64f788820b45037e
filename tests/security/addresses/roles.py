"""Who is in the cast of tests/security/world.py, and which of them are let in where."""

from collections.abc import Callable
from dataclasses import dataclass

NOBODY = "nobody"
EVERYTHING = {"he"}  # supervisor of the front desk: sees everything, coordinates
FRONT_DESK = {"wang"} | EVERYTHING
ADMINISTRATORS = {"ma"} | EVERYTHING  # Ma has the duty and sees nothing but her own
AUDITORS = {"audit"} | ADMINISTRATORS
# Those of a side without the front desk: its handler, head and supervisor, and the director above.
DEPARTMENT = {"quality": {"li", "wu", "qian", "chen"}, "logistics": {"zhao"}}
HANDLERS = {"li", "zhao"}
ROLES = sorted(AUDITORS | FRONT_DESK | DEPARTMENT["quality"] | DEPARTMENT["logistics"])

Who = Callable[
    [str, str], int
]  # role, side of the thing in the path -> 0: let in; else the status of the refusal


def everybody(role: str, side: str) -> int:
    """Also without an account."""
    return 0


def link(role: str, side: str) -> int:
    """Whoever has the secret part of the address. With a wrong one there is nothing (test_customers_links)."""
    return 0


def signed_in(role: str, side: str) -> int:
    """Everybody of the firm; what is shown is only what they may see."""
    return 0


def only(people: set[str], refused: int = 403) -> Who:
    return lambda role, side: 0 if role in people else refused


front_desk = only(FRONT_DESK)
administrators = only(ADMINISTRATORS)
auditors = only(AUDITORS)
overseers = only(
    FRONT_DESK | {"wu", "qian", "chen"}, 404
)  # the board: for others there is nothing to look after
overseers_by_api = only(FRONT_DESK | {"wu", "qian", "chen"})


def sees_the_surge(role: str, side: str) -> int:
    """Whoever sees every case, and who was told: Chen of that of quality, Zhao of that of logistics."""
    return 0 if role in FRONT_DESK | {"quality": {"chen"}, "logistics": {"zhao"}}[side] else 404


def acknowledges(role: str, side: str) -> int:
    return sees_the_surge(role, side) or (403 if role == "zhao" else 0)


def sees(role: str, side: str) -> int:
    """Whoever may see the case; for all others it does not exist."""
    return 0 if role in FRONT_DESK | DEPARTMENT[side] else 404


def of_those(people: Callable[[str], set[str]]) -> Who:
    """Of those who see the case, these; the others are told that it is not theirs to do."""
    return lambda role, side: sees(role, side) or (0 if role in people(side) else 403)


serves = of_those(lambda side: FRONT_DESK)
handles = of_those(lambda side: DEPARTMENT[side] | EVERYTHING)
asks_for_time = handles
# The escalation of quality went to Qian, that of logistics to Zhao; those above in the department may answer too.
answers_it = of_those(
    lambda side: {"quality": {"qian", "wu", "chen"}, "logistics": {"zhao"}}[side] | EVERYTHING
)
# Li and Zhao asked for more time: of Chen, and of He. Whoever stands on the ladder above who asked may decide too; to
# see everything is not enough.
decides = of_those(lambda side: {"quality": {"qian", "wu", "chen"}, "logistics": {"he"}}[side])


overlooks = only(FRONT_DESK | ADMINISTRATORS)


def decides_on_a_segment(role: str, side: str) -> int:
    """He answers for it; others of the front desk may look, and for all others there is none."""
    return 0 if role in ADMINISTRATORS else 403 if role in FRONT_DESK else 404


works_on_a_strategy = only(ADMINISTRATORS)  # He answers for the segment and owns every step


def keeps_the_record(role: str, side: str) -> int:
    return sees(role, side) or (0 if role in FRONT_DESK else 403)


hands_out = of_those(lambda side: EVERYTHING)

# Mail that belongs to no case is the front desk's; for others there is none.
looks_after_mail = only(FRONT_DESK, 404)

# Segments and price studies are seen by who sees every customer, by administrators, and by whoever answers for one: He in
# this world.
knows_segments = only(FRONT_DESK | ADMINISTRATORS)
knows_the_segment = only(FRONT_DESK | ADMINISTRATORS, 404)


def edits_the_segment(role: str, side: str) -> int:
    return knows_the_segment(role, side) or (0 if role in ADMINISTRATORS else 403)


def sees_its_customers(role: str, side: str) -> int:
    return knows_the_segment(role, side) or (0 if role in FRONT_DESK else 403)


reads_what_was_told = sees_its_customers


def exports_its_customers(role: str, side: str) -> int:
    return knows_the_segment(role, side) or (0 if role in EVERYTHING else 403)


# Wang owns the case of quality; that of logistics is Tang's, who is not of the cast.
owns_the_case = of_those(lambda side: {"quality": {"wang"}, "logistics": set()}[side])


def plans_it(role: str, side: str) -> int:
    """The series is the handler's; those above in the department and the front desk see it too."""
    return 0 if role in FRONT_DESK | DEPARTMENT[side] else 404


def undoes_a_merge(role: str, side: str) -> int:
    return 0 if role in FRONT_DESK else 404


def owns(people: dict[str, set[str]]) -> Who:
    """One person's own thing: of the one side Li's, of the other Zhao's; for others it does not exist."""
    return lambda role, side: 0 if role in people[side] else 404


mine = owns({"quality": {"li"}, "logistics": {"zhao"}})
mine_or_everything = owns({"quality": {"li"} | EVERYTHING, "logistics": {"zhao"} | EVERYTHING})
sent_it = owns({"quality": {"wang"}, "logistics": {"he"}})


def sent_it_by_case(role: str, side: str) -> int:
    """The same thing under the address of its case, which says first whose work replies are."""
    return serves(role, side) or sent_it(role, side)


# Li is away in quality, Zhao in logistics: entered by themselves, those above, and administrators.
ends_the_absence = owns({"quality": {"li", "wu", "qian", "chen"} | ADMINISTRATORS, "logistics": {"zhao"} | ADMINISTRATORS})  # fmt: skip
hands_over = owns({"quality": {"li", "wu", "qian", "chen"} | EVERYTHING, "logistics": {"zhao"} | EVERYTHING})


def owned_by(people: dict[str, set[str]]) -> Who:
    """Seen by everybody, done by these."""
    return lambda role, side: 0 if role in people[side] else 403


# Wang asked on the case of quality, Tang, who is nobody here, on that of logistics; both asked He.
sees_the_request = owns({"quality": {"wang", "he"}, "logistics": {"he"}})


def _of_the_request(people: set[str]) -> Who:
    return lambda role, side: sees_the_request(role, side) or (0 if role in people else 403)


# What somebody wrote down about the customer of the case, and gave to the department: its people must read it.
keeps_knowledge = of_those(lambda side: EVERYTHING)
wrote_it_down = of_those(lambda side: EVERYTHING | ({"wang"} if side == "quality" else set()))
must_read_it = of_those(lambda side: DEPARTMENT[side] - {"chen"})

# Li and Zhao each answer for an article that everybody reads, customers too; the steward changes and publishes it.
changes_the_article = owned_by({"quality": {"li"} | EVERYTHING, "logistics": {"zhao"} | EVERYTHING})

# Everybody reads proposals and statements. Li and Zhao proposed, Wu and Zhou answer and state; those above may too.
answers_the_proposal = owned_by({"quality": {"wu"} | EVERYTHING, "logistics": EVERYTHING})
proposed_it = owned_by({"quality": {"li"}, "logistics": {"zhao"}})
states = owned_by({"quality": {"wu", "chen"} | EVERYTHING, "logistics": EVERYTHING})
# By the table of the world supervisors and above may take the emergency path; He took it, Sun reviews it.
takes_the_path = of_those(lambda side: EVERYTHING | {"qian", "wu", "chen"})
reviews = of_those(lambda side: set())
# Li and Zhao are each the expert of a field of their own; Wang and Tang asked.
concludes = of_those(lambda side: {"quality": {"li"}, "logistics": {"zhao"}}[side])
asked_the_expert = of_those(lambda side: EVERYTHING | ({"wang"} if side == "quality" else set()))
answers_the_request = _of_the_request({"he"})
asked_it = _of_the_request({"wang"})


@dataclass(frozen=True)
class Address:
    """`looks`: who may GET it; `acts`: who may POST to it. Nobody where there is none: then a GET shows nothing, and a
    post does nothing. `answers` is what those who may look get."""

    looks: Who | None = None
    acts: Who | None = None
    answers: tuple[int, ...] = (200,)

    @property
    def is_public(self) -> bool:
        return (self.looks or self.acts) in (everybody, link)


def page(looks: Who, acts: Who | None = None, answers: tuple[int, ...] = (200,)) -> Address:
    return Address(looks, acts, answers)


def act(acts: Who, answers: tuple[int, ...] = ()) -> Address:
    return Address(None, acts, answers)


HERE, ELSEWHERE = (200,), (302,)


@dataclass(frozen=True)
class Operation:
    scope: str | None  # None: public
    acts: Who = signed_in


def of_cases(acts: Who) -> Operation:
    return Operation("cases:write", acts)


def reads(acts: Who = signed_in, scope: str = "cases:read") -> Operation:
    return Operation(scope, acts)
