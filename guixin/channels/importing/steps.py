"""Rows that are steps of past cases, one line a step: who had the case when, on which line of support."""

import re
from collections import Counter

from django.db import connection

from guixin.channels.importing.cases import Departments
from guixin.channels.importing.running import Settled
from guixin.channels.sheets import Mapping
from guixin.ledger.clock import database_now
from guixin.organisation.ladder import Ladder
from guixin.serve.past import PastStep, Step, take_steps


class StepRows:
    """Settles rows of a sheet of steps; the order of the lines is the order of the steps."""

    def __init__(self, mapping: Mapping):
        self.mapping = mapping
        self.departments = Departments(may_make=True)
        now = database_now()
        self.owner_id = Ladder.at(now).front_desk_owner(now)
        self.seen: Counter[str] = Counter()

    def settle(self, rows: list[tuple[int, dict]]) -> Settled:
        steps = []
        for _line, fields in rows:
            key = fields["external_id"]
            self.seen[key] += 1
            team = fields.get("team") or ""
            department_id = self.departments.find(team)
            assert department_id is not None  # what is not known is made
            status = "/".join(filter(None, (fields.get("status"), fields.get("sub_status"))))
            steps.append(
                Step(
                    external_id=key,
                    number=self.seen[key],
                    at=fields["at"],
                    status=status,
                    team=team,
                    department_id=department_id,
                    line=line_of_support(fields.get("line")),
                    subject=" ".join(filter(None, (fields.get("product"), fields.get("impact")))) or key,
                    is_end=(fields.get("status") or "").casefold() == "completed",
                )
            )
        landed = take_steps(self.mapping.name, steps, owner_id=self.owner_id)
        return Settled(landed=landed, already=len(steps) - landed)

    def figures(self) -> dict:
        """Counted from the ledger, not from the file."""
        with connection.cursor() as cursor:
            cursor.execute(_HANDOVERS, [PastStep.kind, self.mapping.name])
            cases, steps, handovers, moves_up, backwards = cursor.fetchone()
        return {
            "cases": cases, "events": steps, "handovers": handovers, "moves_up": moves_up,
            "out_of_order": backwards,
        }  # fmt: skip


_HANDOVERS = """
    SELECT count(DISTINCT case_id), count(*),
           count(*) FILTER (WHERE team <> team_before),
           count(*) FILTER (WHERE line > line_before),
           count(*) FILTER (WHERE happened_at < before)
    FROM (SELECT e.case_id, e.happened_at, e.facts->>'team' AS team, (e.facts->>'line')::int AS line,
                 lag(e.facts->>'team') OVER story AS team_before,
                 lag((e.facts->>'line')::int) OVER story AS line_before,
                 lag(e.happened_at) OVER story AS before
          FROM ledger_entry e JOIN serve_case c ON c.id = e.case_id
          WHERE e.kind = %s AND c.source = %s
          WINDOW story AS (PARTITION BY e.case_id ORDER BY e.id)) s
"""


def line_of_support(name: str | None) -> int:
    """The first number in the line's name; 0 where there is none.

    >>> line_of_support("L2/L3"), line_of_support("3rd"), line_of_support("")
    (2, 3, 0)
    """
    found = re.search(r"\d+", name or "")
    return int(found.group()) if found else 0
