"""Rows that are responses to a survey wave. The mapping's name is the code of the wave."""

from django.utils.translation import gettext as _

from guixin.channels.importing.running import Remark, Settled
from guixin.channels.sheets import Mapping
from guixin.channels.sheets.mapping import ANSWER
from guixin.ledger.clock import database_now
from guixin.listen import taking_in
from guixin.listen.models import Response, Wave
from guixin.listen.taking_in import AT_ONCE, Doubt, Given
from guixin.organisation.models import Person
from guixin.serve.models import Case
from guixin.understand.price_lines import identities_of
from guixin.understand.taking_in_prices import customers_by_identity
from guixin.web.refusals import Refused


class NoSuchWave(Refused):
    """Nobody said to which wave the answers of the file belong."""

    about_input = True


class AnswerRows:
    """Settles rows of a sheet of answers. All of them at once: how many before a row read the same is part of its key."""

    chunk = AT_ONCE

    def __init__(self, mapping: Mapping, by: Person | None = None):
        self.by, self.now = by, database_now()
        waves = Wave.objects.select_related("version__questionnaire")
        wave = waves.filter(code=mapping.name).first()
        if wave is None:
            raise NoSuchWave(_("Say to which wave these answers belong."))
        self.wave: Wave = wave
        self.unnamed = 0

    def figures(self) -> dict:
        return {"unnamed": self.unnamed}

    def line(self, number: int, fields: dict) -> Remark | None:
        """What is wrong with a row by itself, for the preview; nothing is kept."""
        asked = self.wave.version.sheet.by_code
        said, doubts = taking_in.read_row(_given(number, fields), asked, set(self.wave.missing_codes))
        if said and not doubts:
            return None
        doubt = doubts[0] if doubts else Doubt(number, "no_answer", _("No question is answered."))
        return Remark(number, doubt.reason, doubt.sentence, landed=bool(said))

    def settle(self, rows: list[tuple[int, dict]]) -> Settled:
        named, unsure = self._named(rows)
        done = taking_in.take_in(self.wave, named, source=Response.Source.FILE, by=self.by, now=self.now)
        settled = Settled(landed=done.landed, already=done.already)
        settled.remarks = [
            Remark(each.line, each.reason, each.sentence, landed=each.landed) for each in done.doubts
        ]
        told = {each.line for each in done.doubts}
        settled.remarks += [unsure[line] for line in done.lines if line in unsure and line not in told]
        landed = set(done.lines)
        self.unnamed += sum(each.customer_id is None and each.line in landed for each in named)
        return settled

    def _named(self, rows: list[tuple[int, dict]]) -> tuple[list[Given], dict[int, Remark]]:
        """With the customer and the case each is tied to. Nobody known, or several: it lands without, and the line says so."""
        identities = {number: identities_of(fields) for number, fields in rows}
        known = customers_by_identity({each for some in identities.values() for each in some}, self.by)
        numbers = {str(fields["case_number"]).strip() for _n, fields in rows if fields.get("case_number")}
        seen = Case.objects.visible_to(self.by) if self.by else Case.objects.all()
        cases = {
            number: (into or pk, customer)
            for number, pk, into, customer in seen.filter(number__in=numbers).values_list(
                "number", "pk", "merged_into_id", "customer_id"
            )
        }
        named, unsure = [], {}
        for number, fields in rows:
            case, customer = cases.get(str(fields.get("case_number") or "").strip(), (None, None))
            found = set().union(*(known.get(each, set()) for each in identities[number]))
            if len(found) == 1:
                customer = found.pop()
            elif identities[number]:
                reason = "customer_ambiguous" if found else "customer_unknown"
                words = (
                    _("Several customers are known by this; the answer lands without a name.")
                    if found
                    else _("Nobody is known by this; the answer lands without a name.")
                )
                unsure[number] = Remark(number, reason, words, landed=True)
            if fields.get("case_number") and case is None and number not in unsure:
                words = _("There is no such case; the answer lands without one.")
                unsure[number] = Remark(number, "case_unknown", words, landed=True)
            named.append(_given(number, fields, customer, case))
        return named, unsure


def _given(number: int, fields: dict, customer_id: int | None = None, case_id: int | None = None) -> Given:
    return Given(
        number,
        {
            name.removeprefix(ANSWER): str(value)
            for name, value in fields.items()
            if name.startswith(ANSWER) and value is not None
        },
        respondent=str(fields.get("respondent") or "").strip(),
        customer_id=customer_id,
        case_id=case_id,
        answered_at=fields.get("answered_at"),
    )
