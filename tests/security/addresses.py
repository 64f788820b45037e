"""Every address of the product and who is let in: the one file that says so. An address that is missing here fails
the build (test_who_is_let_in.py), so nobody adds a page without deciding this.

An address is written as an example: `{case}` and the like are things of one side of tests/security/world.py, first those
of a case of the quality department, then those of a case of logistics, so that everybody meets their own and a foreign
one. `/live` (channels/live) and `/static/` are no addresses of Django; the first has its own tests beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass

# -- the cast ----------------------------------------------------------------------------------------------------------

NOBODY = "nobody"
EVERYTHING = {"he"}  # supervisor of the front desk: sees everything, coordinates
FRONT_DESK = {"wang"} | EVERYTHING
ADMINISTRATORS = {"ma"} | EVERYTHING  # Ma has the duty and sees nothing but her own
AUDITORS = {"audit"} | ADMINISTRATORS
# Those of a side without the front desk: its handler, head and supervisor, and the director above.
DEPARTMENT = {"quality": {"li", "wu", "qian", "chen"}, "logistics": {"zhao"}}
HANDLERS = {"li", "zhao"}
ROLES = sorted(AUDITORS | FRONT_DESK | DEPARTMENT["quality"] | DEPARTMENT["logistics"])

Who = Callable[
    [str, str], int
]  # role, side of the thing in the path -> 0: let in; else the status of the refusal


def everybody(role: str, side: str) -> int:
    """Also without an account."""
    return 0


def link(role: str, side: str) -> int:
    """Whoever has the secret part of the address. With a wrong one there is nothing (test_customers_links)."""
    return 0


def signed_in(role: str, side: str) -> int:
    """Everybody of the firm; what is shown is only what they may see."""
    return 0


def only(people: set[str], refused: int = 403) -> Who:
    return lambda role, side: 0 if role in people else refused


front_desk = only(FRONT_DESK)
administrators = only(ADMINISTRATORS)
auditors = only(AUDITORS)
overseers = only(
    FRONT_DESK | {"wu", "qian", "chen"}, 404
)  # the board: for others there is nothing to look after
overseers_by_api = only(FRONT_DESK | {"wu", "qian", "chen"})


def sees_the_surge(role: str, side: str) -> int:
    """Whoever sees every case, and who was told: Chen of that of quality, Zhao of that of logistics."""
    return 0 if role in FRONT_DESK | {"quality": {"chen"}, "logistics": {"zhao"}}[side] else 404


def acknowledges(role: str, side: str) -> int:
    return sees_the_surge(role, side) or (403 if role == "zhao" else 0)


def sees(role: str, side: str) -> int:
    """Whoever may see the case; for all others it does not exist."""
    return 0 if role in FRONT_DESK | DEPARTMENT[side] else 404


def of_those(people: Callable[[str], set[str]]) -> Who:
    """Of those who see the case, these; the others are told that it is not theirs to do."""
    return lambda role, side: sees(role, side) or (0 if role in people(side) else 403)


serves = of_those(lambda side: FRONT_DESK)
handles = of_those(lambda side: DEPARTMENT[side] | EVERYTHING)
asks_for_time = handles
# The escalation of quality went to Qian, that of logistics to Zhao; those above in the department may answer too.
answers_it = of_those(
    lambda side: {"quality": {"qian", "wu", "chen"}, "logistics": {"zhao"}}[side] | EVERYTHING
)
# Li and Zhao asked for more time: of Chen, and of He. Whoever stands on the ladder above who asked may decide too; to
# see everything is not enough.
decides = of_those(lambda side: {"quality": {"qian", "wu", "chen"}, "logistics": {"he"}}[side])


overlooks = only(FRONT_DESK | ADMINISTRATORS)


def decides_on_a_segment(role: str, side: str) -> int:
    """He answers for it; others of the front desk may look, and for all others there is none."""
    return 0 if role in ADMINISTRATORS else 403 if role in FRONT_DESK else 404


works_on_a_strategy = only(ADMINISTRATORS)  # He answers for the segment and owns every step


def keeps_the_record(role: str, side: str) -> int:
    return sees(role, side) or (0 if role in FRONT_DESK else 403)


hands_out = of_those(lambda side: EVERYTHING)

# Mail that belongs to no case is the front desk's; for others there is none.
looks_after_mail = only(FRONT_DESK, 404)

# Segments and price studies are seen by who sees every customer, by administrators, and by whoever answers for one: He in
# this world.
knows_segments = only(FRONT_DESK | ADMINISTRATORS)
knows_the_segment = only(FRONT_DESK | ADMINISTRATORS, 404)


def edits_the_segment(role: str, side: str) -> int:
    return knows_the_segment(role, side) or (0 if role in ADMINISTRATORS else 403)


def sees_its_customers(role: str, side: str) -> int:
    return knows_the_segment(role, side) or (0 if role in FRONT_DESK else 403)


reads_what_was_told = sees_its_customers


def exports_its_customers(role: str, side: str) -> int:
    return knows_the_segment(role, side) or (0 if role in EVERYTHING else 403)


# Wang owns the case of quality; that of logistics is Tang's, who is not of the cast.
owns_the_case = of_those(lambda side: {"quality": {"wang"}, "logistics": set()}[side])


def plans_it(role: str, side: str) -> int:
    """The series is the handler's; those above in the department and the front desk see it too."""
    return 0 if role in FRONT_DESK | DEPARTMENT[side] else 404


def undoes_a_merge(role: str, side: str) -> int:
    return 0 if role in FRONT_DESK else 404


def owns(people: dict[str, set[str]]) -> Who:
    """One person's own thing: of the one side Li's, of the other Zhao's; for others it does not exist."""
    return lambda role, side: 0 if role in people[side] else 404


mine = owns({"quality": {"li"}, "logistics": {"zhao"}})
mine_or_everything = owns({"quality": {"li"} | EVERYTHING, "logistics": {"zhao"} | EVERYTHING})
sent_it = owns({"quality": {"wang"}, "logistics": {"he"}})


def sent_it_by_case(role: str, side: str) -> int:
    """The same thing under the address of its case, which says first whose work replies are."""
    return serves(role, side) or sent_it(role, side)


# Li is away in quality, Zhao in logistics: entered by themselves, those above, and administrators.
ends_the_absence = owns({"quality": {"li", "wu", "qian", "chen"} | ADMINISTRATORS, "logistics": {"zhao"} | ADMINISTRATORS})  # fmt: skip
hands_over = owns({"quality": {"li", "wu", "qian", "chen"} | EVERYTHING, "logistics": {"zhao"} | EVERYTHING})


def owned_by(people: dict[str, set[str]]) -> Who:
    """Seen by everybody, done by these."""
    return lambda role, side: 0 if role in people[side] else 403


# Wang asked on the case of quality, Tang, who is nobody here, on that of logistics; both asked He.
sees_the_request = owns({"quality": {"wang", "he"}, "logistics": {"he"}})


def _of_the_request(people: set[str]) -> Who:
    return lambda role, side: sees_the_request(role, side) or (0 if role in people else 403)


# What somebody wrote down about the customer of the case, and gave to the department: its people must read it.
keeps_knowledge = of_those(lambda side: EVERYTHING)
wrote_it_down = of_those(lambda side: EVERYTHING | ({"wang"} if side == "quality" else set()))
must_read_it = of_those(lambda side: DEPARTMENT[side] - {"chen"})

# Li and Zhao each answer for an article that everybody reads, customers too; the steward changes and publishes it.
changes_the_article = owned_by({"quality": {"li"} | EVERYTHING, "logistics": {"zhao"} | EVERYTHING})

# Everybody reads proposals and statements. Li and Zhao proposed, Wu and Zhou answer and state; those above may too.
answers_the_proposal = owned_by({"quality": {"wu"} | EVERYTHING, "logistics": EVERYTHING})
proposed_it = owned_by({"quality": {"li"}, "logistics": {"zhao"}})
states = owned_by({"quality": {"wu", "chen"} | EVERYTHING, "logistics": EVERYTHING})
# By the table of the world supervisors and above may take the emergency path; He took it, Sun reviews it.
takes_the_path = of_those(lambda side: EVERYTHING | {"qian", "wu", "chen"})
reviews = of_those(lambda side: set())
# Li and Zhao are each the expert of a field of their own; Wang and Tang asked.
concludes = of_those(lambda side: {"quality": {"li"}, "logistics": {"zhao"}}[side])
asked_the_expert = of_those(lambda side: EVERYTHING | ({"wang"} if side == "quality" else set()))
answers_the_request = _of_the_request({"he"})
asked_it = _of_the_request({"wang"})


@dataclass(frozen=True)
class Address:
    """`looks`: who may GET it; `acts`: who may POST to it. Nobody where there is none: then a GET shows nothing, and a
    post does nothing. `answers` is what those who may look get."""

    looks: Who | None = None
    acts: Who | None = None
    answers: tuple[int, ...] = (200,)

    @property
    def is_public(self) -> bool:
        return (self.looks or self.acts) in (everybody, link)


def page(looks: Who, acts: Who | None = None, answers: tuple[int, ...] = (200,)) -> Address:
    return Address(looks, acts, answers)


