"""Rows that are lines of orders and returns: put aside as they are read, landed together at the end of the file."""

from guixin.channels.importing.running import Remark, Settled
from guixin.channels.models import Import
from guixin.channels.sheets import Mapping
from guixin.ledger.clock import database_now
from guixin.organisation.models import Person
from guixin.understand import taking_in_purchases as purchases
from guixin.understand.purchase_lines import Line, Terms, read_line
from guixin.web.money import firm_currency

CHUNK = 20_000


class PurchaseRows:
    """Settles rows of a sheet of purchases. A million lines are a handful of statements."""

    lands_at_the_end = True
    chunk = CHUNK

    def __init__(self, mapping: Mapping, run: Import | None = None, by: Person | None = None):
        self.mapping, self.by = mapping, by
        self.batch = run.pk if run else 0
        self.now = database_now()
        self.terms = Terms(
            currency=mapping.defaults.get("currency") or firm_currency(),
            cancellation_prefix=mapping.cancellation_prefix,
            negative=mapping.negative,
        )
        self.landed = purchases.Landed()

    def figures(self) -> dict:
        return self.landed.figures()

    def settle(self, rows: list[tuple[int, dict]]) -> Settled:
        settled = Settled()
        lines: list[Line] = []
        for number, fields in rows:
            line, wrong = read_line(number, fields, self.terms, self.now)
            if wrong is not None:
                settled.remarks.append(Remark(number, wrong.reason, wrong.sentence, landed=wrong.landed))
            if line is not None:
                lines.append(line)
        purchases.put_aside(self.batch, lines)
        settled.aside = len(lines)
        return settled

    def line(self, number: int, fields: dict) -> Remark | None:
        """What is wrong with a row, for the preview; nothing is kept."""
        _line, wrong = read_line(number, fields, self.terms, self.now)
        return Remark(number, wrong.reason, wrong.sentence, landed=wrong.landed) if wrong else None

    def is_complete(self, aside: int) -> bool:
        """Whether what was put aside before an interruption is still there."""
        return purchases.aside(self.batch) == aside

    def forget(self) -> None:
        purchases.forget(self.batch)

    def land(self) -> Settled:
        self.landed = purchases.land(self.batch, self.mapping.name, now=self.now, by=self.by)
        doubts = [
            Remark(each.line, each.reason, each.sentence, landed=each.landed) for each in self.landed.doubts
        ]
        return Settled(landed=self.landed.landed, already=self.landed.already, remarks=doubts)
