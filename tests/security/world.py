"""Two cases with everything that can hang on a case, one of each side, and a key or a browser for everybody."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from PIL import Image

from guixin.channels.api.tests.make import Program, administrator
from guixin.channels.importing import jobs
from guixin.channels.mail import arriving as mail_arriving
from guixin.channels.mail import mailboxes
from guixin.channels.mail import understanding as mail_understanding
from guixin.channels.models import Import, ReceivedMail, Robot, Subscription
from guixin.channels.models.subscription import Delivery
from guixin.handbook import filing, publishing, writing
from guixin.ledger.models import Outgoing
from guixin.listen import building, hanging_up, sampling, standing, waves
from guixin.listen.tests import make as listen_make
from guixin.organisation.granting import begin_draft as begin_table
from guixin.organisation.granting import lend
from guixin.organisation.models import ApiKey, Calendar, Person, Position, Post, SignInLink
from guixin.organisation.signing_in import make_link
from guixin.organisation.skilling import keep_skill
from guixin.organisation.tests.make import SINCE, line, spending_table
from guixin.promise import answering, communication, packages, strategies
from guixin.promise.blueprints import begin_draft as begin_draft_of
from guixin.promise.blueprints import define, edit, publish_drawing
from guixin.promise.drawing import Drawing
from guixin.promise.models import CommunicationPlan, Escalation, Extension, PlanMessage, Standard, Statement
from guixin.promise.proposing import propose
from guixin.promise.stating import open_due
from guixin.recover.plans import begin as begin_recovery
from guixin.recover.ruling import keep_rule as keep_recovery_rule
from guixin.serve import call_back_lines, call_backs, saved_views, simulating
from guixin.serve.asking_experts import ask_expert
from guixin.serve.attaching import attach, keep
from guixin.serve.bulk_changes import draft
from guixin.serve.call_back_windows import windows
from guixin.serve.deciding import promise_goodwill
from guixin.serve.drafting import begin_draft
from guixin.serve.emergencies import take_the_path
from guixin.serve.filling_in import fill_in, form_to_fill_in
from guixin.serve.handling import accept, ask
from guixin.serve.models import Case, FollowUp, OpinionPoint, Task, Template, Term, Visit
from guixin.serve.orders import name_order
from guixin.serve.sending import send
from guixin.serve.tests import make
from guixin.understand import (
    contact_series,
    contacting,
    describing,
    knowing,
    needing,
    pricing,
    segmenting,
    sharing,
    taking_in_prices,
)
from guixin.understand.models import Customer, Merge, Product


@dataclass(frozen=True)
class Cast:
    """Whose department, handler and so on this side is."""

    side: str
    department: str
    handler: str
    owner: str
    sender: str  # of the reply on its way
    told: str  # of the escalation
    authority: str  # of the extension
    customer: tuple[str, str]


SIDES = (
    Cast("quality", "quality", "li", "wang", "wang", "qian", "chen", ("张三", "138 0013 8000")),
    Cast("logistics", "logistics", "zhao", "tang", "he", "zhao", "he", ("李四", "139 0013 9000")),
)


class World:
    """`world["quality"]["task"]` is what stands for {task} in an address when the things of quality are meant."""

    def __init__(self) -> None:
        (
            make.standards(),
            make.rules(),
            make.terms(),
            spending_table(line("emergency", 2, 1), line("emergency", 5, None)),
        )
        administrator()
        _auditor()
        open_due(make.NOON)
        make.form("sheet", kind="complaint", is_public=True)
        self.shared = _shared()
        self.sides = {cast.side: {**self.shared, **_things(cast)} for cast in SIDES}

    def __getitem__(self, side: str) -> dict[str, Any]:
        return self.sides[side]


def who(login: str) -> Person:
    return Person.objects.get(login=login)


def browser(role: str, **more) -> Client:
    """Signed in as this role, or not."""
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False, **more)
    if role != "nobody":
        client.force_login(who(role))
    return client


def program(role: str, scopes: list[str] | None = None) -> Program:
    return Program(who(role) if role != "nobody" else None, scopes)


def _auditor() -> Person:
    person = Person.objects.create(login="audit", name="白洁")
    chair = Position.objects.create(
        department=make.front(), code="front-audit", title="审计员", rank=1, sees="own", duties=["auditor"]
    )
    Post.objects.create(person=person, position=chair, since=SINCE)
    return person


FAR = date(2027, 3, 5)


def _things(cast: Cast) -> dict[str, Any]:
    now, department = make.NOON, make.department(cast.department)
    handler, owner, sender = who(cast.handler), who(cast.owner), who(cast.sender)
    customer = make.customer(*cast.customer)
    case = make.case(by=owner, customer=customer, departments=[department.pk], subject=f"{cast.side} only")
    task = accept(Task.objects.get(case=case), by=handler, now=now)
    question = ask(task, "哪一批?", by=handler, now=now)
    clock = make.clock(task, "result")
    extension = Extension.objects.create(
        clock=make.clock(case, "resolve"), case_id=case.pk, asked_by=handler, asked_at=now, reason="缺件",
        old_due_at=now, wanted_until=now + timedelta(days=9), authority=who(cast.authority),
    )  # fmt: skip
    Extension.objects.filter(pk=extension.pk).update(clock=clock)
    escalation = Escalation.objects.create(
        case_id=case.pk, cause="by_hand", level=1, department=department, to_person=who(cast.told), happened_at=now,
        made_at=now,
    )  # fmt: skip
    skill, _new = keep_skill(
        {"quality": "sewing", "logistics": "loading"}[cast.side],
        name=cast.side,
        people=[handler],
        by=None,
        now=now,
    )
    problem = ask_expert(case, skill, "为什么?", by=owner, now=now)
    fill_in(case, form_to_fill_in(case), {"machine": "A-1", "contact": "老何 13800002233"}, by=owner, now=now)
    follow_up = FollowUp.objects.create(case=case, generation=1, planned_for=now, holder=owner)
    [attachment] = attach(
        keep([SimpleUploadedFile("照片.jpg", photo())]), case=case, from_customer=True, now=now
    )
    held = send(case, "给您换一台", by=sender, now=now, hold_seconds=60)
    merged = Customer.objects.create(kind="person", name="同一人", merged_into=customer, created_at=now)
    merge = Merge.objects.create(kept=customer, merged=merged, at=now, by=owner)
    view = saved_views.save("我的清单", "department", "", by=handler, now=now)
    contact = contacting.plan(customer, "visit", FAR, owner=handler, by=owner, now=now)
    series = contact_series.begin(
        customer, "visit", "走访", every=1, unit="months", first_on=FAR, owner=handler, by=owner, now=now
    )
    # In letters of no language: the ledger keeps what people say, and tests/test_languages.py reads the ledger's page.
    need = needing.note(customer, "ዳዳ", source="observation", by=owner, now=now)
    known = knowing.capture(
        "observation", "仓库快空了", customer=customer, source="observation", by=owner, now=now
    )
    sharing.share(known, [department], by=who("he"), now=now)
    article = writing.begin(
        "article", {"title_zh": "ዳ", "text_zh": "ዳዳ"}, by=handler, now=now, audience="customers"
    )
    [article_file] = filing.add(article, keep([SimpleUploadedFile("图.jpg", photo())]), by=handler, now=now)
    publishing.publish(article, by=who("he"), now=now)
    rings = call_back_lines.add_line(cast.side, cast.side, department, by=who("he"), now=now)
    call_back = call_backs.ask(
        rings, phone="138 0000 0000", name="", about="ዳዳ", window=windows(rings, now)[0].key, now=now
    )
    promised = promise_goodwill(case, 5_000, "CNY", reason="赔礼", by=owner, now=now)
    asked = promise_goodwill(case, 50_000, "CNY", reason="赔礼", by=owner, now=now)
    make.purchase(case.customer, "ዳ-1001", 10_000_000, bought_at=now)
    [named] = name_order(case, "ዳ-1001", by=owner, now=now)
    keep_recovery_rule(
        "sorry", name="赔礼", steps=[{"kind": "listening"}, {"kind": "gift"}], by=None, now=now
    )
    recovery = begin_recovery(case, "ours", by=owner, now=now)
    lent = lend(
        handler, who("jiang"), "goodwill", 1_000, currency="CNY", reason="出差", from_at=now,
        to_at=now + timedelta(days=1), now=now,
    )  # fmt: skip
    return {
        "article": article.pk, "article_file": article_file.pk,
        **_visit(case),
        "call_back": call_back.pk, "call_token": call_back.token, "call_line": rings.code,
        "contact": contact.pk, "series": series.pk, "need": need.pk, "knowledge": known.pk,
        "recovery": recovery.pk, "recovery_step": recovery.steps.get(kind="listening").pk, "recovery_gift": recovery.steps.get(kind="gift").pk,
        "goodwill": promised.pk, "case_order": named.pk, "request": asked.request_id, "lending": lent.pk, "proposal": propose("text", "短一点", "没人读完", by=handler, now=now, department=department).pk,
        "statement": Statement.objects.get(department=department).pk, "problem": problem.pk, "surge": make.surge([case], told=[make.chen() if cast.side == "quality" else handler], product=cast.side).pk,
        "emergency": take_the_path(case, reason="产线停了", by=who("he"), now=now).pk,
        "case": case.number, "case_pk": case.pk, "token": case.tracking_token(), "task": task.pk, "question": question.pk,
        "clock": clock.pk, "extension": extension.pk, "escalation": escalation.pk, "follow_up": follow_up.pk,
        "attachment": attachment.pk, "held": held.pk, "customer": customer.pk, "identity": customer.identities.order_by("pk")[0].pk, "merge": merge.pk, "view": view.pk,
        "change": draft("note", [case.pk], by=handler, now=now).pk, "handler": cast.handler,
        "absence": make.away(handler, now + timedelta(days=1), now + timedelta(days=2)).pk,
        "department_pk": department.pk, "owner": owner, "kept_mail": _mail(case, now).pk, **_told(customer, now),
    }  # fmt: skip


def _visit(case: Case) -> dict[str, Any]:
    """Called off, so that it stands in no other act's way."""
    visit = Visit.objects.create(
        case=case, state="cancelled", purpose="tour", company="ዳዳ", people=2, wished_on=FAR, grade="C",
        budget=300_00, currency="CNY",
    )  # fmt: skip
    item = visit.agenda.create(begins_at=make.NOON, ends_at=make.NOON + timedelta(hours=1), what="ዳዳ")
    return {"visit": visit.pk, "agenda_item": item.pk}