def act(acts: Who, answers: tuple[int, ...] = ()) -> Address:
    return Address(None, acts, answers)


HERE, ELSEWHERE = (200,), (302,)

# -- the console -------------------------------------------------------------------------------------------------------

CONSOLE = {
    "/": page(signed_in),
    "/today/next": page(signed_in, answers=ELSEWHERE),
    "/today/seen": act(signed_in),
    "/now": page(overseers),
    "/promises": page(signed_in),
    "/escalations": page(signed_in),
    "/authority": page(signed_in),
    "/authority/used": page(signed_in),
    "/authority/lendings": act(signed_in),
    "/authority/lendings/{lending}/end": act(mine),
    "/requests": page(signed_in),
    "/requests/{request}": page(sees_the_request),
    "/problems": page(signed_in),
    "/problems/{problem}": page(sees),
    "/proposals": page(signed_in),
    "/proposals/new": page(signed_in, signed_in),
    "/proposals/{proposal}": page(signed_in),
    "/statements": page(signed_in),
    "/statements/{statement}": page(signed_in),
    "/compensations": page(signed_in),
    "/compensations/file": act(signed_in),
    "/goodwill/{goodwill}": page(sees),
    "/recoveries": page(signed_in),
    "/recoveries/effect": page(overseers),
    "/recoveries/effect/again": act(overseers),
    "/recoveries/{recovery}": page(sees),
    "/emergencies": page(signed_in),
    "/emergencies/{emergency}": page(sees),
    "/cases/{case}/emergency-path": page(sees, answers=ELSEWHERE),
    "/causes": page(overseers),
    "/causes/cases?value=": page(overseers),
    "/surges": page(overseers),
    "/surges/{surge}": page(sees_the_surge),
    "/classification": page(overseers),
    "/queues/mine": page(signed_in),
    "/queues/mine/filters": page(signed_in),
    "/queues/mine/matches": page(signed_in),
    "/views": page(signed_in, signed_in),
    "/views/new": page(signed_in),
    "/views/again": act(signed_in),
    "/views/{view}": page(mine),
    "/views/{view}/filters": page(mine),
    "/views/{view}/edit": page(mine, mine),
    "/views/{view}/saving": act(mine),
    "/views/{view}/removal": act(mine),
    "/bulk": act(signed_in),
    "/bulk/{change}": page(mine_or_everything),
    "/bulk/{change}/preview": act(mine_or_everything),
    "/bulk/{change}/undoing": act(mine_or_everything),
    "/handovers": page(signed_in),
    "/handovers/{handler}": page(hands_over, hands_over),
    "/go?number={case}": page(sees, answers=ELSEWHERE),
    "/find": page(signed_in),
    "/rail/numbers": page(signed_in, answers=(200, 204)),
    "/sign-in": page(everybody, everybody),
    "/sign-in/as/sun": act(only(set(), 404)),  # only in a demonstration
    "/sign-out": act(everybody),
    "/invitation/{invitation}": page(link, link),
    "/absences": page(signed_in, signed_in),
    "/absences/{absence}/end": act(ends_the_absence),
    "/settings": page(signed_in),
    "/settings/sending": act(signed_in),
    "/settings/notices": act(signed_in),
    "/settings/keys": act(signed_in),
    "/settings/password": act(signed_in),
    "/settings/sessions": act(signed_in),
    "/preferences/language": act(everybody),
    "/preferences/theme": act(everybody),
    "/scripts.js?of=web/js/live.js": page(everybody),
    "/styles.css?of=web/css/base.css": page(everybody),
    "/strategies": page(signed_in),
    "/strategies/key": page(signed_in),
    "/strategies/key/broken": page(signed_in),
    "/strategies/key/beginning": act(works_on_a_strategy),
    "/strategies/key/needs/words": act(works_on_a_strategy),
    "/strategy-tasks/{strategy_task}/finishing": act(works_on_a_strategy),
    "/communication": page(signed_in),
    "/communication/key": page(knows_the_segment),
    "/communication/key/messages": page(sees_its_customers),
    "/communication/key/withdrawal": act(edits_the_segment),
    "/communication/key/draft": page(edits_the_segment, edits_the_segment),
    "/communication/key/draft/lines": page(edits_the_segment, edits_the_segment),
    "/communication/key/draft/lines/hello": page(edits_the_segment, edits_the_segment),
    "/communication/key/draft/lines/hello/removal": act(edits_the_segment),
    "/communication/key/draft/preview": page(edits_the_segment),
    "/communication/key/draft/publication": act(edits_the_segment),
    "/communication/key/draft/discarding": act(edits_the_segment),
    "/communication/messages/{plan_message}": page(reads_what_was_told),
    "/communication/messages/{plan_message}/replies": act(reads_what_was_told),
    "/communication/messages/{plan_message}/bounce": act(reads_what_was_told),
    "/opt-out/{opt_out}": page(link, link),
    "/packages": page(signed_in),
    "/packages/new": page(administrators, administrators),
    "/packages/kept": page(overlooks),
    "/packages/kept/cases?measure=reply": page(overlooks),
    "/packages/{package}": page(only(FRONT_DESK | ADMINISTRATORS, 404)),
    "/packages/{package}/edit": page(decides_on_a_segment, decides_on_a_segment),
    "/packages/{package}/withdrawal": act(decides_on_a_segment),
    "/blueprints": page(signed_in),
    "/blueprints/new": page(administrators, administrators),
    "/blueprints/{blueprint}": page(signed_in),
    "/blueprints/{blueprint}/elements/e1": page(signed_in),
    "/blueprints/{blueprint}/comparison": page(signed_in),
    "/blueprints/{blueprint}/withdrawal": act(administrators),
    "/blueprints/{blueprint}/draft": page(administrators, administrators),
    "/blueprints/{blueprint}/draft/back": act(administrators),
    "/blueprints/{blueprint}/draft/discard": act(administrators),
    "/blueprints/{blueprint}/draft/publication": act(administrators),
    "/blueprints/{blueprint}/draft/steps": act(administrators),
    "/blueprints/{blueprint}/draft/steps/s1": page(administrators, administrators),
    "/blueprints/{blueprint}/draft/steps/s1/later": act(administrators),
    "/blueprints/{blueprint}/draft/new-element": page(administrators, administrators),
    "/blueprints/{blueprint}/draft/elements/e1": page(administrators, administrators),
    "/blueprints/{blueprint}/draft/elements/e1/up": act(administrators),
    "/health": page(administrators),
    "/health/test-mail": act(administrators),
    "/healthz": page(everybody, answers=(200, 503)),
}  # fmt: skip

# -- cases and all that hangs on them ----------------------------------------------------------------------------------

