"""The numbers beside the lists, on every page: how many are open, mine, with us."""

from benchmarks.holding import Held
from benchmarks.measuring import Figure, cost, statements
from guixin.serve import queues
from guixin.serve.tests import make


def run(held: Held) -> list[Figure]:
    he = make.he()
    with statements() as sent:
        numbers = queues.numbers(he)
    spent = cost(lambda: queues.numbers(he), times=50, runs=3 if held.quick else 5)
    return [
        Figure("CPU of the numbers of one person", f"{spent.cpu:.1f} ms", "≤ 30 ms", spent.cpu <= 30),
        Figure("SQL statements", str(len(sent))),
        Figure("open cases they tell", f"{numbers['all']:,}"),
    ]
