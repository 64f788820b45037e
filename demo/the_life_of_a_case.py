"""What becomes of one matter: the desk begins its life, and the other threads follow from it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from demo import photos, their_orders
from demo.ninety_days import COORDINATOR, Planned
from demo.telling import Place, Telling, Thread, days, hours
from guixin.organisation.models import Person
from guixin.promise import extending
from guixin.promise.models import Clock, Escalation
from guixin.serve import (
    closing,
    confirming,
    escalating,
    following_up,
    handling,
    merging,
    replying,
    routing,
    waiting,
)
from guixin.serve.models import Case, FollowUp, Message, OpinionPoint, Task, Visit
from guixin.understand.models import Customer

SEND_BACK_WITHIN = timedelta(minutes=110)  # inside the firm's two hours
LATE_ON_SITE = 0.06


def the_desk(told: Telling, plan: Planned, customers: Sequence[Customer]) -> Thread:
    """Taken in, confirmed, told how far it is. The departments work beside; their results lead to `the_answer`."""
    matter, chance = plan.matter, told.chance
    customer = customers[plan.customer] if plan.customer is not None else None
    product = plan.words["product"] if matter["category"].startswith(("quality", "technology")) else ""
    if product and (line := their_orders.last_order(customer, product, plan.place.at)):
        plan.words = {**plan.words, "order": line.order_key}  # found by its number, where the words have it
    case = plan.case = told.open(
        plan.place, plan.by, departments=matter.get("departments", ()), desk_only=bool(matter.get("desk_only")),
        kind=matter["kind"], category=matter["category"], severity=plan.severity, channel=plan.channel,
        subject=plan.say(chance.choice(matter["subjects"])), story=plan.say(chance.choice(matter["stories"])),
        product=product, customer=customer, **_where_from(told, plan),
    )  # fmt: skip
    if "photo" in plan.turns and matter["category"].startswith("quality"):
        photos.attach_to(case, matter["category"], now=told.now, colour=plan.words["colour"])
    departments_begin(told, plan, case)
    if Clock.objects.of("case", case.pk).filter(measure="on_site").exists():
        late = chance.random() < LATE_ON_SITE
        wait = days(chance.uniform(2.05, 2.6) if late else chance.uniform(0.4, 1.8))
        told.then(wait, _somebody_goes_there, told, case)
    if plan.second and plan.customer is not None:
        told.begin(plan.second.at, _comes_twice(told, plan.second, case, customers[plan.customer]))
    if "urges" in plan.turns and plan.customer is not None:
        told.then(hours(chance.uniform(5, 30)), _urges, told, case)
    owner = told.owner(case)
    late = "late to confirm" in plan.turns or "stuck" in plan.turns
    yield hours(chance.uniform(0.7, 4) if late else chance.uniform(0.05, 0.4))
    if matter.get("desk_only"):
        told.beside(the_answer(told, plan, case))
        return
    if told.is_open(case):
        replying.reply(
            case, "已收到您的反映，正在安排处理，有进展马上告诉您。", by=owner, now=told.now, kind="acknowledgement"
        )  # fmt: skip
    if "stuck" in plan.turns:
        return
    if "waits" in plan.turns:
        yield hours(chance.uniform(0.3, 2))
        if told.is_open(case):
            question = chance.choice(
                ["请告知批号，并拍一张外箱标签。", "请寄回三条样品，我们好复测。", "请确认收货地址。"]
            )
            waiting.wait_for_customer(case, question, by=owner, now=told.now)
            told.then(hours(chance.uniform(3, 22)), _customer_answers, told, case)
    if "by hand" in plan.turns:
        yield hours(1)
        if told.is_open(case):
            escalating.by_hand(case, reason="客户后天装船，今天必须有结论", by=owner, now=told.now)
            told.then(hours(chance.uniform(0.5, 2)), the_authority, told, case)
    yield hours(chance.uniform(2, 5))
    if still_unanswered(case):
        replying.reply(
            case, "相关部门已在处理，预计明天有结果，届时第一时间告诉您。", by=owner, now=told.now, kind="preliminary"
        )  # fmt: skip
    yield hours(chance.uniform(2.5, 4.5))
    if "forgets the deadline" not in plan.turns and still_unanswered(case):
        replying.reply(
            case, "处理意见：先按合格品保证您的生产，原因查清后书面回复，费用由责任方承担。", by=owner, now=told.now
        )  # fmt: skip


def _where_from(told: Telling, plan: Planned) -> dict[str, Any]:
    if plan.channel == "internal":
        asking = told.chance.choice(plan.matter["internal"])
        return {"requested_by_id": told.department(asking).pk}
    if plan.channel == "qr":
        points = list(OpinionPoint.objects.order_by("pk").values_list("pk", flat=True))
        return {"opinion_point_id": told.chance.choice(points) if points else None}
    return {}


def departments_begin(told: Telling, plan: Planned, case: Case) -> bool:
    """Each task nobody looks after yet finds somebody. False: there is none."""
    fresh = [task for task in told.open_tasks(case) if task.pk not in plan.seen]
    plan.seen.update(task.pk for task in fresh)
    if "stuck" not in plan.turns:
        for task in fresh:
            told.beside(the_department(told, plan, task))
    return bool(fresh)


def the_department(told: Telling, plan: Planned, task: Task, *, again: bool = False) -> Thread:
    """Accepted, perhaps asked about, passed on, sent back or extended, and answered."""
    code, chance, turns = task.department.code, told.chance, plan.turns
    turns = frozenset() if again else turns
    yield hours(
        chance.uniform(2.2, 11) if "late to accept" in turns else chance.triangular(0.1, 1.9, 0.5), code
    )
    if not _at_work(task):
        return
    who = told.somebody(code)
    if "sent back" in turns and told.now - task.given_at < SEND_BACK_WITHIN:
        handling.send_back(task, "看内容不属于我部门，请重新分派。", by=who, now=told.now)
        told.then(hours(chance.uniform(0.2, 0.9)), _the_coordinator, told, plan, task)
        return
    task.refresh_from_db()
    if task.handler_id:  # an authority decided who does it
        who = told.cast.by_id[task.handler_id]
    else:
        handling.accept(task, by=who, now=told.now)
    if "late to accept" in turns or "late with the result" in turns:
        told.then(hours(chance.uniform(9, 20), code), the_authority, told, task.case)
    if "passed on" in turns and code != "after-sales":
        yield hours(chance.uniform(0.3, 2), code)
        if _at_work(task):
            to = told.department({"quality": "technology", "production": "quality"}.get(code, "production"))
            handling.pass_on(task, to, "经查应由贵部处理，资料已附。", by=who, now=told.now)
            passed = Task.objects.select_related("department", "case").get(pk=task.pk)
            told.beside(the_department(told, plan, passed, again=True))
        return
    if "asks" in turns:
        yield hours(chance.uniform(0.2, 1), code)
        if _at_work(task):
            asked = handling.ask(
                task,
                chance.choice(["批号是多少？", "客户能否寄回样品？", "数量以哪张单为准？"]),
                by=who,
                now=told.now,
            )
            told.then(hours(chance.uniform(0.2, 2)), _the_owner_answers, told, task.case, asked)
    if "more time" in turns or "no more time" in turns:
        yield hours(chance.uniform(0.5, 3), code)
        _asks_for_time(told, task, who, granted="more time" in turns)
    if "sits on it" in turns:
        return
    yield hours(
        chance.uniform(17, 44) if "late with the result" in turns else chance.triangular(0.8, 9, 3), code
    )
    if not _at_work(task):
        return
    results = plan.matter.get("results", {})
    result = plan.say(results.get(code) or next(iter(results.values()), "已处理完毕。"))
    files = photos.kept(plan.matter["category"]) if "photo" in plan.turns and code == "quality" else ()
    handling.return_result(task, result, by=who, now=told.now, files=files)
    all_done = not Task.objects.filter(case=task.case_id).unfinished().exists()
    if not departments_begin(told, plan, task.case) and all_done:
        told.beside(the_answer(told, plan, task.case))


def the_answer(told: Telling, plan: Planned, case: Case) -> Thread:
    """The owner tells the customer the result, closes with the classification, and is asked to ask afterwards."""
    chance = told.chance
    yield hours(chance.uniform(0.2, 2.2))
    while _waits(case):
        yield hours(3)
    if not told.is_open(case):
        return
    owner = told.owner(case)
    replying.reply(case, plan.say(chance.choice(plan.matter["replies"])), by=owner, now=told.now)
    yield hours(chance.uniform(0.1, 1) if plan.matter.get("desk_only") else chance.uniform(0.5, 9))
    while _waits(case):
        yield hours(3)
    if _may_close(case):
        closing.close(case, by=owner, now=told.now, **_classified(told, plan))
        told.beside(_afterwards(told, plan, case))


def _classified(told: Telling, plan: Planned) -> dict[str, Any]:
    if plan.matter["kind"] != "complaint":
        return {}
    department, point, cause = plan.matter["fault"]
    return {
        "department": told.department(department), "quality_point": point, "cause": cause,
        "severity": plan.severity, "summary": "已按处理意见落实，客户认可。",
    }  # fmt: skip


def _afterwards(told: Telling, plan: Planned, case: Case) -> Thread:
    """The customer confirms or objects on the tracking page, or is asked three days later."""
    chance, asked = told.chance, FollowUp.objects.filter(case=case, state=FollowUp.State.PLANNED).first()
    if asked is None:
        return
    yield hours(chance.uniform(0.5, 8))
    if _closed(case) and "not solved" in plan.turns:
        confirming.customer_objects(case, "补来的货还是有问题，请再查。", now=told.now)
        told.beside(_again(told, plan, case))
        return
    if _closed(case) and "confirms" in plan.turns:
        confirming.customer_confirms(case, now=told.now, comment="已收到，满意。")
        return
    yield max(asked.planned_for, told.now)
    yield hours(chance.uniform(0.5, 9))
    still_planned = FollowUp.objects.filter(pk=asked.pk, state=FollowUp.State.PLANNED).exists()
    if "nobody asks" in plan.turns or not still_planned:
        return
    owner = told.owner(case)
    outcome = next((turn for turn in ("dissatisfied", "not reached") if turn in plan.turns), "satisfied")
    comment = {
        "dissatisfied": "说处理太慢，批次问题还是不放心。",
        "satisfied": chance.choice(["满意", "处理得快", ""]),
    }
    following_up.record_outcome(
        asked, outcome.replace(" ", "_"), now=told.now, by=owner, comment=comment.get(outcome, "")
    )
    if outcome == "dissatisfied":
        told.beside(_again(told, plan, case))


def _again(told: Telling, plan: Planned, case: Case) -> Thread:
    """Opened again under the same number: the authority says what is to be done, and it is done."""
    plan.turns = frozenset({"confirms"})
    told.then(hours(told.chance.uniform(0.5, 3)), the_authority, told, case)
    yield hours(told.chance.uniform(1, 4))
    if not told.is_open(case):
        return
    replying.reply(
        case, "非常抱歉没有让您满意，主管已亲自跟进，今天给您新的方案。", by=told.owner(case), now=told.now,
        kind="preliminary",
    )  # fmt: skip
    chosen = plan.matter["fault"][0] if plan.matter["kind"] == "complaint" else "after-sales"
    step = (told.department(chosen).pk, 1, "客户不满意，请重新核实并给出根本原因")
    routing.decide_departments(
        case, [step], by=told.person(COORDINATOR), reason="客户不满意，重新处理", now=told.now
    )
    departments_begin(told, plan, case)


def _the_coordinator(told: Telling, plan: Planned, task: Task) -> None:
    """A task came back: another department gets it."""
    if told.is_open(task.case):
        to = "production" if task.department.code != "production" else "technology"
        routing.decide_departments(
            task.case, [(told.department(to).pk, 1, "请接手处理")], by=told.person(COORDINATOR),
            reason="原部门退回，改派", now=told.now,
        )  # fmt: skip
        fresh = [each for each in told.open_tasks(task.case) if each.pk not in plan.seen]
        plan.seen.update(each.pk for each in fresh)
        for each in fresh:
            told.beside(the_department(told, plan, each, again=True))


def _the_owner_answers(told: Telling, case: Case, asked: Message) -> None:
    if _at_work(asked.task):
        handling.answer(asked, "已问过客户：以送货单为准，样品明天寄到。", by=told.owner(case), now=told.now)


def the_authority(told: Telling, case: Case) -> None:
    """Whoever it was raised to says what is to be done. Not everybody does."""
    if told.is_open(case) and told.chance.random() < 0.8:
        raised = Escalation.objects.waiting().filter(case_id=case.pk, to_person__isnull=False).first()
        if raised:
            escalating.instruct(
                raised, told.chance.choice(["今天下班前必须给客户答复。", "先换货，原因后查。", "派人上门，当面说明。"]),
                by=told.cast.by_id[raised.to_person_id], look_again_at=told.now + timedelta(days=1), now=told.now,
            )  # fmt: skip


def _asks_for_time(told: Telling, task: Task, who: Person, *, granted: bool) -> None:
    running = Clock.objects.of("task", task.pk).filter(measure="result", state=Clock.State.RUNNING)
    clock = running.first()
    if not _at_work(task) or clock is None or told.now >= clock.deadline:
        return
    asked = extending.ask(
        clock, by=who, until=clock.deadline + timedelta(days=1), reason="外协检测明天才出报告", now=told.now
    )

    def the_decision() -> None:
        clock.refresh_from_db()
        asked.refresh_from_db()
        if asked.state == "asked" and clock.is_open:
            note = "" if granted else "客户等不了，请今天先给初步结论。"
            extending.decide(
                asked, by=told.cast.by_id[asked.authority_id], granted=granted, now=told.now, note=note
            )

    told.then(hours(told.chance.uniform(0.3, 3), task.department.code), the_decision)


def _customer_answers(told: Telling, case: Case) -> None:
    if _waits(case):
        replying.customer_adds(
            case, told.chance.choice(["批号在照片里，样品今天寄出。", "样品已寄，单号稍后给。"]), now=told.now
        )


def _somebody_goes_there(told: Telling, case: Case) -> None:
    """What key accounts are promised when quality fails."""
    if told.is_open(case):
        replying.reply(
            case, "工程师已到厂，和您的车间主任一起看了机台与批次。", by=told.owner(case), now=told.now, kind="on_site"
        )  # fmt: skip


def _urges(told: Telling, case: Case) -> None:
    if told.is_open(case):
        replying.customer_urges(
            case, now=told.now, body=told.chance.choice(["什么时候有结果？", "车间等着用，请快一点。", ""])
        )


def _comes_twice(told: Telling, place: Place, case: Case, customer: Customer) -> Thread:
    """The same customer calls and also writes: one of the two goes into the other."""
    if not told.is_open(case):
        return
    second = told.open(
        place, "shen", desk_only=True, kind="enquiry", channel="chat", customer=customer,
        subject="上午反映的问题有进展吗", story="刚才打过电话，再在微信里说一遍，免得漏掉。",
    )  # fmt: skip
    yield hours(0.1)
    if told.is_open(case):
        merging.merge(second, case, by=told.person("shen"), now=told.now)
    else:
        replying.reply(second, "已经处理好了，详见前一个编号。", by=told.person("shen"), now=told.now)
        closing.close(second, by=told.person("shen"), now=told.now)


def _at_work(task: Task | None) -> bool:
    return task is not None and Task.objects.open().filter(pk=task.pk, case__state__in=Case.OPEN).exists()


def _waits(case: Case) -> bool:
    return Case.objects.filter(pk=case.pk, state=Case.State.WAITING).exists()


def _closed(case: Case) -> bool:
    return Case.objects.filter(pk=case.pk, state=Case.State.CLOSED).exists()


def still_unanswered(case: Case) -> bool:
    return Case.objects.filter(pk=case.pk, state=Case.State.OPEN, answered_at=None).exists()


def _may_close(case: Case) -> bool:
    if not Case.objects.open().filter(pk=case.pk, answered_at__isnull=False).exists():
        return False
    if Visit.objects.open().filter(case=case).exists():
        return False
    return not Task.objects.filter(case=case).unfinished().exists()