CASES = {
    "/cases/new": page(front_desk, front_desk),
    "/cases/new/beside": act(front_desk),
    "/suggestions": act(signed_in),
    "/cases/{case}": page(sees),
    "/panes/list?in=/queues/mine": page(signed_in),
    "/cases/{case}/live": page(sees),
    "/cases/{case}/customer": page(sees, sees),
    "/cases/{case}/composer/reply": act(serves),
    "/cases/{case}/composer/note": act(sees),
    "/cases/{case}/composer/task": act(serves),
    "/cases/{case}/composer/reply/draft": act(sees),
    "/cases/{case}/composer/reply/files": act(serves),
    "/cases/{case}/composer/note/files": act(sees),
    "/cases/{case}/templates": page(sees),
    "/cases/{case}/held-reply": page(sees),
    "/cases/{case}/presence": act(sees),
    "/cases/{case}/watching": act(sees),
    "/held-replies/{held}/taking-back": act(sent_it),
    "/cases/{case}/spared-expert": act(sees),
    "/cases/{case}/form": page(sees, sees),
    "/cases/{case}/form/reveal": act(sees),
    "/forms/sheet": page(signed_in),
    "/forms/sheet/answers.xlsx": act(front_desk, HERE),
    "/cases/{case}/record": page(sees),
    "/cases/{case}/record.pdf": page(sees, sees, answers=ELSEWHERE),
    "/tasks/{task}": page(sees),
    "/attachments/{attachment}": page(sees),
    "/attachments/{attachment}/thumbnail": page(sees),
    "/attachments/{attachment}/preview": page(sees),
    "/customers": page(front_desk),
    "/customers/{customer}": page(sees),
    "/customers/{customer}/purchases": page(sees),
    "/products": page(only(FRONT_DESK, 404)),
    "/products/{product}": page(only(FRONT_DESK, 404)),
    "/purchases": page(only(FRONT_DESK, 404)),
    "/customers/{customer}/reveal": page(sees, sees),
    "/customers/{customer}/data": page(hands_out, hands_out),
    "/customers/{customer}/merges/{merge}/undone": act(undoes_a_merge),
    "/lifecycle": page(front_desk),
    "/mail": page(front_desk),
    "/mail/{mail}": page(looks_after_mail),
    "/mail/{kept_mail}": page(sees),
    "/mail/{mail}/preview": page(looks_after_mail),
    "/mail/{mail}/original": act(looks_after_mail),
    "/mail/{mail}/again": act(looks_after_mail),
    "/mail/{kept_mail}/sender": act(serves),
    "/lifecycle/customers?which=new&begins=2026-01-01": page(front_desk),
    "/motives": page(front_desk),
    "/motives/people?role=buyer": page(front_desk),
    "/prices": page(knows_segments),
    "/prices/new": page(administrators, administrators),
    "/prices/{study}": page(knows_the_segment),
    "/prices/{study}/description": page(edits_the_segment, edits_the_segment),
    "/prices/{study}/closing": act(edits_the_segment),
    "/prices/{study}/reopening": act(edits_the_segment),
    "/prices/{study}/results.xlsx": page(knows_the_segment),
    "/prices/{study}/answers": page(knows_the_segment),
    "/prices/{study}/answers/note": act(knows_the_segment),
    "/prices/{study}/answers/file": act(edits_the_segment),
    "/prices/{study}/answers/{answer}/striking": act(edits_the_segment),
    "/prices/{study}/sales": act(edits_the_segment),
    "/prices/{study}/sales/{sale}/removal": act(edits_the_segment),
    "/questionnaires": page(knows_segments),
    "/questionnaires/new": page(administrators, administrators),
    "/questionnaires/{questionnaire}": page(knows_the_segment),
    "/questionnaires/{questionnaire}/description": act(edits_the_segment),
    "/questionnaires/{questionnaire}/questions/new": page(edits_the_segment, edits_the_segment),
    "/questionnaires/{questionnaire}/questions/overall": page(edits_the_segment, edits_the_segment),
    "/questionnaires/{questionnaire}/questions/overall/down": act(edits_the_segment),
    "/questionnaires/{questionnaire}/withdrawal": act(edits_the_segment),
    "/a/{survey_token}": page(link, link),
    "/a/{named_survey_token}/no-more": page(link, link),
    "/surveys": page(knows_segments),
    "/surveys/new": page(administrators, administrators),
    "/wave-plans/new": page(administrators, administrators),
    "/wave-plans/{wave_plan}": page(knows_the_segment, edits_the_segment),
    "/wave-plans/{wave_plan}/stop": act(edits_the_segment),
    "/surveys/{wave}": page(knows_the_segment),
    "/surveys/{wave}/plank": page(knows_the_segment),
    "/surveys/{wave}/gaps": page(knows_the_segment),
    "/surveys/{wave}/groups": page(knows_the_segment),
    "/surveys/{wave}/responses": page(knows_the_segment),
    "/surveys/{wave}/departments/quality": page(knows_the_segment),
    "/surveys/{wave}/sharing": act(edits_the_segment),
    "/surveys/{wave}/themes": page(knows_the_segment),
    "/surveys/{wave}/themes/{theme}/name": act(edits_the_segment),
    "/surveys/{wave}/themes/{theme}/merging": act(edits_the_segment),
    "/surveys/{wave}/open-answers/{open_answer}": act(edits_the_segment),
    "/surveys/{wave}/description": act(edits_the_segment),
    "/surveys/{wave}/links": act(edits_the_segment),
    "/surveys/{wave}/export": act(edits_the_segment),
    "/surveys/{wave}/file": act(edits_the_segment),
    "/surveys/{wave}/closing": act(edits_the_segment),
    "/at/{place}": page(everybody, everybody),
    "/surveys/{wave}/places": act(edits_the_segment),
    "/surveys/{wave}/places/{place}/removal": act(edits_the_segment),
    "/surveys/{wave}/cards.pdf": page(edits_the_segment),
    "/surveys/{wave}/calls": page(sees_its_customers),
    "/surveys/{wave}/calls/{survey_call}": page(only(FRONT_DESK, 404)),
    "/surveys/{wave}/calls/{survey_call}/outcome": act(only(FRONT_DESK, 404)),
    "/surveys/{wave}/calls/{survey_call}/giving-back": act(only(FRONT_DESK, 404)),
    "/surveys/{wave}/people": page(knows_the_segment),
    "/surveys/{wave}/people/plan": act(edits_the_segment),
    "/surveys/{wave}/people/draw": act(edits_the_segment),
    "/asking-rules": page(administrators, administrators),
    "/segments": page(knows_segments),
    "/segments/new": page(administrators, administrators),
    "/segments/{segment}": page(knows_the_segment),
    "/segments/{segment}/rule": page(edits_the_segment, edits_the_segment),
    "/segments/{segment}/description": act(edits_the_segment),
    "/segments/{segment}/publication": act(edits_the_segment),
    "/segments/{segment}/discarding": act(edits_the_segment),
    "/segments/{segment}/withdrawal": act(edits_the_segment),
    "/segments/{segment}/place": act(edits_the_segment),
    "/segments/{segment}/versions/1/again": act(edits_the_segment),
    "/segments/{segment}/customers": page(sees_its_customers),
    "/segments/{segment}/customers.xlsx": act(exports_its_customers),
    "/customers/new": page(front_desk, front_desk),
    "/customers/{customer}/needs": page(sees, sees),
    "/visits": page(signed_in),
    "/visits/new": page(signed_in, signed_in),
    "/visits/follow-ups": page(signed_in),
    "/visits/{visit}": page(sees),
    "/visits/{visit}/plan.pdf": page(sees),
    "/visits/{visit}/feedback": act(serves),
    "/visits/{visit}/agenda/{agenda_item}/removal": act(serves),
    "/call-backs": page(signed_in),
    "/call-backs/{call_back}": page(sees),
    "/call-backs/{call_back}/number": act(sees),
    "/exports": page(only(EVERYTHING), only(EVERYTHING)),
    "/contacts": page(signed_in),
    "/contacts/plans": page(signed_in),
    "/contacts/plans/{series}": page(plans_it, plans_it),
    "/contacts/plans/{series}/end": act(plans_it),
    "/contacts/{contact}": page(sees),
    "/needs": page(front_desk),
    "/needs/{need}/end": act(sees),
    "/handbook": page(signed_in),
    "/handbook/new": page(signed_in, signed_in),
    "/handbook/import": page(signed_in, signed_in),
    "/handbook/worklist": page(only(EVERYTHING)),
    "/handbook/first-contacts": page(signed_in),
    "/handbook/{article}": page(signed_in),
    "/handbook/{article}/edit": page(changes_the_article, changes_the_article),
    "/handbook/{article}/versions": page(signed_in),
    "/handbook/{article}/files/{article_file}/removal": act(changes_the_article),
    "/handbook/files/{article_file}": page(signed_in),
    "/handbook/files/{article_file}/thumbnail": page(signed_in),
    "/handbook/files/{article_file}/preview": page(signed_in),
    "/knowledge": page(signed_in),
    "/knowledge/new": page(signed_in, signed_in),
    "/knowledge/worklist": page(only(EVERYTHING)),
    "/knowledge/{knowledge}": page(sees),
    "/customers/{customer}/knowledge": page(sees, sees),
    "/customers/duplicates": page(front_desk),
    "/customers/duplicates/decision": act(front_desk, answers=(404,)),
    "/customers/{customer}/consents": page(undoes_a_merge, undoes_a_merge),
    "/customers/{customer}/contact-people/1/left": act(undoes_a_merge, answers=(404,)),
}  # fmt: skip

