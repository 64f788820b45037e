"""The hard-problem channel: to the expert who knows and has least, answered with a conclusion, kept in the handbook.

A problem is a matter with a clock of its own (decision 13): it goes on whatever becomes of the case, and climbs like
everything else. A verb locks the case, then the problem, then, through `stop` and the like, the clock.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.handbook import article_texts, lessons, publishing, using, writing
from guixin.handbook.models import Article, ArticleCase, ArticleKind
from guixin.ledger import record
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person, Skill
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise, Stop, start, stop, void
from guixin.promise.matters import Matter
from guixin.promise.models import Clock, Escalation, Measure
from guixin.promise.moving import hand_over
from guixin.search.asking import suggest
from guixin.serve import problem_events as events
from guixin.serve.models import Case, HardProblem
from guixin.serve.promises import circumstances
from guixin.serve.routing import locked_open
from guixin.web.refusals import Refused


class CannotAskExperts(Refused):
    """The problem cannot be put like this."""

    about_input = True


class ProblemSettled(Refused):
    """It was answered or withdrawn meanwhile, or is not this person's."""


def skills_with_experts() -> list[Skill]:
    """What hard problems can be sent by: skills in use that somebody has."""
    return list(Skill.objects.filter(retired_at=None, people__is_active=True).distinct())


def choose_expert(
    skill: Skill, now: datetime, *, besides: Collection[int] = ()
) -> tuple[Person, Person | None]:
    """Who answers: of those with the skill who are there, the one with the fewest open problems. Are all away, the deputy
    of that one; has nobody a deputy, that one all the same, and the clock climbs. Returns them, and whose deputy they are."""
    people = {each.pk: each for each in skill.people.filter(is_active=True).exclude(pk__in=list(besides))}
    if not people:
        is_expert = skill.people.filter(is_active=True).exists()
        words = _("Nobody else is an expert of “%s”.") if is_expert else _("Nobody is an expert of “%s” yet.")
        raise CannotAskExperts(words % skill)
    open_ones = HardProblem.objects.open().filter(expert__in=people).values_list("expert_id", flat=True)
    load = Counter(open_ones)
    ladder = Ladder.at(now)
    by_load = sorted(people, key=lambda pk: (load[pk], pk))
    if there := [pk for pk in by_load if ladder.is_present(pk)]:
        return people[there[0]], None
    for pk in by_load:
        deputy = ladder.stand_in(pk)
        if deputy is not None and deputy not in besides:
            return Person.objects.get(pk=deputy), people[pk]
    return people[by_load[0]], None


@transaction.atomic
def ask_expert(case: Case, skill: Skill, question: str, *, by: Person, now: datetime) -> HardProblem:
    """Put a hard problem of this case to an expert."""
    case = locked_open(case)
    if not question.strip():
        raise CannotAskExperts(_("Write what you want to know of the expert."))
    _must_be_free(case.pk, skill)
    expert, instead_of = choose_expert(skill, now, besides=[by.pk])
    problem = HardProblem.objects.create(
        case=case, skill=skill, question=question.strip(), asked_by=by, asked_at=now, expert=expert,
        instead_of=instead_of,
    )  # fmt: skip
    department_id = Ladder.at(now).department_of(expert.pk)
    version = always_promised(Measure.SOLVE, circumstances(case).at(department_id), now)
    start(
        [
            Promise(
                about=problem.about, case_id=None, version=version, department_id=department_id,
                holder_id=expert.pk, started_at=now,
            )
        ]
    )  # fmt: skip
    record(events.HardProblemAsked(**_facts(problem, by, now), personal={"question": problem.question}))
    return problem


def _must_be_free(case_id: int, skill: Skill) -> None:
    if skill.retired_at:
        raise CannotAskExperts(_("“%s” is no longer asked for.") % skill)
    if HardProblem.objects.open().filter(case=case_id, skill=skill).exists():
        raise CannotAskExperts(_("An expert of “%s” has this case already.") % skill)


def _facts(problem: HardProblem, by: Person | None, now: datetime) -> dict:
    return {
        "happened_at": now, "actor_id": by.pk if by else None, "about": problem.about, "case_id": problem.case_id,
        "problem_id": problem.pk, "skill": problem.skill.code, "expert_id": problem.expert_id,
        "asked_by_id": problem.asked_by_id,
    }  # fmt: skip