def _mail(case: Case | None, now) -> ReceivedMail:
    """Kept with the case as of an unverified sender; without a case, in quarantine."""
    mail, _new = mail_arriving.keep(f"From: a@example.com\r\n\r\n{case}".encode(), None, now=now)
    if case is None:
        ReceivedMail.objects.filter(pk=mail.pk).update(state="quarantined", reason="automatic")
        return mail
    letter = mail_understanding.letter_of(mail)
    with transaction.atomic():
        return mail_understanding.keep_beside(mail, letter, case, [], now)


def _told(customer, now) -> dict[str, Any]:
    """A message of the firm's communication plan that reached this customer, and its link to opt out."""
    version = communication.in_force(CommunicationPlan.objects.get())
    message = PlanMessage.objects.create(
        plan=version.plan, entry=version.entries.get(), customer=customer, way="message", occasion="entered", state="sent",
        event=f"entered:{customer.pk}", happened_at=now, due_at=now, sent_at=now, posted_at=now, channel="email",
    )  # fmt: skip
    return {"plan_message": message.pk, "opt_out": answering.opt_out_token(message)}


def photo() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (60, 40), "red").save(drawn, "JPEG")
    return drawn.getvalue()


def _shared() -> dict[str, Any]:
    """What belongs to the firm."""
    now, ma = make.NOON, who("ma")
    key, _text = ApiKey.issue(make.sun(), "test", ["cases:read"], now)
    _link, invitation = make_link(make.feng(), SignInLink.Purpose.INVITATION, by=ma, now=now)
    webhook = Subscription.objects.create(url="https://hooks.invalid/x", made_by=ma, made_at=now)
    outgoing = Outgoing.objects.create(channel="webhook", lane="1", payload={})  # fmt: skip
    delivery = Delivery.objects.create(
        subscription=webhook, position=1, kind="serve.case_opened", outgoing=outgoing
    )
    robot = Robot.objects.create(name="群", kind="feishu", url="https://chat.invalid/secret", made_at=now)
    point = OpinionPoint.objects.create(code="hall", name="大堂", made_at=now)
    Template.objects.create(code="sorry", name="道歉", body="抱歉", published_at=now)
    begin_draft(by=ma, now=now)
    describing.define("门店数", "number", code="shops", by=ma, now=now)
    left, done = (jobs.leave(BytesIO("姓名,手机\n王五,13700137000\n".encode()), "客户.csv", "customers", by=ma, now=now) for _each in range(2))  # fmt: skip
    Import.objects.filter(pk=done.pk).update(state="done", ended_at=now)
    drawing = Drawing().with_step("来电").with_element(lane="onstage", step="s1", name="接听")
    blueprint = define("call", name="来电")
    publish_drawing(blueprint, drawing, by=ma, now=now)
    begin_draft_of(blueprint, by=ma, now=now)
    edit(blueprint, lambda there: there.with_step("答复"), seen=2, by=ma, now=now)
    seat = Post.objects.select_related("position").get(person__login="jiang")
    reply = Standard.objects.get(code="reply")
    segment = segmenting.define("key", name="大客户", owner=who("he"), by=ma, now=now)
    segmenting.publish(segment, {"match": "all", "parts": [{"fact": "net", "asks": "known"}]}, by=ma, now=now)
    package = packages.define("key-accounts", name="大客户方案", segment=segment)
    packages.publish(package, {"reason": "占销售额六成"}, [reply], by=ma, now=now)
    told = {
        "code": "hello", "occasion": "entered", "channel": "email", "purpose": "service", "subject": "您好", "body": "感谢您",
    }  # fmt: skip
    plan = communication.plan_of(segment)
    communication.publish(
        plan, communication.blank() | {"calendar": "office", "entries": [told]}, by=ma, now=now
    )
    cycle = strategies.begin(segment, by=who("he"), now=now)
    strategy_task = strategies.give_task(
        cycle.steps.get(kind="implementation"),
        "备件前置",
        owner=who("he"),
        due_at=now + timedelta(days=9),
        by=ma,
        now=now,
    )
    study = pricing.begin("taps", name="龙头价格", owner=who("he"), by=ma, now=now)
    answer = taking_in_prices.note(study, taking_in_prices.Given(1, (1, 2, 3, 4)), by=ma, now=now)
    sale = pricing.observe(study, 100, Decimal(5), date(2026, 3, 1), by=ma, now=now)
    product = Product.objects.create(code="1001", name="龙头", added_at=now)
    pulse = building.add(
        code="pulse", name="季度满意度", owner=who("he"), begin_from="servqual", by=ma, now=now
    )
    building.publish(pulse, by=ma, now=now)
    wave = waves.open_wave(pulse, code="march", name="三月", owner=who("he"), by=ma, now=now)
    (survey_link,) = waves.invite(wave, [waves.Invited()], by=ma, now=now)
    (named_link,) = waves.invite(wave, [waves.Invited(customer=make.customer())], by=ma, now=now)
    sampling.keep_plan(wave, sampling.Plan({"from": "cases"}), by=ma, now=now)
    standing_plan, _new = standing.keep(
        "after", {"name": "办结后", "questionnaire": pulse, "owner": who("he"), "begins": "case_closed"}, by=ma, now=now
    )  # fmt: skip
    hanging_up.hang_up(wave, point, by=ma, now=now)
    trial = simulating.begin("reply", {"budget_minutes": 60}, standard=reply, by=ma, now=now)
    return {
        **listen_make.themed(wave),
        "questionnaire": pulse.code, "wave": wave.code, "wave_plan": standing_plan.code, "survey_token": survey_link.rpartition("/")[2],
        "survey_call": wave.invitations.order_by("pk")[0].pk,
        "named_survey_token": named_link.rpartition("/")[2],
        "segment": segment.code, "study": study.code, "answer": answer.pk, "sale": sale.pk, "product": product.pk,
        "grant": begin_table().grants.order_by("pk")[0].pk,
        "api_key": key.pk, "invitation": invitation, "webhook": webhook.pk, "robot": robot.pk, "delivery": delivery.pk, "place": point.code,
        "import": left.pk, "done_import": done.pk, "department": seat.position.department_id, "position": seat.position_id, "person": seat.person_id,
        "post": seat.pk, "calendar": Calendar.objects.get(code="office").pk, "term": Term.objects.first().pk,
        "trial": trial.pk, "package": package.code, "blueprint": blueprint.code, "strategy_task": strategy_task.pk,
        "mail": _mail(None, now).pk, "mailbox": mailboxes.add({"address": "service@guixin.invalid"}, by=ma, now=now).pk,
    }  # fmt: skip


# -- what was written ----------------------------------------------------------------------------------------------------

# As pg_stat_xact_user_tables says it, which takes ten times as long.
_WRITTEN = """
    SELECT relname, number FROM pg_class, LATERAL (
        SELECT pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid)
    ) counted (number)
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND number > 0
"""


def written() -> dict[str, int]:
    """Rows inserted, changed and deleted in this transaction so far, by table: also by what was rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


def changed(before: dict[str, int], besides: object = ()) -> set[str]:
    """The tables written to since."""
    return {table for table, number in written().items() if number != before.get(table)} - set(besides)


def digest(besides: object = ()) -> str:
    """Of everything in the database."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - set(besides))
        each = [
            f"(SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {connection.ops.quote_name(name)} t)"
            for name in tables
        ]
        cursor.execute(f"SELECT md5({' || '.join(each)})")
        return cursor.fetchone()[0]


def case_of(world: World, side: str) -> Case:
    return Case.objects.get(number=world[side]["case"])
