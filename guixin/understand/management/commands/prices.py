"""`guixin prices STUDY`: what a price study found, with its intervals counted anew."""

import json as to_json

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guixin.understand.models import PriceStudy
from guixin.understand.price_intervals import intervals
from guixin.understand.price_results import LEAST_FOR_INTERVALS, results
from guixin.web import money


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Print the price range a study found, the price of most revenue, the elasticity, and how many each rests on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", metavar="STUDY", help="the code of the study, as in its address")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, study: str, json: bool, **options) -> None:
        asked = PriceStudy.objects.filter(code=study).first()
        if asked is None:
            raise CommandError(f"There is no price study “{study}”.")
        found = results(asked)
        answers = asked.answers.consistent().values_list("too_cheap", "cheap", "expensive", "too_expensive")
        counted = intervals(list(answers.order_by("pk"))) if found.used >= LEAST_FOR_INTERVALS else {}

        def major(units: float) -> float:
            return round(units / 10 ** money.decimals(asked.currency), 2)

        figures: dict = {
            "currency": asked.currency, "given": found.given, "used": found.used, "inconsistent": found.inconsistent,
            "struck": found.struck,
        }  # fmt: skip
        for name, price in (vars(found.points) if found.points else {}).items():
            figures[name] = [major(each) for each in (price, *counted.get(name, ()))]
        if found.demand:
            figures["most_buyers"] = major(found.demand.most_buyers)
            figures["most_revenue"] = major(found.demand.most_revenue)
            figures["with_likelihood"] = found.demand.number
        if found.elasticity:
            seen = found.elasticity
            figures["elasticity"] = [round(each, 2) for each in (seen.value, seen.low, seen.high)]
        if json:
            self.stdout.write(to_json.dumps(figures, ensure_ascii=False))
            return
        for name, figure in figures.items():
            self.stdout.write(f"{name:16} {figure}")
        for words in found.missing():
            self.stdout.write(words)
