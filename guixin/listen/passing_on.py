"""What somebody answers for of our surveys, when they hand it over for good: questionnaires, waves, standing plans."""

from collections.abc import Sequence

from django.utils.translation import ngettext

from guixin.ledger import record
from guixin.listen.events import QuestionnaireChanged, WaveChanged, WavePlanChanged
from guixin.listen.models import Questionnaire, Wave, WavePlan
from guixin.organisation.passing_on import Moving, Wanted, rows


def _questionnaires(n: int) -> str:
    return ngettext("%(n)s questionnaire", "%(n)s questionnaires", n) % {"n": n}


def _waves(n: int) -> str:
    return ngettext("%(n)s survey wave", "%(n)s survey waves", n) % {"n": n}


def _plans(n: int) -> str:
    return ngettext("%(n)s standing survey plan", "%(n)s standing survey plans", n) % {"n": n}


def _questionnaires_moved(found: Sequence[Questionnaire], wanted: Wanted, how: Moving) -> None:
    record(
        *(
            QuestionnaireChanged(
                happened_at=how.now, actor_id=how.by.pk, about=each.about, questionnaire=each.code,
                questionnaire_change="described",
            )
            for each in found
        )
    )  # fmt: skip


def _waves_moved(found: Sequence[Wave], wanted: Wanted, how: Moving) -> None:
    record(
        *(
            WaveChanged(
                happened_at=how.now, actor_id=how.by.pk, about=each.about, wave=each.code, wave_change="described"
            )
            for each in found
        )
    )  # fmt: skip


def _plans_moved(found: Sequence[WavePlan], wanted: Wanted, how: Moving) -> None:
    record(
        *(
            WavePlanChanged(
                happened_at=how.now, actor_id=how.by.pk, about=each.about, plan=each.code, wave_plan_change="changed"
            )
            for each in found
        )
    )  # fmt: skip


def offer() -> None:
    rows(
        "questionnaire", lambda: Questionnaire.objects.filter(withdrawn_at=None), "owner_id", _questionnaires_moved,
        _questionnaires, for_good=True,
    )  # fmt: skip
    rows("wave", lambda: Wave.objects.filter(closed_at=None), "owner_id", _waves_moved, _waves, for_good=True)
    rows(
        "wave_plan", lambda: WavePlan.objects.filter(withdrawn_at=None), "owner_id", _plans_moved, _plans,
        for_good=True,
    )  # fmt: skip
