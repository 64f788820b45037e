"""Rows that are cases: past ones judged by their own times, new ones through the front door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from guixin.channels.importing.running import Remark, Settled
from guixin.channels.sheets import Mapping
from guixin.ledger.bulk import insert_rows
from guixin.ledger.clock import database_now
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Calendar, Department, Person
from guixin.promise.models import Clock, Measure
from guixin.promise.moving import bring_forward
from guixin.serve.intake import Arrival, open_cases
from guixin.serve.models import Case, Term
from guixin.serve.past import PastCase, past_promise, take_in
from guixin.understand.arriving import Arrival as Visitor
from guixin.understand.models import Customer


class Departments:
    """Finds departments by code or name; makes those of a past this firm did not have."""

    def __init__(self, *, may_make: bool):
        self.may_make = may_make
        self.known: dict[str, int] = {}
        for pk, code, name, name_en in Department.objects.values_list("pk", "code", "name", "name_en"):
            self.known |= {word.casefold(): pk for word in (code, name, name_en) if word}
        self.fallback = Department.objects.order_by("-is_front_desk", "path").values_list("pk", flat=True)[0]

    def find(self, name: str | None) -> int | None:
        """The department's id; for no name the front desk; None if it is unknown and may not be made."""
        if not name:
            return self.fallback
        found = self.known.get(name.casefold())
        if found is None and self.may_make:
            found = self.known[name.casefold()] = self._make(name)
        return found

    def _make(self, name: str) -> int:
        parent = Department.objects.get(pk=self.fallback)
        code = f"past-{slugify(name, allow_unicode=True) or 'department'}"[:60]
        made, _new = Department.objects.get_or_create(
            code=code, defaults={"name": name, "parent_id": parent.parent_id or parent.pk}
        )
        return made.pk


KINDS, CHANNELS = frozenset(Case.Kind.values), frozenset(Case.Channel.values)


@dataclass
class Verdicts:
    """The source's own verdicts against ours."""

    given: int = 0
    agree: int = 0


