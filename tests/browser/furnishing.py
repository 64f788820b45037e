"""What is made in the house before anybody looks, so that every page has something to show."""

# The demonstration's Tuesday, played at once, and one of each thing an administrator makes.
WORLD = """
import io, json
from datetime import date, timedelta
from decimal import Decimal
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image
from demo.a_normal_tuesday import SCENES
from guixin.channels.importing import jobs
from guixin.channels.importing.template import template
from guixin.channels.mail import addressing, arriving, mailboxes, understanding
from guixin.channels.models import SentMail
from guixin.channels.robots import keeping
from guixin.channels.webhooks import subscribing
from guixin.handbook import asking as searching, filing, rating, using, writing
from guixin.handbook.models import Article
from guixin.listen import building, counting, evidence, hanging_up, inviting, sampling, sharing_results, standing, taking_in, waves
from guixin.listen.models import Invitation
from guixin.ledger.clock import database_now
from guixin.organisation import granting, signing_in
from guixin.organisation.models import Calendar, Department, Person, Position, SignInLink
from guixin.promise import answering, blueprints, communication, packages, proposing, publishing, strategies
from guixin.promise.models import Blueprint, Package, PlanMessage, Standard, Statement, StrategyCycle
from guixin.understand.models import Segment
from guixin.serve import answering as answering_at_once
from guixin.serve.intake import Arrival
from guixin.recover import effect as recovery_effect
from guixin.recover import plans as recoveries
from guixin.serve import attaching, building_forms, bulk_changes, call_backs, deciding, drafting, emergencies, handling, opinion_points, orders, receiving, replying, saved_views, simulating, visit_applying, visit_deciding
from guixin.serve.models import Attachment, CallBack, Case, CaseForm, HardProblem, OpinionPoint, Surge, Task
from guixin.understand import consenting, contact_series, contacting, describing, knowing, needing, pairing, price_intervals, pricing, segmenting, sharing, sorting, taking_in_prices
from guixin.understand.models import Attribute, Customer, Identity, Product, Purchase

for _at, scene in SCENES:
    scene(database_now())
now = database_now()
who = {person.login: person for person in Person.objects.all()}
case = Case.objects.get(subject="出口羽绒服拉链沾色")
asking = Case.objects.get(subject="拉头在低温下断裂")
closed = Case.objects.get(subject="少发三箱5号金属拉链")
replying.reply(case, "已安排质量部检测，明天答复。", by=who["gu"], now=now)
replying.note(case, "客户周五出货。", by=who["gu"], now=now)
handling.accept(Task.objects.get(case=case, department__code="quality"), by=who["dai"], now=now)
picture = io.BytesIO()
Image.effect_noise((300, 200), 60).convert("RGB").save(picture, "PNG")
upload = ContentFile(picture.getvalue(), name="沾色.png")
attaching.attach(attaching.keep([upload]), case=case, by=who["gu"], now=now)
link, invitation = signing_in.make_link(who["kang"], SignInLink.Purpose.INVITATION, by=who["gao"], now=now)
robot = keeping.make(name="质量部群", kind="feishu", url="https://open.feishu.cn/open-apis/bot/v2/hook/x", department=Department.objects.get(code="quality"), by=who["gao"], now=now)
hook = subscribing.subscribe("https://example.com/hook", kinds=["serve.case_opened"], by=who["gao"], now=now)
file = template("customers")
reply = Standard.objects.get(code="reply")
key, _fresh = Segment.objects.get_or_create(
    code="key-accounts", defaults={"name": "大客户", "owner": who["ye"], "priority": 1, "published_at": now}
)
package = Package.objects.filter(segment=key).first()
if package is None:
    package = packages.define("key-accounts", name="大客户方案", segment=key)
    packages.publish(package, {"reason": "占销售额六成，停线一天损失最大"}, [reply], by=who["gao"], now=now)
round_ = StrategyCycle.objects.filter(segment=key).first() or strategies.begin(key, by=who["ye"], now=now)
plan = communication.plan_of(key)
hello = {"code": "hello", "occasion": "entered", "delay_hours": 24, "at": "10:00", "channel": "email", "purpose": "service",
    "subject": "欢迎成为我们的重点客户", "body": "{customer}，您好！今后由{contact}专门为您服务，有事直接找他。"}
closed_ = {"code": "after", "occasion": "case_closed", "delay_hours": 72, "at": "10:00", "channel": "call", "purpose": "survey",
    "subject": "回访{number}：处理得怎么样", "body": ""}
thanks = {"code": "autumn", "occasion": "date", "on_day": "2026-09-25", "at": "09:30", "channel": "sms", "purpose": "news",
    "subject": "中秋问候", "body": "{customer}，中秋快乐，节日期间值班电话不变。"}
if communication.in_force(plan) is None:
    communication.publish(plan, communication.blank() | {"entries": [hello, closed_, thanks]}, by=who["ye"], now=now)
communication.keep_entry(plan, {**hello, "delay_hours": 48}, by=who["ye"], now=now)
entry = communication.in_force(plan).entries.get(code="hello")
told = []
for n, (state, reason) in enumerate([("sent", ""), ("not_sent", "address"), ("waiting", "")]):
    told.append(PlanMessage.objects.create(plan=plan, entry=entry, customer=case.customer, way="message", occasion="entered",
        event=f"entered:browser-{n}", happened_at=now, due_at=now, next_at=now + timedelta(days=1) if state == "waiting" else None,
        state=state, reason=reason, channel="email", subject=entry.subject, body="林女士，您好！今后由叶专员专门为您服务。",
        posted_at=now if state == "sent" else None, sent_at=now if state == "sent" else None))
answering.reply(told[0], "收到，谢谢。下周请带新色卡来。", by=who["gu"], now=now)
needs = round_.steps.get(kind="needs")
if not needs.words:
    strategies.write(
        needs, words="交期准，出了问题当天有人到场。", owner=who["ye"], due_at=now + timedelta(days=20), read_at_version=1,
        by=who["ye"], now=now,
    )
    strategies.finish(needs, by=who["ye"], now=now)
    strategies.add_evidence(round_.steps.get(kind="package"), "上个季度的承诺兑现", "/packages/kept", by=who["ye"], now=now)
    strategies.give_task(
        round_.steps.get(kind="implementation"), "常用备件前置到客户仓库", owner=who["ding"], due_at=now + timedelta(days=9),
        by=who["ye"], now=now,
    )
trial = simulating.begin(
    "reply", publishing.terms_of(publishing.in_force(reply)) | {"budget_minutes": 60}, standard=reply, by=who["gao"], now=now
)
left, tried = [jobs.leave(io.BytesIO(file), "客户.xlsx", "customers", by=who["gao"], now=now) for _twice in (1, 2)]
jobs.start(tried, dry_run=True)
ours = Case.objects.filter(owner=who["gu"])
draft = bulk_changes.draft("owner", [case.pk for case in ours], by=who["xu"], now=now, listed="/queues/all")
view = saved_views.save("色牢度", "all", "kind=complaint", by=who["xu"], shared="everybody", now=now)
drafting.begin_draft(by=who["gao"], now=now)
table = granting.begin_draft()
grant = table.grants.order_by("pk")[0]
granting.put_grant(table, granting.terms_of(grant) | {"limit_each": 30000}, pk=grant.pk)
promised = deciding.promise_goodwill(case, 6600, "CNY", reason="运费", by=who["gu"], now=now)
proposal = proposing.propose(
    "standard", "回复改为二十小时", "四分之三的回复当天就发出了", by=who["gu"], now=now,
    standard=Standard.objects.get(code="reply"), budget_minutes=1200, department=Department.objects.get(code="desk"),
)
desk = Department.objects.get(code="desk")
statement = Statement.objects.filter(department=desk).first() or Statement.objects.create(
    department=desk, month=now.date().replace(day=1), holder=who["xu"], opened_at=now
)
recovery = recoveries.begin(case, "ours", by=who["gu"], now=now)
recoveries.do_step(recovery.steps.get(kind="listening"), "韩梅讲了两次返工和交期损失，我方认同。", by=who["gu"], now=now)
recovery_effect.count_next(now)
emergency = emergencies.take_the_path(case, reason="客户产线停了，今晚必须换货", by=who["xu"], now=now)
surge = Surge.objects.create(
    dimension="category", value="quality/shade", day=now.date(), last_day=now.date(), observed=14, expected=1.8, limit=8,
    chance=1e-7, baseline_days=56, baseline_seen=101, scatter=1.3, cases=[each.pk for each in Case.objects.order_by("-pk")[:14]],
    told=[who["xu"].pk], raised_at=now,
)
asked = deciding.promise_goodwill(case, 88000, "CNY", reason="客户退回一批，运费由我们承担", by=who["gu"], now=now)
mine = saved_views.save("急", "mine", "", by=who["gu"], now=now)
samples = CaseForm.objects.get(code="samples")
building_forms.move_field(samples, "pieces", -1, by=who["gao"], now=now, read_at=samples.draft_version)
blueprints.begin_draft(Blueprint.objects.get(code="complaint"), by=who["gao"], now=now)
opinion_points.add_point(code="lobby", kind="place", name="一楼大厅", by=who["gao"], now=now)
segment = segmenting.define("browser-key", name="重点客户", owner=who["xu"], by=who["xu"], now=now)
rule = {"match": "all", "parts": [{"fact": "kind", "asks": "in", "value": ["company"]},
    {"match": "any", "parts": [{"fact": "net", "asks": "at_least", "value": 0}, {"fact": "grade", "asks": "in", "value": ["A"]}]}]}
segmenting.publish(segment, rule, by=who["xu"], now=now)
sorting.run_next(now)
segmenting.keep_draft(segment, {"match": "all", "parts": rule["parts"][:1]}, by=who["xu"], now=now)
contact = contacting.plan(case.customer, "visit", date.today() + timedelta(days=2), subject="看新色卡", owner=who["gu"], by=who["gu"], now=now)
made = contacting.log(case.customer, "call", notes="下季要小批量快返，交期七天。", next_step="寄色卡", owner=who["gu"], by=who["gu"], now=now)
series = contact_series.begin(case.customer, "visit", "季度走访", every=3, unit="months", first_on=date.today() + timedelta(days=5), owner=who["gu"], by=who["gu"], now=now)
needing.note(case.customer, "小批量快返", weight=4, expected="七天交货", words="下季要小批量快返", source="contact", evidence=("contact", made.pk), by=who["gu"], now=now)
known = knowing.capture(
    "competitor", "恒泰在温州设仓，五号拉链次日到货", words="展会上他们的区域经理说，四月启用，先做三号和五号。",
    subject="恒泰拉链", source="fair", source_words="华东服装辅料展", by=who["gu"], now=now,
)
sharing.share(known, [Department.objects.get(code="quality"), desk], by=who["gu"], now=now)
sharing.read(known, by=who["dai"], now=now)
knowing.capture("observation", "样品间在换供应商的色卡", customer=case.customer, source="contact", evidence=("contact", made.pk), by=who["gu"], now=now)
holds = knowing.capture("price", "恒泰五号尼龙拉链每米降两分", subject="恒泰拉链", source="partner", valid_until=date.today() + timedelta(days=40), by=who["gu"], now=now)
knowing.judge(holds, reliability="B", credibility=2, worth=3, topic="竞品价格", by=who["xu"], now=now)
knowing.use(holds, for_what="给海蓝报价", case_id=case.pk, by=who["gu"], now=now)
consenting.give(case.customer, "news", "email", evidence="展会登记表", by=who["gu"], now=now)
if not Attribute.objects.filter(code="machines").exists():
    describing.define("设备台数", "number", code="machines", by=who["gao"], now=now)
settings.SMTP_URL = "smtp://127.0.0.1:1"  # nothing leaves in here; what would leave is shown
box = mailboxes.add({"address": "service@guixin.example", "name": "客户服务", "case_kind": "complaint", "authserv_id": "mx.guixin.example"}, by=who["gao"], now=now)
def arrives(words, subject, sender, to="service@guixin.example", more=""):
    raw = f"From: {sender}\\r\\nTo: {to}\\r\\nSubject: {subject}\\r\\n{more}Content-Type: text/html; charset=utf-8\\r\\n\\r\\n<p>{words}</p><img src=https://tracker.example/1.gif>"
    mail, _new = arriving.keep(raw.encode(), box, now=now)
    understanding.understand(mail, now=now)
    mail.refresh_from_db()
    return mail
wrote = arrives("上周到的一批5号拉链，拉头发黑，附照片。请尽快答复。", "拉头发黑", "韩梅 <han@sea-blue.example>")
said = replying.reply(wrote.case, "已请质量部检测，明天答复您。", by=who["gu"], now=now, channel="email")
sent = said.sent_mail
kept = arrives("我是韩梅，请把货款退到这个账户。<br>在 2026年3月4日 写道：<br>&gt; 已请质量部检测", f"Re: [{wrote.case.number}]", "韩梅 <han@sea-b1ue.example>", to=addressing.reply_address(sent))
SentMail.objects.filter(pk=sent.pk).update(state="bounced", trouble="550 5.1.1 no such user", ended_at=now)
quarantined = arrives("三月面料展，欢迎光临。", "展会邀请", "展会 <news@fair.example>", more="List-Id: <news.fair.example>\\r\\n")
settings.SMTP_URL = ""
survey = building.add(code="browser-service", name="服务质量五个维度", owner=who["xu"], begin_from="servqual", by=who["gao"], now=now)
after = building.add(code="browser-closed", name="投诉办结后", owner=who["xu"], begin_from="after-complaint", by=who["gao"], now=now)
building.publish(after, by=who["gao"], now=now, note="第一版")
loyal = building.add(code="browser-loyal", name="满意度指数", owner=who["xu"], begin_from="loyalty", by=who["gao"], now=now)
building.publish(loyal, by=who["gao"], now=now)
wave = waves.open_wave(loyal, code="browser-wave", name="一季度满意度", owner=who["xu"], by=who["gao"], now=now)
codes = [each.code for each in wave.version.sheet.questions]
said = lambda n: {code: str(min(10, max(1, 5 + n % 5 + (n * (at + 3)) % 4 - at % 3))) for at, code in enumerate(codes)}
taking_in.take_in(wave, [taking_in.Given(n, said(n), respondent=str(n)) for n in range(1, 81)], source="file", by=who["xu"], now=now)
for n, grade in enumerate("AABBBBCCCCCC"):
    invited_one = Customer.objects.create(name=f"刘{n}", grade=grade, created_at=now)
    Identity.objects.create(customer=invited_one, kind="email", raw=f"liu{n}@b.example", normal=f"liu{n}@b.example")
    Purchase.objects.create(customer=invited_one, bought_at=now, amount=100, currency="CNY", order_key=f"q{n}", line_key=f"q{n}", source="browser", landed_at=now)
of_purchases = {"from": "purchases", "since": now.date(), "until": now.date() + timedelta(days=1)}
planned = waves.open_wave(after, code="browser-planned", name="二季度", owner=who["xu"], by=who["gao"], now=now)
sampling.keep_plan(planned, sampling.Plan(of_purchases, size=4, by="grade"), by=who["gao"], now=now)
sent_out = waves.open_wave(after, code="browser-sent", name="三季度", owner=who["xu"], by=who["gao"], now=now)
sampling.keep_plan(sent_out, sampling.Plan(of_purchases, by="grade", remind_after_days=7), by=who["gao"], now=now)
sampling.draw(sent_out, by=who["gao"], now=now)
invitations = list(sent_out.invitations.order_by("pk").select_related("wave"))
for each in invitations[:8]:
    inviting.sent(each, is_reminder=False, now=now)
Invitation.objects.filter(pk=invitations[0].pk).update(token_hash=waves.hashed("browser-no-more"), is_answered=True)
of_plan = {"questionnaire": after, "owner": who["xu"]}
standing.keep("browser-after", {**of_plan, "name": "投诉办结回访", "begins": "case_closed", "only": {"kinds": ["complaint"]}, "is_follow_up": True}, by=who["gao"], now=now)
standing.keep("browser-quarter", {**of_plan, "name": "季度满意度", "begins": "months", "next_on": now.date() + timedelta(days=9), "frame": {"from": "purchases", "days": 90}, "size": 400}, by=who["gao"], now=now)
few = waves.open_wave(after, code="browser-few", name="三月办结后", owner=who["xu"], by=who["gao"], now=now)
closed_link, = waves.invite(few, [waves.Invited()], by=who["gao"], now=now)
wordy = waves.open_wave(after, code="browser-words", name="一季度心声", owner=who["xu"], by=who["gao"], now=now)
written = ("{}送货太慢，等了好久（{}）", "拉头容易卡住，颜色还是喜欢的{}{}", "客服{}态度很好，回电话很快，第{}次了", "发票开错了{}{}，财务让我等", "包装破了，有一箱{}被压坏{}")
taking_in.take_in(wordy, [taking_in.Given(n, {"words": written[n % 5].format("上海仓" if n % 2 else "青岛仓", n), "handled": str(1 + n % 5), "effort": str(1 + n % 7)}, respondent=str(n), case_id=case.pk if n < 20 else None, customer_id=case.customer_id if n < 20 else None) for n in range(1, 41)], source="file", by=who["xu"], now=now)
wide = building.publish(survey, by=who["gao"], now=now) and waves.open_wave(survey, code="browser-wide", name="年度", owner=who["xu"], is_anonymous=True, by=who["gao"], now=now)
hanging_up.hang_up(few, OpinionPoint.objects.get(code="lobby"), by=who["gao"], now=now)
OpinionPoint.objects.filter(code="lobby").update(department=Department.objects.first())
few.places.update(refused=9940)
rung = waves.open_wave(after, code="browser-rung", name="电话回访", owner=who["xu"], by=who["gao"], now=now)
for each in Customer.objects.filter(name__startswith="刘"):
    Identity.objects.create(customer=each, kind="phone", raw=f"1380013{each.pk:04}", normal=f"+861380013{each.pk:04}")
Invitation.objects.filter(wave=sent_out).update(sent_at=now - timedelta(days=200), made_at=now - timedelta(days=200))
sampling.keep_plan(rung, sampling.Plan(of_purchases, way="phone", by="grade"), by=who["gao"], now=now)
sampling.draw(rung, by=who["gao"], now=now)
rung_now = rung.invitations.order_by("pk")[0]
rung.invitations.filter(pk=rung_now.pk).update(held_by=who["xu"], held_until=now + timedelta(hours=9), tries=1)
wide_link, = waves.invite(wide, [waves.Invited()], by=who["gao"], now=now)
while counting.count_next(now) or evidence.count_next(now):
    pass
wordy.refresh_from_db()
sharing_results.share(wordy, by=who["gao"], now=now)
study = pricing.begin("browser-prices", name="防水拉链价格", product="5号防水拉链", line="拉链", segment=key, owner=who["xu"], by=who["gao"], now=now)
answers = [
    taking_in_prices.Given(n, (60 + n % 7 * 10, 90 + n % 9 * 10, 150 + n % 8 * 10, 220 + n % 11 * 10), 5 - n % 3, 3 - n % 2)
    for n in range(1, 61)
]
taking_in_prices.take_in(study, [*answers, taking_in_prices.Given(61, (300, 200, 150, 90))], source="file", by=who["xu"], now=now)
product = Product.objects.create(code="FS-5", name="5号防水拉链", line="防水", added_at=now)
for month in range(3):
    Purchase.objects.create(customer=case.customer, product=product, bought_at=now - timedelta(days=31 * month + 1), quantity=1200 - 200 * month, amount=96_000 - 16_000 * month, currency="CNY", order_key=f"B-{month}", line_key=f"B-{month}", source="books", landed_at=now)
Purchase.objects.create(customer=case.customer, product=product, kind="return", bought_at=now - timedelta(days=2), quantity=-100, amount=-8_000, currency="CNY", order_key="B-9", line_key="B-9", source="books", landed_at=now)
for order in ("B-0", "B-1"):
    orders.name_order(case, order, by=who["gu"], now=now)
taking_in_prices.note(study, taking_in_prices.Given(1, (80, 120, 180, 260), 4, 2, customer_id=case.customer_id), by=who["gu"], now=now)
for day, (price, sold) in enumerate(((110, 5200), (120, 4600), (135, 4100), (150, 3300), (160, 3150)), 1):
    pricing.observe(study, price, Decimal(sold), date(2026, 2, day), place="青岛", by=who["xu"], now=now)
price_intervals.count_next(now)
twin = Customer.objects.for_intake("person", "孪生客户", [("phone", "13700001111")], now)[0]
Customer.objects.for_intake("person", "孪生顾客", [("phone", "13700001111")], now)
pairing.look_for_pairs(now)
article, lesson = Article.objects.get(code="stuck-slider"), Article.objects.get(code="lesson-no-swatch")
writing.revise(article, {"text_zh": article.text_zh + " 周末也回。"}, read_at_version=article.version, by=who["ren"], now=now)
filing.add(article, attaching.keep([ContentFile(picture.getvalue(), name="拉头背面.png")]), by=who["ren"], now=now)
arrival = Arrival(kind="enquiry", subject="拉头卡住拉不动", channel="phone", customer=case.customer)
answering_at_once.answer_at_once(arrival, "请先上蜡。", by=who["gu"], now=now, article=article)
rating.rate(article, True, by=who["gu"], now=now)
using.use(lesson, case.pk, "taught", by=who["fang"], now=now)
using.prevent(lesson, asking.pk, by=who["gu"], now=now)
for _twice in (1, 2):
    searching.asked("磁吸拉链", "desk", found=0, today=date.today())
    searching.asked("防水拉链 清洗", "public", found=0, today=date.today())
for said in (False, False, False, True):
    rating.rate(Article.objects.get(code="invoice"), said, now=now)
writing.begin("article", {"title_zh": "防水拉链怎样清洗", "text_zh": "待补充。"}, by=who["gu"], now=now)
call = CallBack.objects.open().first()
call_backs.take(call, by=who["gu"], now=now)
coming = visit_applying.take_in(
    visit_applying.Application(purpose="tour", people=5, wished_on=date.today() + timedelta(days=9), company="海岸户外", visitors="采购总监等五人", languages="英语", wishes="看染色与装配"),
    customer=case.customer, channel="phone", by=who["gu"], now=now,
)
visit_asked = visit_applying.take_in(
    visit_applying.Application(purpose="audit", people=12, wished_on=date.today() + timedelta(days=20), company="极地科考服"),
    customer=closed.customer, channel="phone", by=who["gu"], now=now,
)
lands = (now + timedelta(days=9)).replace(hour=1, minute=0)
coming = visit_deciding.approve(coming, lands, lands + timedelta(hours=7), place="一号展厅", host=who["ren"], reason="重点客户", by=who["gu"], now=now)
receiving.plan_item(coming, "参观染色车间", lands, lands + timedelta(hours=2), place="染色车间", department=Department.objects.get(code="production"), prepare="样板线保持运转", by=who["gu"], now=now)
print(json.dumps({
    "visit": coming.pk, "visit_asked": visit_asked.pk, "visited": coming.case.number, "visited_token": coming.case.tracking_token(),
    "robot": robot.pk, "call": call.pk, "called": call.token, "talked": CallBack.objects.get(state="made").token,
    "known": known.pk, "holds": holds.pk, "contact": contact.pk, "made": made.pk, "series": series.pk,
    "case": case.number, "problem": HardProblem.objects.get(skill__code="sewing").pk, "on_site": Case.objects.get(subject="需要现场调试缝纫压脚").number, "asking": asking.number, "closed": closed.number, "token": case.tracking_token(),
    "closed_token": closed.tracking_token(),
    "task": Task.objects.get(case=case, department__code="quality").pk, "customer": case.customer_id,
    "attachment": str(Attachment.objects.filter(case=case).first().pk), "invitation": invitation, "webhook": hook.pk,
    "grant": grant.pk, "request": asked.request_id, "proposal": proposal.pk, "statement": statement.pk, "emergency": emergency.pk, "recovery": recovery.pk, "goodwill": promised.pk, "surge": surge.pk,
    "import": left.pk, "tried": tried.pk, "bulk": draft.pk, "view": view.pk, "mine": mine.pk, "department": Department.objects.get(code="quality").pk,
    "position": Position.objects.get(code="quality-handler").pk, "person": who["dai"].pk,
    "calendar": Calendar.objects.get(code="plant").pk, "trial": trial.pk, "package": package.code,
    "article": article.pk, "lesson": lesson.pk,
    "mail": quarantined.pk, "kept_mail": kept.pk, "mailed": wrote.case.number, "mailbox": box.pk,
    "product": product.pk, "told": told[0].pk, "opt_out": answering.opt_out_token(told[0]),
    "theme": wordy.theme_sets.get().themes.order_by("pk").first().pk,
    "rung": rung_now.pk, "closed_survey": closed_link.rpartition("/")[2], "wide_survey": wide_link.rpartition("/")[2],
}))
"""