def may_answer(problem: HardProblem, person: Person, now: datetime) -> bool:
    """The expert, who stands in for them, anybody with the skill, and whom it was raised to."""
    if person.pk == problem.expert_id or Ladder.at(now).stand_in(problem.expert_id) == person.pk:
        return True
    told = Escalation.objects.filter(
        clock__about_kind=HardProblem.ABOUT, clock__about_id=problem.pk, to_person=person
    )
    return problem.skill.people.filter(pk=person.pk).exists() or told.exists()


def may_withdraw(problem: HardProblem, person: Person) -> bool:
    """Who asked, the owner of the case, and who sees everything."""
    return person.pk in (problem.asked_by_id, problem.case.owner_id) or scope_of(person).sees_everything


def _open(problem: HardProblem) -> HardProblem:
    fresh = (
        HardProblem.objects.select_for_update(of=("self",)).select_related("case", "skill").get(pk=problem.pk)
    )
    if not fresh.is_open:
        raise ProblemSettled(_("This has been answered or withdrawn already."))
    return fresh


@transaction.atomic
def conclude(
    problem: HardProblem, *, cause: str, remedy: str, tell_customer: str, by: Person, now: datetime
) -> HardProblem:
    """What it comes from, what to do, and what the customer is told. It returns to the case at once."""
    problem = _open(problem)
    if not may_answer(problem, by, now):
        raise ProblemSettled(_("This is for the expert who was asked, or whoever knows the same field."))
    if not remedy.strip():
        raise CannotAskExperts(_("Say what is to be done."))
    problem.state, problem.ended_by, problem.ended_at = HardProblem.State.ANSWERED, by, now
    problem.cause, problem.remedy, problem.tell_customer = (
        cause.strip(),
        remedy.strip(),
        tell_customer.strip(),
    )
    problem.save(update_fields=["state", "ended_by", "ended_at", "cause", "remedy", "tell_customer"])
    stop([Stop(problem.about, Measure.SOLVE, now)], now, by.pk)
    words = {"cause": problem.cause, "remedy": problem.remedy, "tell_customer": problem.tell_customer}
    record(events.HardProblemAnswered(**_facts(problem, by, now), personal=words))
    return problem


@transaction.atomic
def pass_on(
    problem: HardProblem, *, by: Person, now: datetime, skill: Skill | None = None, expert: Person | None = None
) -> HardProblem:  # fmt: skip
    """Another expert of the same field or of another one; the deadline stays."""
    problem = _open(problem)
    if not may_answer(problem, by, now):
        raise ProblemSettled(_("This is for the expert who was asked, or whoever knows the same field."))
    skill, before = skill or problem.skill, problem.expert_id
    if skill.pk != problem.skill_id:
        _must_be_free(problem.case_id, skill)
    if expert is not None and expert.pk == before:
        raise CannotAskExperts(_("%s has it already.") % expert.name)
    instead_of = None
    if expert is None:
        expert, instead_of = choose_expert(skill, now, besides=[before, problem.asked_by_id])
    problem.skill, problem.expert, problem.instead_of = skill, expert, instead_of
    problem.save(update_fields=["skill", "expert", "instead_of"])
    hand_over(
        Clock.objects.of(*problem.about).open(), department_id=Ladder.at(now).department_of(expert.pk),
        holder_id=expert.pk, now=now, actor_id=by.pk,
    )  # fmt: skip
    record(events.HardProblemPassedOn(**_facts(problem, by, now), from_expert_id=before))
    return problem


@transaction.atomic
def withdraw_problem(
    problem: HardProblem, *, by: Person, now: datetime, article: Article | None = None
) -> HardProblem:
    """No expert is needed any more: it solved itself, or `article` of the handbook answered it, and that counts for it."""
    problem = _open(problem)
    if not may_withdraw(problem, by):
        raise ProblemSettled(_("Only who asked takes it back."))
    problem.state, problem.ended_by, problem.ended_at = HardProblem.State.WITHDRAWN, by, now
    problem.save(update_fields=["state", "ended_by", "ended_at"])
    void(Clock.objects.of(*problem.about).open(), "no expert needed", now, by.pk)
    record(
        events.HardProblemWithdrawn(**_facts(problem, by, now), article_id=article.pk if article else None)
    )
    if article:
        _spared(problem.case_id, article, by, now)
    return problem