# Every registered act (guixin/desks/acts.py), by the address of its noun.
ACTS = {
    "/cases/{case}/replies": serves,
    "/cases/{case}/notes": sees,
    "/cases/{case}/waiting": serves,
    "/cases/{case}/snooze": owns_the_case,
    "/cases/{case}/waking": owns_the_case,
    "/cases/{case}/customer-words": serves,
    "/cases/{case}/routings": serves,
    "/cases/{case}/owner": serves,
    "/cases/{case}/escalations": sees,
    "/cases/{case}/closing": serves,
    "/cases/{case}/reopening": serves,
    "/cases/{case}/details": serves,
    "/cases/{case}/merging": serves,
    "/cases/{case}/links": serves,
    "/cases/{case}/splits": serves,
    "/cases/{case}/goodwill": serves,
    "/cases/{case}/price": serves,
    "/goodwill/{goodwill}/taking-back": serves,
    "/goodwill/{goodwill}/handing-over": serves,
    "/cases/{case}/recovery": serves,
    "/recoveries/{recovery}/steps": serves,
    "/recoveries/{recovery}/fault": serves,
    "/recoveries/{recovery}/skipped": serves,
    "/recoveries/{recovery}/finish": serves,
    "/recoveries/{recovery}/giving-up": serves,
    "/recovery-steps/{recovery_step}/done": serves,
    "/recovery-steps/{recovery_gift}/promise": serves,
    "/recovery-steps/{recovery_step}/owner": serves,
    "/recovery-steps/{recovery_step}/leaving-out": serves,
    "/proposals/{proposal}/acceptance": answers_the_proposal,
    "/proposals/{proposal}/trial": answers_the_proposal,
    "/proposals/{proposal}/refusal": answers_the_proposal,
    "/proposals/{proposal}/withdrawal": proposed_it,
    "/statements/{statement}/saying": states,
    "/cases/{case}/emergency": takes_the_path,
    "/cases/{case}/experts": sees,
    "/problems/{problem}/conclusion": concludes,
    "/problems/{problem}/passing-on": concludes,
    "/problems/{problem}/withdrawal": asked_the_expert,
    "/problems/{problem}/handbook": sees,
    "/emergencies/{emergency}/in-hand": serves,
    "/emergencies/{emergency}/review": reviews,
    "/surges/{surge}/acknowledgement": acknowledges,
    "/cases/{case}/classification": serves,
    "/requests/{request}/approval": answers_the_request,
    "/requests/{request}/refusal": answers_the_request,
    "/requests/{request}/words": sees_the_request,
    "/requests/{request}/withdrawal": asked_it,
    "/cases/{case}/attachments": sees,
    "/follow-ups/{follow_up}/outcome": serves,
    "/follow-ups/{follow_up}/questionnaire": serves,
    "/tasks/{task}/acceptance": handles,
    "/tasks/{task}/results": handles,
    "/tasks/{task}/questions": handles,
    "/tasks/{task}/transfer": handles,
    "/tasks/{task}/sending-back": handles,
    "/tasks/{task}/withdrawal": serves,
    "/questions/{question}/answers": serves,
    "/clocks/{clock}/extensions": asks_for_time,
    "/extensions/{extension}/decision": decides,
    "/escalations/{escalation}/taking-over": answers_it,
    "/escalations/{escalation}/instruction": answers_it,
    "/escalations/{escalation}/reassignment": answers_it,
    "/escalations/{escalation}/silence": answers_it,
    "/escalations/{escalation}/acting": answers_it,
    "/customers/{customer}/record": keeps_the_record,
    "/customers/{customer}/identities": keeps_the_record,
    "/customers/{customer}/merging": keeps_the_record,
    "/customers/{customer}/splitting": keeps_the_record,
    "/customers/{customer}/needs": sees,
    "/customers/{customer}/contact-people": keeps_the_record,
    "/customers/{customer}/contacts": sees,
    "/customers/{customer}/planned-contacts": sees,
    "/customers/{customer}/contact-series": sees,
    "/visits/{visit}/approval": serves,
    "/visits/{visit}/log": serves,
    "/visits/{visit}/agenda": serves,
    "/visits/{visit}/grade": serves,
    "/visits/{visit}/decline": serves,
    "/visits/{visit}/change": serves,
    "/visits/{visit}/date": serves,
    "/visits/{visit}/cancelling": serves,
    "/visits/{visit}/again": serves,
    "/call-backs/{call_back}/taking": sees,
    "/call-backs/{call_back}/outcome": sees,
    "/call-backs/{call_back}/no-answer": sees,
    "/call-backs/{call_back}/giving-back": sees,
    "/contacts/{contact}/making": sees,
    "/contacts/{contact}/moving": sees,
    "/contacts/{contact}/cancelling": sees,
    "/contacts/{contact}/needs": sees,
    "/handbook/{article}/publication": only(EVERYTHING),
    "/handbook/{article}/review": changes_the_article,
    "/handbook/{article}/prevention": signed_in,
    "/handbook/{article}/teaching": changes_the_article,
    "/handbook/{article}/attachments": changes_the_article,
    "/handbook/{article}/owner": changes_the_article,
    "/handbook/{article}/withdrawal": changes_the_article,
    "/handbook/{article}/votes": signed_in,
    "/contacts/{contact}/knowledge": sees,
    "/customers/{customer}/knowledge": sees,
    "/knowledge/{knowledge}/reading": must_read_it,
    "/knowledge/{knowledge}/judging": keeps_knowledge,
    "/knowledge/{knowledge}/judging-again": keeps_knowledge,
    "/knowledge/{knowledge}/topic": keeps_knowledge,
    "/knowledge/{knowledge}/review": keeps_knowledge,
    "/knowledge/{knowledge}/ending": keeps_knowledge,
    "/knowledge/{knowledge}/uses": sees,
    "/knowledge/{knowledge}/sharing": wrote_it_down,
    "/knowledge/{knowledge}/revision": wrote_it_down,
}

# -- customers without an account ---------------------------------------------------------------------------------------

PUBLIC = {
    "/call-me": page(everybody, everybody),
    "/call-me/{call_token}": page(link),
    "/call-me/{call_token}/window": act(link),
    "/call-me/{call_token}/cancelling": act(link),
    "/visit-us": page(everybody, everybody),
    "/complain": page(everybody, everybody),
    "/complain/{place}": page(everybody, everybody),
    "/request-service": page(everybody),
    "/request-service/sheet": page(everybody, everybody),
    "/track": page(everybody, everybody),
    "/standards": page(everybody),
    "/answers": page(everybody),
    "/answers/{article}": page(everybody),
    "/answers/{article}/votes": act(everybody),
    "/answers/files/{article_file}": page(everybody),
    "/answers/files/{article_file}/thumbnail": page(everybody),
    "/answers/files/{article_file}/preview": page(everybody),
    "/track/{case}/{token}": page(link),
    "/track/{case}/{token}/additions": act(link),
    "/track/{case}/{token}/urging": act(link),
    "/track/{case}/{token}/confirmation": act(link),
    "/track/{case}/{token}/objection": act(link),
    "/track/{case}/{token}/visit/cancelling": act(link),
    "/track/{case}/{token}/visit/again": act(link),
    "/track/{case}/{token}/visit/feedback": act(link),
    "/track/{case}/{token}/attachments": act(link),
    "/track/{case}/{token}/attachments/{attachment}": page(link),
    "/track/{case}/{token}/attachments/{attachment}/thumbnail": page(link),
    "/track/{case}/{token}/attachments/{attachment}/preview": page(link),
}

# -- set-up ------------------------------------------------------------------------------------------------------------

SETTINGS = {
    "/admin/departments": page(administrators, administrators),
    "/admin/departments/{department}": page(administrators, administrators),
    "/admin/departments/{department}/positions": act(administrators),
    "/admin/departments/{department}/closing": act(administrators),
    "/admin/departments/{department}/opening": act(administrators),
    "/admin/positions/{position}": page(administrators, administrators),
    "/admin/ladder": page(administrators),
    "/admin/people": page(administrators),
    "/admin/people/new": page(administrators, administrators),
    "/admin/people/{person}": page(administrators, administrators),
    "/admin/people/{person}/posts": act(administrators),
    "/admin/people/{person}/link": act(administrators),
    "/admin/people/{person}/locking": act(administrators),
    "/admin/posts/{post}/end": act(administrators),
    "/admin/calendars": page(administrators, administrators),
    "/admin/calendars/{calendar}": page(administrators, administrators),
    "/admin/holidays": page(administrators, administrators),
    "/admin/holidays/CN/2027": page(administrators),
    "/admin/holidays/CN/2027/2": page(administrators),
    "/admin/holidays/CN/2027/proposal": act(administrators),
    "/admin/holidays/CN/2027/days": act(administrators),
    "/admin/holidays/CN/2027/undo": act(administrators, answers=(404,)),
    "/admin/api-keys": page(administrators, administrators),
    "/admin/api-keys/{api_key}/revoking": act(administrators),
    "/admin/mailboxes": page(administrators),
    "/admin/mailboxes/new": page(administrators, administrators),
    "/admin/mailboxes/{mailbox}": page(administrators, administrators),
    "/admin/mailboxes/{mailbox}/test": act(administrators),
    "/admin/mailboxes/{mailbox}/switch": act(administrators),
    "/admin/robots": page(administrators, administrators),
    "/admin/robots/new": page(administrators, administrators),
    "/admin/robots/{robot}": page(administrators, administrators),
    "/admin/robots/{robot}/test": act(administrators),
    "/admin/robots/{robot}/ending": act(administrators),
    "/admin/webhooks": page(administrators, administrators),
    "/admin/webhooks/{webhook}": page(administrators, administrators),
    "/admin/webhooks/{webhook}/secret": act(administrators),
    "/admin/webhooks/{webhook}/switch": act(administrators),
    "/admin/webhooks/{webhook}/ending": act(administrators),
    "/admin/webhooks/{webhook}/test": act(administrators),
    "/admin/webhooks/{webhook}/deliveries/{delivery}/replay": act(administrators),
    "/admin/standards": page(administrators),
    "/admin/standards/new": page(administrators, administrators),
    "/admin/standards/reply": page(administrators),
    "/admin/standards/reply/edit": page(administrators, administrators),
    "/admin/standards/reply/withdrawal": act(administrators),
    "/admin/standards/reply/versions/1/again": act(administrators),
    "/admin/standards/reply/withdrawal-trial": act(administrators),
    "/admin/simulations/{trial}": page(administrators),
    "/admin/simulations/{trial}/cases": page(administrators),
    "/admin/simulations/{trial}/again": act(administrators),
    "/admin/authority": page(administrators),
    "/admin/authority/begin": act(administrators),
    "/admin/authority/discard": act(administrators),
    "/admin/authority/publication": act(administrators),
    "/admin/authority/lines/new": page(administrators, administrators),
    "/admin/authority/lines/{grant}": page(administrators, administrators),
    "/admin/authority/lines/{grant}/removal": act(administrators),
    "/admin/rules": page(administrators),
    "/admin/rules/draft": page(administrators),
    "/admin/rules/draft/begin": act(administrators),
    "/admin/rules/draft/new": page(administrators, administrators),
    "/admin/rules/draft/back": act(administrators),
    "/admin/rules/draft/discard": act(administrators),
    "/admin/rules/draft/trial": page(administrators),
    "/admin/rules/draft/publication": act(administrators),
    "/admin/rules/draft/rule/quality": page(administrators, administrators),
    "/admin/rules/draft/rule/quality/earlier": act(administrators),
    "/admin/terms": page(administrators, administrators),
    "/admin/terms/{term}": page(administrators, administrators),
    "/admin/terms/{term}/retiring": act(administrators),
    "/admin/visit-rules": page(administrators, administrators),
    "/admin/recovery-rules": page(administrators),
    "/admin/recovery-rules/new": page(administrators, administrators),
    "/admin/recovery-rules/sorry": page(administrators, administrators),
    "/admin/skills": page(administrators),
    "/admin/skills/new": page(administrators, administrators),
    "/admin/skills/sewing": page(administrators, administrators),
    "/admin/forms": page(administrators),
    "/admin/forms/new": page(administrators, administrators),
    "/admin/forms/sheet": page(administrators, administrators),
    "/admin/forms/sheet/fields/new": page(administrators, administrators),
    "/admin/forms/sheet/fields/machine": page(administrators, administrators),
    "/admin/forms/sheet/fields/machine/down": act(administrators),
    "/admin/forms/sheet/withdrawal": act(administrators),
    "/admin/attributes": page(administrators),
    "/admin/attributes/new": page(administrators, administrators),
    "/admin/attributes/shops": page(administrators, administrators),
    "/admin/attributes/shops/withdrawal": act(administrators),
    "/admin/consents": page(administrators, administrators),
    "/admin/templates": page(administrators),
    "/admin/templates/new": page(administrators, administrators),
    "/admin/templates/sorry": page(administrators, administrators),
    "/admin/templates/sorry/withdrawal": act(administrators),
    "/admin/templates/sorry/again": act(administrators),
    "/admin/policy": page(administrators, administrators),
    "/admin/policy/back/never": act(administrators),
    "/admin/call-backs": page(administrators),
    "/admin/call-backs/new": page(administrators, administrators),
    "/admin/call-backs/{call_line}": page(administrators, administrators),
    "/admin/places": page(administrators),
    "/admin/places/new": page(administrators, administrators),
    "/admin/places/cards": page(administrators),
    "/admin/places/cards.pdf": page(administrators),
    "/admin/places/{place}/answers": page(administrators),
    "/admin/places/{place}": page(administrators, administrators),
    "/admin/places/{place}/qr.svg": page(administrators),
    "/admin/places/{place}/closing": act(administrators),
    "/admin/grading": page(administrators, administrators),
    "/admin/grading/publishing": act(administrators),
    "/admin/grading/dropping": act(administrators),
    "/admin/rates": page(administrators, administrators),
    "/admin/imports": page(administrators, administrators),
    "/admin/imports/template/cases.xlsx": page(administrators),
    "/admin/imports/{done_import}": page(administrators),
    "/admin/imports/{import}/columns": page(administrators, administrators),
    "/admin/imports/{done_import}/result": page(administrators),
    "/admin/imports/{done_import}/again": act(administrators),
    "/admin/imports/{done_import}/repair": act(administrators),
    "/admin/ledger": page(auditors),
    "/admin/": page(administrators),
}

