"""Rows that are answers to a price study. The mapping's name is the code of the study."""

from django.utils.translation import gettext as _

from guixin.channels.importing.running import Remark, Settled
from guixin.channels.sheets import Mapping
from guixin.ledger.clock import database_now
from guixin.organisation.models import Person
from guixin.understand import taking_in_prices
from guixin.understand.models import PriceAnswer, PriceStudy
from guixin.understand.price_curves import is_consistent
from guixin.understand.price_lines import identities_of, read_answer
from guixin.understand.taking_in_prices import MOST, OUT_OF_ORDER, Doubt, Given
from guixin.web.refusals import Refused


class NoSuchStudy(Refused):
    """Nobody said to which study the answers of the file belong."""

    about_input = True


class PriceRows:
    """Settles rows of a sheet of answers. All of them at once: how many before a row read the same is part of its key."""

    chunk = MOST + 1

    def __init__(self, mapping: Mapping, by: Person | None = None):
        self.by, self.now = by, database_now()
        study = PriceStudy.objects.filter(code=mapping.name).first()
        if study is None:
            raise NoSuchStudy(_("Say to which price study these answers belong."))
        self.study: PriceStudy = study
        self.unnamed = 0

    def figures(self) -> dict:
        return {"unnamed": self.unnamed}

    def line(self, number: int, fields: dict) -> Remark | None:
        """What is wrong with a row by itself, for the preview; nothing is kept."""
        read = read_answer(number, fields, self.study)
        if isinstance(read, Doubt):
            return _remark(read)
        if not is_consistent(read.prices):
            return Remark(number, "out_of_order", str(OUT_OF_ORDER), landed=True)
        return None

    def settle(self, rows: list[tuple[int, dict]]) -> Settled:
        settled, read = Settled(), []
        for number, fields in rows:
            answer = read_answer(number, fields, self.study)
            if isinstance(answer, Doubt):
                settled.remarks.append(_remark(answer))
            else:
                read.append((answer, identities_of(fields)))
        named, unsure = self._named(read)
        done = taking_in_prices.take_in(
            self.study, named, source=PriceAnswer.Source.FILE, by=self.by, now=self.now
        )
        settled.landed, settled.already = done.landed, done.already
        doubts = {each.line: _remark(each) for each in done.doubts}
        settled.remarks += doubts.values()
        settled.remarks += [unsure[line] for line in done.lines if line in unsure and line not in doubts]
        self.unnamed += sum(each.customer_id is None for each in done.answers)
        return settled

    def _named(
        self, read: list[tuple[Given, list[tuple[str, str]]]]
    ) -> tuple[list[Given], dict[int, Remark]]:
        """With the customer each is tied to. Nobody known, or several: it lands without one, and the line says so."""
        wanted = {each for _given, identities in read for each in identities}
        known = taking_in_prices.customers_by_identity(wanted, self.by)
        named, unsure = [], {}
        for given, identities in read:
            found = set().union(*(known.get(each, set()) for each in identities)) if identities else set()
            if len(found) == 1:
                given = Given(**{**vars(given), "customer_id": found.pop()})
            elif identities:
                words = (
                    _("Several customers are known by this; the answer lands without a name.")
                    if found
                    else _("Nobody is known by this; the answer lands without a name.")
                )
                reason = "customer_ambiguous" if found else "customer_unknown"
                unsure[given.line] = Remark(given.line, reason, words, landed=True)
            named.append(given)
        return named, unsure


def _remark(doubt: Doubt) -> Remark:
    return Remark(doubt.line, doubt.reason, str(doubt.sentence), landed=doubt.landed)
