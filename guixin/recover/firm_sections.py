"""What recover reads from a firm file: the rules that propose recoveries, each under a code of its own."""

from guixin.organisation.firm import Loading, section
from guixin.recover.models import RecoveryRule
from guixin.recover.ruling import CannotRule, keep_rule


@section("recovery")
def load_recovery_rules(entries, loading: Loading) -> None:
    """[recovery.serious] name, name_en, from_severity = 3, fault = "ours" | "theirs" | "shared" | "unknown",
    failure = "money" | "goods" | "service" | "attention", grades = "AB", steps = [ { kind = "apology", position = "…", words, words_en }, { kind = "refund", amount = "50.00", currency } … ].

    Kinds: apology, listening, explanation, redoing, refund, replacement, credit, gift. `retired = true` proposes it no more.
    """
    for code, entry in loading.each(entries):
        loading.known_keys(
            entry, "name", "name_en", "from_severity", "fault", "failure", "grades", "steps", "retired"
        )
        is_new = not RecoveryRule.objects.filter(code=code).exists()
        said = {
            key: entry[key]
            for key in ("name_en", "from_severity", "fault", "failure", "grades")
            if key in entry
        }
        try:
            _rule, changed = keep_rule(
                code, name=loading.needed(entry, "name"), steps=entry.get("steps", []), **said,
                retired=bool(entry.get("retired")), by=None, now=loading.now,
            )  # fmt: skip
        except CannotRule as why:
            raise loading.refuse(str(why)) from why
        if changed:
            (loading.created if is_new else loading.changed)["RecoveryRule"] += 1
