"""One act on many cases, with everything it causes: promises, tasks, ledger, notices, the marks that let it be taken back.
The ratio is to the bare minimum by hand-made SQL: the rows changed and an entry for each."""

from collections.abc import Callable
from itertools import count

from benchmarks.holding import Held
from benchmarks.measuring import Figure, cost
from guixin.ledger.clock import database_now
from guixin.serve import bulk_changes
from guixin.serve.models import BulkChange, Case
from guixin.serve.tests import make

BUDGET = 10  # seconds for a thousand cases
_pieces = count()


def run(held: Held) -> list[Figure]:
    many = 200 if held.quick else 1_000
    tang, after_sales = make.tang(), make.after_sales()
    acts = {
        "another owner": ("owner", {"owner": tang.pk}),
        "another severity and category": ("details", {"severity": 4, "category": "delivery"}),
        "a department more": ("department", {"department": after_sales.pk, "reason": "召回"}),
        "another department instead": (
            "department",
            {"department": after_sales.pk, "reason": "召回", "withdraw_others": True},
        ),
        "a note": ("note", {"body": "同一批货"}),
    }
    bare = _bare(held, many)
    figures = [Figure(f"hand-made SQL for {many:,} cases", f"{bare:.2f} s")]
    for words, (act, asked) in acts.items():
        figures += _act(many, words, act, asked, bare)
    return figures


def _act(many: int, words: str, act: str, asked: dict, bare: float) -> list[Figure]:
    by, now = make.he(), database_now()
    mine = Case.objects.open().filter(owner=make.wang()).order_by("pk")
    first = next(_pieces) * many
    change = bulk_changes.draft(act, mine.values_list("pk", flat=True)[first : first + many], by=by, now=now)
    seen = _seconds(lambda: bulk_changes.preview(change, asked, now=now))

    def do() -> None:
        bulk_changes.start(change, asked, by=by, now=database_now())
        _work_off(change)

    def undo() -> None:
        bulk_changes.undo(change, by=by, now=database_now())
        _work_off(change)

    done = _seconds(do)
    assert change.items.filter(state="done").count() == many, change.items.values_list("reason").first()
    budget = BUDGET * many / 1_000
    target = f"≤ {budget:.0f} s"
    figures = [
        Figure(
            f"CPU of {words} for {many:,} cases, to bare SQL",
            f"{done:.2f} s, × {done / bare:.0f}",
            target,
            done <= budget,
        ),
        Figure("its preview", f"{seen:.2f} s"),
    ]
    if bulk_changes.may_undo(BulkChange.objects.get(pk=change.pk), by):
        undone = _seconds(undo)
        assert change.items.filter(state="undone").count() == many
        figures.append(Figure("taking it back", f"{undone:.2f} s", target, undone <= budget))
    return figures


def _work_off(change: BulkChange) -> None:
    """As a worker does, piece by piece."""
    while bulk_changes.run_next(database_now()):
        pass
    change.refresh_from_db()


def _bare(held: Held, many: int) -> float:
    with held.raw() as raw:
        pks = [
            pk
            for (pk,) in raw.execute("SELECT id FROM serve_case ORDER BY id DESC LIMIT %s", [many]).fetchall()
        ]

        def both() -> None:
            with raw.transaction(force_rollback=True):
                raw.execute(
                    "UPDATE serve_case SET severity = 3, version = version + 1 WHERE id = ANY(%s)", [pks]
                )
                raw.execute(
                    "INSERT INTO ledger_entry (kind, happened_at, about_kind, about_id, case_id, facts)"
                    " SELECT 'serve.case_changed', now(), 'case', id, id, '{}' FROM unnest(%s::bigint[]) id",
                    [pks],
                )

        return cost(both, times=10, runs=3, warm=1, on=raw).cpu / 1000


def _seconds(work: Callable[[], object]) -> float:
    """CPU of doing it once, in Python and in the database."""
    return cost(work, times=1, runs=1, warm=0).cpu / 1000