@transaction.atomic
def spare_the_expert(case: Case, article: Article, *, by: Person, now: datetime) -> ArticleCase:
    """About to ask an expert, somebody found the answer in the handbook. It counts what it prevented."""
    case = locked_open(case)
    met = _spared(case.pk, article, by, now)
    record(
        events.ExpertSpared(
            happened_at=now, actor_id=by.pk, about=case.about, case_id=case.pk, article_id=article.pk
        )
    )
    return met


def _spared(case_id: int, article: Article, by: Person, now: datetime) -> ArticleCase:
    return using.use(article, case_id, ArticleCase.How.PREVENTED, by=by, now=now)


@transaction.atomic
def keep_in_handbook(
    problem: HardProblem, *, title: str, by: Person, now: datetime, as_lesson: bool = True
) -> Article:
    """The conclusion becomes a lesson or an article in one step: written, linked to its case, published."""
    problem = (
        HardProblem.objects.select_for_update(of=("self",)).select_related("case", "skill").get(pk=problem.pk)
    )
    if problem.state != HardProblem.State.ANSWERED:
        raise ProblemSettled(_("Only a conclusion becomes part of the handbook."))
    if problem.article_id:
        raise ProblemSettled(_("It is in the handbook already."))
    language = "en" if title.isascii() else "zh"
    case, words = problem.case, {f"title_{language}": title}
    category, topic = case.category, problem.skill.name
    if as_lesson:
        words |= {
            f"failed_{language}": "\n\n".join(filter(None, [problem.question, problem.cause])),
            f"instead_{language}": problem.remedy,
            f"text_{language}": problem.tell_customer,
        }
        article = lessons.teach(
            [case.pk],
            words,
            by=by,
            now=now,
            publish=True,
            origin=problem.about,
            category=category,
            topic=topic,
        )
    else:
        words[f"text_{language}"] = _as_article(problem)
        article = writing.begin(
            ArticleKind.ARTICLE, words, by=by, now=now, origin=problem.about, category=category, topic=topic
        )
        using.use(article, case.pk, ArticleCase.How.TAUGHT, by=by, now=now)
        article = publishing.publish(article, by=by, now=now)
    problem.article = article
    problem.save(update_fields=["article"])
    record(
        events.HardProblemKept(
            **_facts(problem, by, now), became="lesson" if as_lesson else "article", article_id=article.pk
        )
    )
    return article


def _as_article(problem: HardProblem) -> str:
    parts = [
        (_("The question"), problem.question), (_("Cause"), problem.cause), (_("What to do"), problem.remedy),
        (_("What the customer is told"), problem.tell_customer),
    ]  # fmt: skip
    return "\n\n".join(f"## {head}\n\n{words}" for head, words in parts if words)


def seen_by(ids: Collection[int], person: Any) -> QuerySet:
    return HardProblem.objects.visible_to(person).filter(pk__in=ids).select_related("case", "skill")


def as_matters(rows: Sequence[Any]) -> dict[int, Matter]:
    return {
        row.pk: Matter(
            subject=f"{row.skill.name} · {row.case.subject}",
            address=f"/problems/{row.pk}",
            number=row.case.number,
        )
        for row in rows
    }


def no_skill(code: str) -> str:
    return _("There is no skill called “%s”.") % code


@dataclass(frozen=True)
class Known:
    """A page of the handbook that may answer a case."""

    pk: int
    title: str
    words: str


def known_answers(case: Case, *, at_most: int = 3) -> list[Known]:
    """What the one search would suggest of the handbook for this case: offered before an expert is asked. Only what is in
    force, which everybody here may read."""
    language = get_language() or "zh-hans"
    found = suggest(f"{case.subject}\n{case.story}", case.owner, kinds=["article"], at_most=at_most)
    today = timezone.localdate(database_now())
    rows = Article.objects.in_force(today).in_bulk([each.key for each in found])
    begins = article_texts.shown(list(rows))  # without the marks it is written with
    return [
        Known(row.pk, row.title_in(language), begins[row.pk]["instead" if row.is_lesson else "begins"])
        for each in found
        if (row := rows.get(each.key))
    ]