class CaseRows:
    """Settles rows of a sheet of cases."""

    def __init__(self, mapping: Mapping, by: Person | None = None):
        self.mapping, self.by = mapping, by
        self.now = database_now()
        self.departments = Departments(may_make=mapping.history)
        self.owner_id = Ladder.at(self.now).front_desk_owner(self.now)
        self.calendar_id = always_calendar().pk
        self.version = past_promise(now=self.now)
        self.categories = set(Term.objects.filter(list=Term.List.CATEGORY).values_list("code", flat=True))
        self.verdicts = Verdicts()
        self.brings_customers = bool({"customer_name", "phone", "email"} & set(mapping.sources))

    def figures(self) -> dict:
        if not self.verdicts.given:
            return {}
        return {"verdicts_given": self.verdicts.given, "verdicts_agree": self.verdicts.agree}

    def settle(self, rows: list[tuple[int, dict]]) -> Settled:
        settled = Settled()
        readable: dict[str, tuple[int, PastCase, dict]] = {}
        faults: dict[str, Remark] = {}
        for line, fields in rows:
            case = self.case(line, fields)
            if isinstance(case, Remark):
                settled.remarks.append(case)
                continue
            if case.external_id in readable:
                settled.already += 1
                continue
            if fields.get("verdict"):
                self.verdicts.given += 1
                self.verdicts.agree += judged(case) == fields["verdict"]
            if fault := self._check_times(line, case):
                faults[case.external_id] = fault
            readable[case.external_id] = (line, case, fields)
        past = [entry for entry in readable.values() if self.mapping.history or entry[1].closed_at]
        new = [entry for entry in readable.values() if not (self.mapping.history or entry[1].closed_at)]
        landed = set(self._land_past(past)) | self._land_new(new)
        settled.landed = len(landed)
        settled.already += len(readable) - len(landed)
        settled.remarks += faults.values()
        return settled

    def case(self, line: int, fields: dict[str, Any]) -> PastCase | Remark:
        """The row as a case, or what is wrong with it."""
        department_id = self.departments.find(fields.get("department"))
        if department_id is None:
            sentence = _("There is no department called “%s”.") % fields["department"]
            return Remark(line, "unknown_department", sentence)
        severity = _severity(fields.get("severity"))
        if severity is None:
            sentence = _("“%s” is not a severity from 1 (minor) to 4 (critical).") % fields["severity"]
            return Remark(line, "bad_severity", sentence)
        kind = fields.get("kind") or Case.Kind.COMPLAINT
        if kind not in KINDS:
            return Remark(line, "bad_kind", _("There is no kind of case called “%s”.") % kind)
        opened_at = fields.get("opened_at")
        if opened_at is None and self.mapping.history:
            return Remark(line, "no_opening", _("A past case needs the time it was opened."))
        if opened_at and opened_at > self.now:
            return Remark(line, "opened_in_future", _("A case cannot have arrived in the future."))
        category = fields.get("category") or ""
        story = "\n".join(filter(None, (fields.get("story"), fields.get("location"))))
        subject = fields.get("subject") or story[:60] or category.rsplit("/", 1)[-1]
        if not subject:
            return Remark(line, "no_subject", _("Say in a few words what it is about."))
        channel = fields.get("channel") or Case.Channel.FILE
        return PastCase(
            source=self.mapping.name,
            external_id=fields["external_id"],
            kind=kind,
            subject=subject,
            story=story,
            category=category,
            severity=severity,
            channel=channel if channel in CHANNELS else Case.Channel.OTHER,
            opened_at=opened_at or self.now,
            department_id=department_id,
            owner_id=self.owner_id,
            promised_at=fields.get("promised_at"),
            closed_at=fields.get("closed_at"),
            closing_note=fields.get("closing_note") or "",
        )

    def _check_times(self, line: int, case: PastCase) -> Remark | None:
        """Times that contradict each other: the case lands, without the promise nobody could have kept."""
        fault = None
        if case.promised_at and case.promised_at <= case.opened_at:
            sentence = _("The promised time lies before the opening; the case has no clock.")
            fault = Remark(line, "promise_before_opening", sentence, landed=True)
        if case.closed_at and case.closed_at < case.opened_at:
            sentence = _("The closing lies before the opening; it was taken as closed when it was opened.")
            fault = Remark(line, "closed_before_opening", sentence, landed=True)
            case.closed_at = case.opened_at
        if case.closed_at and case.closed_at > self.now:
            sentence = _("The closing lies in the future; the case was taken as open.")
            fault = Remark(line, "closed_in_future", sentence, landed=True)
            case.closed_at = None
        return fault

    def _land_past(self, rows: list[tuple[int, PastCase, dict]]) -> dict[str, int]:
        cases = [case for _line, case, _fields in rows]
        if self.brings_customers:
            customers = self._customers([fields for _line, _case, fields in rows])
            for case, customer in zip(cases, customers, strict=True):
                case.customer_id = customer.pk if customer else None
        self._make_categories({case.category for case in cases if case.category} - self.categories)
        for case in cases:
            if case.promised_at and case.promised_at <= case.opened_at:
                case.promised_at = None
        return (
            take_in(cases, version=self.version, calendar_id=self.calendar_id, now=self.now) if cases else {}
        )

    def _make_categories(self, codes: set[str]) -> None:
        rows = [(Term.List.CATEGORY, code, code.rsplit("/", 1)[-1], "", "") for code in sorted(codes)]
        columns = dict.fromkeys(("list", "code", "name", "name_en", "failure"), "text")
        insert_rows("serve_term", columns, rows, on_conflict="ON CONFLICT (list, code) DO NOTHING")
        self.categories |= codes

    def _land_new(self, rows: list[tuple[int, PastCase, dict]]) -> set[str]:
        """New cases come in like any other: customer, owner, promises, routing."""
        ids = [case.external_id for _line, case, _fields in rows]
        there = set(
            Case.objects.filter(source=self.mapping.name, external_id__in=ids).values_list(
                "external_id", flat=True
            )
        )
        fresh = [entry for entry in rows if entry[1].external_id not in there]
        self._make_categories({c.category for _l, c, _f in fresh if c.category} - self.categories)
        customers = self._customers([fields for _line, _case, fields in fresh])
        opened = open_cases(
            [
                _arrival(case, fields, customer)
                for (_line, case, fields), customer in zip(fresh, customers, strict=True)
            ],
            now=self.now,
            by=self.by,
        )
        for case, (_line, told, _fields) in zip(opened, fresh, strict=True):
            if told.promised_at and told.promised_at > told.opened_at:
                self._keep_their_promise(case, told.promised_at)
        return {told.external_id for _line, told, _fields in fresh}

    def _customers(self, rows: list[dict]) -> list[Customer | None]:
        visitors = [_visitor(fields) for fields in rows]
        arrived = Customer.objects.all().for_intake_many([v for v in visitors if v], self.now)
        found = iter(arrived)
        return [next(found)[0] if visitor else None for visitor in visitors]

    def _keep_their_promise(self, case: Case, promised_at: datetime) -> None:
        """The file names a deadline: it holds, if ours would be later."""
        clock = Clock.objects.of("case", case.pk).filter(measure=Measure.RESOLVE).open().first()
        if clock:
            bring_forward(clock, promised_at, self.mapping.name, self.now)


def judged(case: PastCase) -> str:
    """The verdict rule: no promise, on time; closed after it or still open, overdue."""
    if case.promised_at is None or (case.closed_at and case.closed_at <= case.promised_at):
        return "kept"
    return "broken"


def always_calendar() -> Calendar:
    return Calendar.objects.get_or_create(
        code="always", defaults={"name": "全天", "timezone": "Asia/Shanghai", "always": True}
    )[0]


def _severity(given: str | None) -> int | None:
    if not given:
        return Case.Severity.NORMAL
    return int(given) if given in ("1", "2", "3", "4") else None


def _visitor(fields: dict) -> Visitor | None:
    identities = [(kind, fields[kind]) for kind in ("phone", "email") if fields.get(kind)]
    name = fields.get("customer_name") or ""
    return Visitor(kind="person", name=name, identities=tuple(identities)) if identities or name else None


def _arrival(case: PastCase, fields: dict, customer: Customer | None) -> Arrival:
    return Arrival(
        kind=case.kind,
        subject=case.subject,
        story=case.story,
        category=case.category,
        severity=case.severity,
        channel=case.channel,
        customer=customer,
        opened_at=case.opened_at,
        source=case.source,
        external_id=case.external_id,
        departments=(case.department_id,) if fields.get("department") else (),
    )