# -- the API: the scope of the key, then what its person may do with the thing -------------------------------------------


@dataclass(frozen=True)
class Operation:
    scope: str | None  # None: public
    acts: Who = signed_in


def of_cases(acts: Who) -> Operation:
    return Operation("cases:write", acts)


def reads(acts: Who = signed_in, scope: str = "cases:read") -> Operation:
    return Operation(scope, acts)


API_PAGES = {
    "/api/docs": page(everybody),
    "/api/openapi.json": page(everybody),
    "/api/": page(only(set(), 404), only(set(), 404)),  # only the name of the root, for reversing
    "/api/nowhere": page(only(set(), 404), only(set(), 404)),
}

API = {
    ("POST", "/cases"): of_cases(signed_in),
    ("GET", "/cases"): reads(),
    ("GET", "/cases/{case}"): reads(sees),
    ("PATCH", "/cases/{case}"): of_cases(serves),
    ("GET", "/cases/{case}/entries"): reads(sees),
    ("POST", "/cases/{case}/replies"): of_cases(serves),
    ("DELETE", "/cases/{case}/replies/{held}"): of_cases(sent_it_by_case),
    ("POST", "/cases/{case}/notes"): of_cases(sees),
    ("POST", "/cases/{case}/waiting"): of_cases(serves),
    ("DELETE", "/cases/{case}/waiting"): of_cases(serves),
    ("POST", "/cases/{case}/snooze"): of_cases(owns_the_case),
    ("DELETE", "/cases/{case}/snooze"): of_cases(owns_the_case),
    ("POST", "/cases/{case}/routing"): of_cases(serves),
    ("POST", "/cases/{case}/owner"): of_cases(serves),
    ("POST", "/cases/{case}/escalations"): of_cases(sees),
    ("POST", "/cases/{case}/closing"): of_cases(serves),
    ("DELETE", "/cases/{case}/closing"): of_cases(serves),
    ("POST", "/cases/{case}/follow-up"): of_cases(serves),
    ("POST", "/cases/{case}/follow-up/call"): of_cases(serves),
    ("POST", "/cases/{case}/merge"): of_cases(serves),
    ("POST", "/cases/{case}/links"): of_cases(serves),
    ("POST", "/cases/{case}/split"): of_cases(serves),
    ("GET", "/cases/{case}/attachments"): reads(sees),
    ("POST", "/cases/{case}/attachments"): of_cases(sees),
    ("GET", "/tasks"): reads(),
    ("GET", "/tasks/{task}"): reads(sees),
    ("DELETE", "/tasks/{task}"): of_cases(serves),
    ("POST", "/tasks/{task}/acceptance"): of_cases(handles),
    ("POST", "/tasks/{task}/questions"): of_cases(handles),
    ("POST", "/tasks/{task}/questions/{question}/answer"): of_cases(serves),
    ("POST", "/tasks/{task}/result"): of_cases(handles),
    ("POST", "/tasks/{task}/transfer"): of_cases(handles),
    ("POST", "/tasks/{task}/sending-back"): of_cases(handles),
    ("GET", "/tasks/{task}/attachments"): reads(sees),
    ("POST", "/tasks/{task}/attachments"): of_cases(handles),
    ("GET", "/attachments/{attachment}"): reads(sees),
    ("POST", "/clocks/{clock}/extension"): of_cases(asks_for_time),
    ("POST", "/extensions/{extension}/decision"): of_cases(decides),
    ("POST", "/escalations/{escalation}/act"): of_cases(answers_it),
    ("POST", "/escalations/{escalation}/taking-over"): of_cases(answers_it),
    ("POST", "/escalations/{escalation}/instruction"): of_cases(answers_it),
    ("POST", "/escalations/{escalation}/reassignment"): of_cases(answers_it),
    ("POST", "/escalations/{escalation}/silence"): of_cases(answers_it),
    ("GET", "/authority"): reads(),
    ("GET", "/authority/mine"): reads(),
    ("GET", "/authority/uses"): reads(),
    ("POST", "/authority/lendings"): of_cases(signed_in),
    ("DELETE", "/authority/lendings/{lending}"): of_cases(mine),
    ("GET", "/proposals"): reads(),
    ("POST", "/proposals"): of_cases(signed_in),
    ("GET", "/proposals/{proposal}"): reads(),
    ("POST", "/proposals/{proposal}/trial"): of_cases(answers_the_proposal),
    ("POST", "/proposals/{proposal}/acceptance"): of_cases(answers_the_proposal),
    ("POST", "/proposals/{proposal}/refusal"): of_cases(answers_the_proposal),
    ("DELETE", "/proposals/{proposal}"): of_cases(proposed_it),
    ("GET", "/statements"): reads(),
    ("POST", "/statements/{statement}/saying"): of_cases(states),
    ("GET", "/problems"): reads(),
    ("POST", "/cases/{case}/problems"): of_cases(sees),
    ("POST", "/cases/{case}/spared-experts"): of_cases(sees),
    ("GET", "/problems/{problem}"): reads(sees),
    ("POST", "/problems/{problem}/conclusion"): of_cases(concludes),
    ("POST", "/problems/{problem}/passing-on"): of_cases(concludes),
    ("POST", "/problems/{problem}/withdrawal"): of_cases(asked_the_expert),
    ("POST", "/problems/{problem}/handbook"): of_cases(sees),
    ("GET", "/skills"): reads(scope="organisation:read"),
    ("PUT", "/skills/sewing"): Operation("organisation:write", administrators),
    ("GET", "/forms"): reads(),
    ("POST", "/forms"): Operation("standards:write", administrators),
    ("GET", "/forms/sheet"): reads(),
    ("PUT", "/forms/sheet"): Operation("standards:write", administrators),
    ("PUT", "/forms/sheet/draft"): Operation("standards:write", administrators),
    ("POST", "/forms/sheet/publication"): Operation("standards:write", administrators),
    ("PUT", "/forms/sheet/withdrawal"): Operation("standards:write", administrators),
    ("DELETE", "/forms/sheet/withdrawal"): Operation("standards:write", administrators),
    ("GET", "/cases/{case}/form"): reads(sees),
    ("PUT", "/cases/{case}/form"): of_cases(sees),
    ("POST", "/cases/{case}/form/reveal"): Operation("customers:reveal", sees),
    ("GET", "/terms"): reads(),
    ("POST", "/terms"): Operation("organisation:write", administrators),
    ("PATCH", "/terms/{term}"): Operation("organisation:write", administrators),
    ("GET", "/cases/{case}/suggestions"): reads(sees),
    ("GET", "/cases/{case}/classification"): reads(sees),
    ("PUT", "/cases/{case}/classification"): of_cases(serves),
    ("GET", "/classification"): reads(overseers_by_api),
    ("GET", "/causes"): reads(overseers_by_api),
    ("GET", "/causes/cases"): reads(overseers_by_api),
    ("GET", "/surges"): reads(),
    ("GET", "/surges/{surge}"): reads(sees_the_surge),
    ("POST", "/surges/{surge}/acknowledgement"): of_cases(acknowledges),
    ("GET", "/emergencies"): reads(),
    ("GET", "/emergencies/{emergency}"): reads(sees),
    ("POST", "/cases/{case}/emergency"): of_cases(takes_the_path),
    ("POST", "/emergencies/{emergency}/in-hand"): of_cases(serves),
    ("POST", "/emergencies/{emergency}/review"): of_cases(reviews),
    ("GET", "/handovers"): reads(),
    ("GET", "/handovers/{handler}"): reads(hands_over),
    ("POST", "/handovers/{handler}"): of_cases(hands_over),
    ("GET", "/bulk/{change}"): reads(mine_or_everything),
    ("POST", "/bulk/{change}/undoing"): of_cases(mine_or_everything),
    ("GET", "/compensations"): reads(),
    ("GET", "/compensations/reconciliation"): reads(front_desk),
    ("POST", "/compensations/file"): Operation("cases:read", signed_in),
    ("GET", "/recoveries"): reads(),
    ("GET", "/recoveries/effect"): reads(overseers_by_api),
    ("POST", "/recoveries/effect"): of_cases(overseers_by_api),
    ("POST", "/cases/{case}/recovery"): of_cases(serves),
    ("GET", "/recoveries/{recovery}"): reads(sees),
    ("PUT", "/recoveries/{recovery}/fault"): of_cases(serves),
    ("POST", "/recoveries/{recovery}/steps"): of_cases(serves),
    ("POST", "/recoveries/{recovery}/skipped"): of_cases(serves),
    ("POST", "/recoveries/{recovery}/finish"): of_cases(serves),
    ("POST", "/recoveries/{recovery}/giving-up"): of_cases(serves),
    ("POST", "/recovery-steps/{recovery_step}/done"): of_cases(serves),
    ("POST", "/recovery-steps/{recovery_gift}/promise"): of_cases(serves),
    ("PUT", "/recovery-steps/{recovery_step}/owner"): of_cases(serves),
    ("POST", "/recovery-steps/{recovery_step}/leaving-out"): of_cases(serves),
    ("GET", "/recovery-rules"): reads(),
    ("PUT", "/recovery-rules/sorry"): Operation("organisation:write", administrators),
    ("GET", "/requests"): reads(),
    ("GET", "/requests/{request}"): reads(sees_the_request),
    ("POST", "/requests/{request}/approval"): of_cases(answers_the_request),
    ("POST", "/requests/{request}/refusal"): of_cases(answers_the_request),
    ("POST", "/requests/{request}/words"): of_cases(sees_the_request),
    ("DELETE", "/requests/{request}"): of_cases(asked_it),
    ("POST", "/cases/{case}/goodwill"): of_cases(serves),
    ("PUT", "/cases/{case}/price"): of_cases(serves),
    ("DELETE", "/cases/{case}/goodwill/{goodwill}"): of_cases(serves),
    ("POST", "/goodwill/{goodwill}/handing-over"): of_cases(serves),
    ("GET", "/customers"): reads(scope="customers:read"),
    ("POST", "/customers"): of_cases(front_desk),
    ("GET", "/customers/{customer}"): reads(sees, scope="customers:read"),
    ("POST", "/customers/{customer}/reveal"): Operation("customers:reveal", sees),
    ("POST", "/customers/{customer}/data"): Operation("customers:reveal", hands_out),
    ("GET", "/lifecycle"): reads(front_desk, scope="customers:read"),
    ("GET", "/motives"): reads(front_desk, scope="customers:read"),
    ("GET", "/questionnaires"): reads(scope="customers:read"),
    ("POST", "/questionnaires"): Operation("standards:write", administrators),
    ("GET", "/questionnaires/{questionnaire}"): reads(knows_the_segment, scope="customers:read"),
    ("PUT", "/questionnaires/{questionnaire}"): Operation("standards:write", edits_the_segment),
    ("PUT", "/questionnaires/{questionnaire}/draft"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/questionnaires/{questionnaire}/draft"): Operation("standards:write", edits_the_segment),
    ("POST", "/questionnaires/{questionnaire}/publication"): Operation("standards:write", edits_the_segment),
    ("PUT", "/questionnaires/{questionnaire}/withdrawal"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/questionnaires/{questionnaire}/withdrawal"): Operation("standards:write", edits_the_segment),
    ("GET", "/waves"): reads(scope="customers:read"),
    ("POST", "/waves"): Operation("standards:write", administrators),
    ("GET", "/waves/{wave}"): reads(knows_the_segment, scope="customers:read"),
    ("PUT", "/waves/{wave}"): Operation("standards:write", edits_the_segment),
    ("PUT", "/waves/{wave}/closing"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/waves/{wave}/closing"): Operation("standards:write", edits_the_segment),
    ("POST", "/waves/{wave}/invitations"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/waves/{wave}/invitations"): Operation("standards:write", edits_the_segment),
    ("POST", "/waves/{wave}/responses"): Operation("standards:write", edits_the_segment),
    ("GET", "/waves/{wave}/results"): reads(knows_the_segment, scope="customers:read"),
    ("GET", "/waves/{wave}/sample"): reads(knows_the_segment, scope="customers:read"),
    ("PUT", "/waves/{wave}/sample"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/waves/{wave}/sample"): Operation("standards:write", edits_the_segment),
    ("PUT", "/waves/{wave}/sample/drawing"): Operation("standards:write", edits_the_segment),
    ("PUT", "/waves/{wave}/sample/stop"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/waves/{wave}/sample/stop"): Operation("standards:write", edits_the_segment),
    ("GET", "/wave-plans"): reads(scope="customers:read"),
    ("POST", "/wave-plans"): Operation("standards:write", administrators),
    ("GET", "/wave-plans/{wave_plan}"): reads(knows_the_segment, scope="customers:read"),
    ("PUT", "/wave-plans/{wave_plan}"): Operation("standards:write", edits_the_segment),
    ("PUT", "/wave-plans/{wave_plan}/stop"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/wave-plans/{wave_plan}/stop"): Operation("standards:write", edits_the_segment),
    ("GET", "/wave-plans/{wave_plan}/preview"): reads(knows_the_segment, scope="customers:read"),
    ("GET", "/asking-rules"): reads(administrators, scope="customers:read"),
    ("PUT", "/asking-rules"): Operation("standards:write", administrators),
    ("GET", "/waves/{wave}/calls"): reads(sees_its_customers, scope="customers:read"),
    ("POST", "/waves/{wave}/calls"): Operation("cases:write", sees_its_customers),
    ("DELETE", "/waves/{wave}/calls/{survey_call}"): Operation("cases:write", sees_its_customers),
    ("POST", "/waves/{wave}/calls/{survey_call}/answers"): Operation("cases:write", sees_its_customers),
    ("POST", "/waves/{wave}/calls/{survey_call}/outcome"): Operation("cases:write", sees_its_customers),
    ("GET", "/waves/{wave}/places"): reads(knows_the_segment, scope="customers:read"),
    ("PUT", "/waves/{wave}/places/{place}"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/waves/{wave}/places/{place}"): Operation("standards:write", edits_the_segment),
    ("GET", "/waves/{wave}/short-plank"): reads(knows_the_segment, scope="customers:read"),
    ("GET", "/waves/{wave}/five-gaps"): reads(knows_the_segment, scope="customers:read"),
    ("GET", "/waves/{wave}/groups"): reads(knows_the_segment, scope="customers:read"),
    ("GET", "/waves/{wave}/responses"): reads(knows_the_segment, scope="customers:read"),
    ("POST", "/waves/{wave}/export"): Operation("customers:reveal", edits_the_segment),
    ("GET", "/waves/{wave}/sharing"): reads(knows_the_segment, scope="customers:read"),
    ("POST", "/waves/{wave}/sharing"): Operation("standards:write", edits_the_segment),
    ("GET", "/waves/{wave}/departments/quality"): reads(knows_the_segment, scope="customers:read"),
    ("GET", "/waves/{wave}/themes"): reads(knows_the_segment, scope="customers:read"),
    ("GET", "/waves/{wave}/themes/{theme}/answers"): reads(knows_the_segment, scope="customers:read"),
    ("GET", "/waves/{wave}/questions/{open_question}/others"): reads(knows_the_segment, scope="customers:read"),
    ("PUT", "/waves/{wave}/themes/{theme}"): Operation("standards:write", edits_the_segment),
    ("POST", "/waves/{wave}/themes/{theme}/merging"): Operation("standards:write", edits_the_segment),
    ("PUT", "/waves/{wave}/open-answers/{open_answer}"): Operation("standards:write", edits_the_segment),
    ("GET", "/price-studies"): reads(scope="customers:read"),
    ("POST", "/price-studies"): Operation("standards:write", administrators),
    ("GET", "/price-studies/{study}"): reads(knows_the_segment, scope="customers:read"),
    ("PATCH", "/price-studies/{study}"): Operation("standards:write", edits_the_segment),
    ("POST", "/price-studies/{study}/closing"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/price-studies/{study}/closing"): Operation("standards:write", edits_the_segment),
    ("GET", "/price-studies/{study}/results"): reads(knows_the_segment, scope="customers:read"),
    ("GET", "/price-studies/{study}/answers"): reads(knows_the_segment, scope="customers:read"),
    ("POST", "/price-studies/{study}/answers"): of_cases(knows_the_segment),
    ("POST", "/price-studies/{study}/answers/{answer}/striking"): Operation("standards:write", edits_the_segment),
    ("POST", "/price-studies/{study}/sales"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/price-studies/{study}/sales/{sale}"): Operation("standards:write", edits_the_segment),
    ("GET", "/segment-facts"): reads(scope="customers:read"),
    ("GET", "/segments"): reads(scope="customers:read"),
    ("POST", "/segments"): Operation("standards:write", administrators),
    ("GET", "/segments/{segment}"): reads(knows_the_segment, scope="customers:read"),
    ("PATCH", "/segments/{segment}"): Operation("standards:write", edits_the_segment),
    ("POST", "/segments/{segment}/preview"): reads(knows_the_segment, scope="customers:read"),
    ("POST", "/segments/{segment}/draft"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/segments/{segment}/draft"): Operation("standards:write", edits_the_segment),
    ("POST", "/segments/{segment}/publication"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/segments/{segment}/publication"): Operation("standards:write", edits_the_segment),
    ("POST", "/segments/{segment}/place"): Operation("standards:write", edits_the_segment),
    ("GET", "/segments/{segment}/customers"): reads(sees_its_customers, scope="customers:read"),
    ("GET", "/call-back-lines"): reads(),
    ("PUT", "/call-back-lines/{call_line}"): Operation("organisation:write", administrators),
    ("GET", "/call-back-lines/{call_line}/windows"): reads(),
    ("GET", "/visit-rules"): reads(),
    ("PUT", "/visit-rules"): Operation("organisation:write", administrators),
    ("POST", "/visit-rules/trial"): Operation("organisation:write", administrators),
    ("GET", "/visits"): reads(),
    ("GET", "/visits/follow-ups"): reads(),
    ("POST", "/visits"): of_cases(signed_in),
    ("GET", "/visits/{visit}"): reads(sees),
    ("PATCH", "/visits/{visit}"): of_cases(serves),
    ("POST", "/visits/{visit}/grade"): of_cases(serves),
    ("POST", "/visits/{visit}/approval"): of_cases(serves),
    ("POST", "/visits/{visit}/refusal"): of_cases(serves),
    ("POST", "/visits/{visit}/date"): of_cases(serves),
    ("POST", "/visits/{visit}/cancelling"): of_cases(serves),
    ("POST", "/visits/{visit}/again"): of_cases(serves),
    ("POST", "/visits/{visit}/agenda"): of_cases(serves),
    ("POST", "/visits/{visit}/log"): of_cases(serves),
    ("POST", "/visits/{visit}/feedback-link"): of_cases(serves),
    ("DELETE", "/visits/{visit}/agenda/{agenda_item}"): of_cases(serves),
    ("GET", "/call-backs"): reads(),
    ("POST", "/call-backs"): of_cases(signed_in),
    ("GET", "/call-backs/{call_back}"): reads(sees),
    ("POST", "/call-backs/{call_back}/window"): of_cases(sees),
    ("POST", "/call-backs/{call_back}/cancelling"): of_cases(sees),
    ("POST", "/call-backs/{call_back}/taking"): of_cases(sees),
    ("DELETE", "/call-backs/{call_back}/taking"): of_cases(sees),
    ("POST", "/call-backs/{call_back}/number"): Operation("customers:reveal", sees),
    ("POST", "/call-backs/{call_back}/outcome"): of_cases(sees),
    ("GET", "/contacts"): reads(scope="customers:read"),
    ("POST", "/contacts"): of_cases(signed_in),
    ("GET", "/contacts/{contact}"): reads(sees, scope="customers:read"),
    ("POST", "/contacts/{contact}/making"): of_cases(sees),
    ("POST", "/contacts/{contact}/moving"): of_cases(sees),
    ("POST", "/contacts/{contact}/cancelling"): of_cases(sees),
    ("POST", "/contact-series"): of_cases(signed_in),
    ("GET", "/contact-series/{series}"): reads(plans_it, scope="customers:read"),
    ("PATCH", "/contact-series/{series}"): of_cases(plans_it),
    ("DELETE", "/contact-series/{series}"): of_cases(plans_it),
    ("GET", "/needs"): reads(front_desk, scope="customers:read"),
    ("GET", "/needs/records"): reads(front_desk, scope="customers:read"),
    ("GET", "/customers/{customer}/needs"): reads(sees, scope="customers:read"),
    ("POST", "/customers/{customer}/needs"): of_cases(sees),
    ("POST", "/needs/{need}/end"): of_cases(sees),
    ("GET", "/articles"): reads(),
    ("POST", "/articles"): of_cases(signed_in),
    ("POST", "/articles/imports"): of_cases(signed_in),
    ("GET", "/articles/questions"): reads(only(EVERYTHING)),
    ("GET", "/articles/files/{article_file}"): reads(),
    ("GET", "/articles/{article}"): reads(),
    ("POST", "/articles/{article}/revision"): of_cases(changes_the_article),
    ("POST", "/articles/{article}/publication"): of_cases(only(EVERYTHING)),
    ("POST", "/articles/{article}/review"): of_cases(changes_the_article),
    ("POST", "/articles/{article}/withdrawal"): of_cases(changes_the_article),
    ("POST", "/articles/{article}/owner"): of_cases(changes_the_article),
    ("POST", "/articles/{article}/votes"): of_cases(signed_in),
    ("POST", "/articles/{article}/cases"): of_cases(signed_in),
    ("POST", "/articles/{article}/files"): of_cases(changes_the_article),
    ("POST", "/cases/answered"): of_cases(front_desk),
    ("GET", "/first-contacts"): reads(),
    ("GET", "/knowledge"): reads(scope="customers:read"),
    ("POST", "/knowledge"): of_cases(signed_in),
    ("GET", "/knowledge/{knowledge}"): reads(sees, scope="customers:read"),
    ("GET", "/knowledge/{knowledge}/readers"): reads(sees, scope="customers:read"),
    ("POST", "/knowledge/{knowledge}/judging"): of_cases(keeps_knowledge),
    ("POST", "/knowledge/{knowledge}/topic"): of_cases(keeps_knowledge),
    ("POST", "/knowledge/{knowledge}/review"): of_cases(keeps_knowledge),
    ("POST", "/knowledge/{knowledge}/revision"): of_cases(wrote_it_down),
    ("POST", "/knowledge/{knowledge}/ending"): of_cases(keeps_knowledge),
    ("POST", "/knowledge/{knowledge}/uses"): of_cases(sees),
    ("POST", "/knowledge/{knowledge}/sharing"): of_cases(wrote_it_down),
    ("POST", "/knowledge/{knowledge}/reading"): of_cases(sees),
    ("GET", "/customers/attributes"): reads(scope="customers:read"),
    ("GET", "/customers/duplicates"): reads(front_desk, scope="customers:read"),
    ("POST", "/customers/records"): of_cases(front_desk),
    ("GET", "/customers/{customer}/record"): reads(sees, scope="customers:read"),
    ("PATCH", "/customers/{customer}/record"): of_cases(keeps_the_record),
    ("POST", "/customers/{customer}/identities"): of_cases(keeps_the_record),
    ("GET", "/customers/{customer}/splitting"): reads(keeps_the_record, scope="customers:read"),
    ("POST", "/customers/{customer}/splitting"): of_cases(keeps_the_record),
    ("GET", "/customers/{customer}/consents"): reads(keeps_the_record, scope="customers:read"),
    ("GET", "/customers/{customer}/consents/news"): reads(sees, scope="customers:read"),
    ("POST", "/customers/{customer}/consents"): of_cases(keeps_the_record),
    ("DELETE", "/customers/{customer}/consents/news"): of_cases(keeps_the_record),
    ("GET", "/customers/{customer}/contact-people"): reads(keeps_the_record, scope="customers:read"),
    ("POST", "/customers/{customer}/contact-people"): of_cases(keeps_the_record),
    ("DELETE", "/customers/{customer}/contact-people/{customer}"): of_cases(keeps_the_record),
    ("POST", "/customers/{customer}/merging"): of_cases(keeps_the_record),
    ("DELETE", "/customers/{customer}/merging/{merge}"): of_cases(keeps_the_record),
    ("POST", "/customers/{customer}/different"): of_cases(keeps_the_record),
    ("GET", "/find"): reads(scope="customers:read"),
    ("POST", "/suggestions"): reads(),
    ("GET", "/track/{case}/{token}"): Operation(None, link),
    ("POST", "/track/{case}/{token}/messages"): Operation(None, link),
    ("POST", "/track/{case}/{token}/urge"): Operation(None, link),
    ("POST", "/track/{case}/{token}/confirmation"): Operation(None, link),
    ("GET", "/departments"): reads(scope="organisation:read"),
    ("GET", "/people"): reads(scope="organisation:read"),
    ("GET", "/positions"): reads(scope="organisation:read"),
    ("GET", "/calendars"): reads(scope="organisation:read"),
    ("POST", "/absences"): Operation("organisation:write", signed_in),
    ("PUT", "/calendars/office/holidays/2027"): Operation("organisation:write", administrators),
    ("GET", "/standards"): reads(scope="standards:read"),
    ("POST", "/standards"): Operation("standards:write", administrators),
    ("DELETE", "/standards/reply"): Operation("standards:write", administrators),
    ("GET", "/grade-rules"): Operation("standards:read", administrators),
    ("GET", "/grade-rules/draft"): Operation("standards:read", administrators),
    ("PATCH", "/grade-rules/draft"): Operation("standards:write", administrators),
    ("DELETE", "/grade-rules/draft"): Operation("standards:write", administrators),
    ("GET", "/grade-rules/draft/preview"): Operation("standards:read", administrators),
    ("POST", "/grade-rules/draft/publication"): Operation("standards:write", administrators),
    ("GET", "/rates"): Operation("standards:read", administrators),
    ("POST", "/rates"): Operation("standards:write", administrators),
    ("POST", "/standards/reply/versions"): Operation("standards:write", administrators),
    ("GET", "/strategies"): reads(scope="standards:read"),
    ("GET", "/strategies/key"): reads(scope="standards:read"),
    ("POST", "/strategies/key"): Operation("standards:write", works_on_a_strategy),
    ("PUT", "/strategies/key/steps/needs"): Operation("standards:write", works_on_a_strategy),
    ("POST", "/strategies/key/steps/needs/finishing"): Operation("standards:write", works_on_a_strategy),
    ("DELETE", "/strategies/key/steps/needs/finishing"): Operation("standards:write", works_on_a_strategy),
    ("POST", "/strategies/key/steps/needs/tasks"): Operation("standards:write", works_on_a_strategy),
    ("POST", "/strategies/key/steps/needs/evidence"): Operation("standards:write", works_on_a_strategy),
    ("POST", "/strategies/key/review"): Operation("standards:write", works_on_a_strategy),
    ("POST", "/strategy-tasks/{strategy_task}/finishing"): Operation("standards:write", works_on_a_strategy),
    ("GET", "/communication-plans"): reads(scope="standards:read"),
    ("GET", "/communication-plans/key"): reads(knows_the_segment, scope="standards:read"),
    ("POST", "/communication-plans/key/forecast"): Operation("standards:write", edits_the_segment),
    ("POST", "/communication-plans/key/versions"): Operation("standards:write", edits_the_segment),
    ("DELETE", "/communication-plans/key"): Operation("standards:write", edits_the_segment),
    ("GET", "/communication-plans/key/messages"): reads(sees_its_customers, scope="customers:read"),
    ("GET", "/communication-messages/{plan_message}"): reads(reads_what_was_told, scope="customers:read"),
    ("POST", "/communication-messages/{plan_message}/replies"): of_cases(reads_what_was_told),
    ("POST", "/communication-messages/{plan_message}/bounce"): of_cases(reads_what_was_told),
    ("GET", "/packages"): reads(scope="standards:read"),
    ("POST", "/packages"): Operation("standards:write", signed_in),
    ("GET", "/packages/{package}"): reads(only(FRONT_DESK | ADMINISTRATORS, 404), scope="standards:read"),
    ("POST", "/packages/{package}/versions"): Operation("standards:write", decides_on_a_segment),
    ("DELETE", "/packages/{package}"): Operation("standards:write", decides_on_a_segment),
    ("GET", "/kept"): reads(overlooks, scope="standards:read"),
    ("GET", "/kept/promises"): reads(overlooks, scope="standards:read"),
    ("GET", "/standards/reply/versions"): reads(scope="standards:read"),
    ("POST", "/standards/reply/trials"): Operation("standards:read", administrators),
    ("GET", "/trials/{trial}"): Operation("standards:read", administrators),
    ("GET", "/trials/{trial}/promises"): Operation("standards:read", administrators),
    ("GET", "/blueprints"): reads(scope="standards:read"),
    ("GET", "/blueprints/{blueprint}"): reads(scope="standards:read"),
    ("POST", "/blueprints/{blueprint}/versions"): Operation("standards:write", administrators),
    ("GET", "/routing-rules"): reads(scope="standards:read"),
    ("POST", "/routing-rules/quality/versions"): Operation("standards:write", administrators),
    ("GET", "/entries"): reads(auditors, scope="ledger:read"),
    ("POST", "/imports"): Operation("imports", administrators),
    ("GET", "/products"): reads(scope="customers:read"),
    ("GET", "/products/{product}"): reads(only(FRONT_DESK, 404), scope="customers:read"),
    ("POST", "/purchases"): Operation("imports", administrators),
    ("GET", "/customers/{customer}/purchases"): Operation("customers:read", sees),
    ("GET", "/customers/{customer}/worth"): Operation("customers:read", sees),
    ("GET", "/customers/{customer}/timeline"): Operation("customers:read", sees),
    ("GET", "/imports"): Operation("imports", administrators),
    ("GET", "/imports/{import}"): Operation("imports", administrators),
    ("GET", "/imports/{import}/lines"): Operation("imports", administrators),
    ("GET", "/imports/{done_import}/result"): Operation("imports", administrators),
    ("GET", "/mail"): reads(),
    ("GET", "/mail/{mail}"): reads(looks_after_mail),
    ("POST", "/mail/{mail}/case"): of_cases(looks_after_mail),
    ("POST", "/mail/{mail}/putting"): of_cases(looks_after_mail),
    ("POST", "/mail/{mail}/discarding"): of_cases(looks_after_mail),
    ("POST", "/mail/{mail}/again"): of_cases(looks_after_mail),
    ("POST", "/mail/{kept_mail}/sender"): of_cases(serves),
    ("GET", "/mailboxes"): Operation("organisation:write", administrators),
    ("POST", "/mailboxes"): Operation("organisation:write", administrators),
    ("GET", "/mailboxes/{mailbox}"): Operation("organisation:write", administrators),
    ("PATCH", "/mailboxes/{mailbox}"): Operation("organisation:write", administrators),
    ("POST", "/mailboxes/{mailbox}/test"): Operation("organisation:write", administrators),
    ("POST", "/exports"): Operation("customers:reveal", only(EVERYTHING)),
    ("GET", "/robots"): Operation("webhooks", administrators),
    ("POST", "/robots"): Operation("webhooks", administrators),
    ("PATCH", "/robots/{robot}"): Operation("webhooks", administrators),
    ("DELETE", "/robots/{robot}"): Operation("webhooks", administrators),
    ("POST", "/robots/{robot}/test"): Operation("webhooks", administrators),
    ("GET", "/notice-wishes"): reads(),
    ("PUT", "/notice-wishes"): of_cases(signed_in),
    ("GET", "/webhooks"): Operation("webhooks", administrators),
    ("POST", "/webhooks"): Operation("webhooks", administrators),
    ("GET", "/webhooks/{webhook}"): Operation("webhooks", administrators),
    ("PATCH", "/webhooks/{webhook}"): Operation("webhooks", administrators),
    ("DELETE", "/webhooks/{webhook}"): Operation("webhooks", administrators),
    ("GET", "/webhooks/{webhook}/deliveries"): Operation("webhooks", administrators),
    ("POST", "/webhooks/{webhook}/replay"): Operation("webhooks", administrators),
}  # fmt: skip

PAGES: dict[str, Address] = {
    **CONSOLE, **{address: act(who) for address, who in ACTS.items()}, **CASES, **PUBLIC, **SETTINGS, **API_PAGES,
}  # fmt: skip

# What a look may write, with the reason. Everything else that a GET changes is a fault.
MAY_CHANGE_BY_LOOKING = {
    "handbook_question": "which words were looked for, without who looked",
    "serve_viewcount": "that somebody has this view before them, so that a worker counts it for them",
    "organisation_apikey": "the day a key was last used",
    "django_session": "a session made for a toast",
}
