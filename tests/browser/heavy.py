"""One heavy case, with a heavy task and a heavy customer: whatever can stand on their pages stands there, and more than once
where there can be several. What a page asks the database is counted with these.

They belong in a house of their own, where nobody else works, no worker runs and the clock stands still: so what is counted
depends neither on other tests nor on the hour nor on the speed of the machine.
"""

# From the first call on a Monday to Wednesday at ten, by the verbs the pages use. `world`: what leads to the pages.
HEAVY = """
import io
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image
from demo.a_normal_tuesday import SCENES
from guixin.channels.mail import addressing, arriving, mailboxes, understanding
from guixin.channels.models import SentMail
from guixin.ledger.clock import set_virtual_clock
from guixin.organisation import firm, granting
from guixin.organisation.models import Department, Person, Skill
from guixin.promise import extending, keeping, packages
from guixin.promise.models import Clock, Standard
from guixin.recover import plans as recoveries
from guixin.serve import asking_experts, attaching, changing, closing, deciding, draft_files, drafts, emergencies, escalating, following_up, handling, intake, merging, orders, replying, routing, saved_views, sending, stakes, waiting, watching
from guixin.serve.models import FollowUp, Task
from guixin.understand import consenting, contact_series, contacting, knowing, needing, segmenting, sorting
from guixin.understand.models import Customer, Identity, Product, Purchase

def at(day, hour):
    moment = datetime(2026, 3, day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))
    set_virtual_clock(moment)
    return moment

now = at(2, 8)
firm.load("demo/firm.toml", now=now)
who = {person.login: person for person in Person.objects.all()}
department = {each.code: each for each in Department.objects.all()}
gu, xu, gao, dai, ye = (who[login] for login in ("gu", "xu", "gao", "dai", "ye"))

def picture(name):
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20), "navy").save(drawn, "PNG")
    return attaching.keep([ContentFile(drawn.getvalue(), name=name)])

now = at(2, 9)
for _second, scene in SCENES:
    scene(now)
customer = Customer.objects.get(name="海蓝服饰")
for kind, said in (("email", "han@sea-blue.example"), ("email", "buyer@sea-blue.example"), ("phone", "13900001122"), ("wechat", "sea-blue")):
    Identity.objects.create(customer=customer, kind=kind, raw=said, normal="+8613900001122" if kind == "phone" else said)
segment = segmenting.define("heavy", name="重点客户", owner=ye, by=gao, now=now)
segmenting.publish(segment, {"match": "all", "parts": [{"fact": "kind", "asks": "in", "value": ["company"]}]}, by=gao, now=now)
while sorting.run_next(now):
    pass
package = packages.define("heavy", name="大客户方案", segment=segment)
packages.publish(package, {"reason": "占销售额六成"}, list(Standard.objects.filter(code__in=["reply", "resolve"])), by=gao, now=now)

# It comes by mail (nothing leaves in here), is answered, closed, and comes back dissatisfied.
settings.SMTP_URL = "smtp://127.0.0.1:1"
box = mailboxes.add({"address": "service@guixin.example", "name": "客户服务", "case_kind": "complaint", "authserv_id": "mx.guixin.example"}, by=gao, now=now)
def arrives(words, subject, to=box.address):
    raw = f"From: 韩梅 <han@sea-blue.example>\\r\\nTo: {to}\\r\\nSubject: {subject}\\r\\nContent-Type: text/html; charset=utf-8\\r\\n\\r\\n<p>{words}</p>"
    mail, _new = arriving.keep(raw.encode(), box, now=now)
    understanding.understand(mail, now=now)
    mail.refresh_from_db()
    return mail
case = arrives("上周到的一批5号拉链，水洗后沾色。", "水洗沾色").case
replying.reply(case, "已请质量部检测。", by=case.owner, now=now, channel="email")
changing.change_owner(case, gu, by=xu, now=now)
told = replying.reply(case, "已请质量部检测。", by=gu, now=now, channel="email")
deciding.promise_goodwill(case, 6600, "CNY", reason="运费", by=gu, now=now)
for each in Task.objects.filter(case=case).unfinished():
    handling.withdraw(each, by=gu, reason="客户先寄样", now=now)
closing.close(case, by=gu, now=now, department=department["quality"], quality_point="packing", cause="process", severity=2)
now = at(2, 15)
following_up.record_outcome(FollowUp.objects.get(case=case), "dissatisfied", comment="又有两卷沾色。", by=gu, now=now)

# Three departments work on it, one asks, one wants more time; the customer was waited for.
routing.decide_departments(
    case, [(department[code].pk, 1, "请查原因") for code in ("quality", "production", "logistics")], reason="三个部门一起查", by=xu, now=now
)
task = Task.objects.filter(case=case, department__code="quality").unfinished().get()
handling.accept(task, by=dai, now=now)
handling.ask(task, "洗涤温度多少？", by=dai, now=now, files=picture("色卡.png"))
clock = Clock.objects.open().get(about_kind="task", about_id=task.pk, measure="result")
extending.ask(clock, by=dai, until=clock.due_at + timedelta(days=1), reason="要做三次水洗", now=now)
waiting.wait_for_customer(case, "请寄回两卷。", by=gu, now=now)
case.refresh_from_db()
now = at(2, 16)
arrives("昨天寄出了。", f"Re: [{case.number}]", to=addressing.reply_address(told.sent_mail))
SentMail.objects.filter(pk=told.sent_mail.pk).update(state="bounced", trouble="550 5.1.1 no such user", ended_at=now)
replying.customer_urges(case, now=now)
replying.note(case, "客户周五出货。", by=gu, now=now)
attaching.attach(picture("沾色.png"), case=case, by=gu, now=now)
escalating.by_hand(case, reason="客户周五出货", by=gu, now=now)
granting.lend(xu, gu, "goodwill", 20000, currency="CNY", reason="出差", from_at=now, to_at=now + timedelta(days=20), now=now)
deciding.promise_goodwill(case, 8800, "CNY", reason="退回一批的运费", by=gu, now=now)
deciding.promise_goodwill(case, 9000000, "CNY", reason="整批重做", by=gu, now=now)
stakes.state_price(case, 500000, "CNY", by=gu, now=now)
asking_experts.ask_expert(case, Skill.objects.get(code="dyeing"), "只有水洗后沾色，为什么？", by=dai, now=now)
recovery = recoveries.begin(case, "ours", by=gu, now=now)
recoveries.do_step(recovery.steps.get(kind="listening"), "听她讲了两次返工。", by=gu, now=now)
emergencies.take_the_path(case, reason="客户产线停了", by=xu, now=now)

# Cases beside it: linked, merged into it, split off.
def beside(subject):
    return intake.open_case(intake.Arrival(kind="complaint", subject=subject, channel="phone", customer=customer), now=now, by=gu)
merging.link(case, beside("同一批的灰色也沾色"), by=gu, now=now)
merging.merge(beside("又来催沾色"), case, by=gu, now=now)
merging.split(case, "另要一份检测报告", by=gu, now=now)

# What its officer has of their own there.
watching.watch(case, by=gu, now=now)
for tab, words in (("note", "等样品"), ("reply", "您好，")):
    drafts.keep(case, gu, tab, {"body": words}, now=now)
draft_files.add(case, gu, "reply", picture("回信.png"), now=now)
sending.send(case, "样品收到了。", by=gu, now=now, hold_seconds=60)
for name, listed in (("色牢度", "all"), ("急", "mine")):
    saved_views.save(name, listed, "kind=complaint", by=gu, now=now)

# The customer: what they bought, want, agreed to; what is known of them and planned with them.
product = Product.objects.create(code="FS-5", name="5号防水拉链", line="防水", added_at=now)
for month in range(3):
    Purchase.objects.create(customer=customer, product=product, bought_at=now - timedelta(days=31 * month + 1), quantity=1200, amount=96_000, currency="CNY", order_key=f"H-{month}", line_key=f"H-{month}", source="books", landed_at=now)
bought = Purchase.objects.get(order_key="H-0")
Purchase.objects.create(customer=customer, product=product, kind="return", takes_back=bought, bought_at=now, quantity=-200, amount=-16_000, currency="CNY", order_key="H-0", line_key="H-0-back", source="books", landed_at=now)
orders.name_purchases(case, {bought.pk: None, Purchase.objects.get(order_key="H-1").pk: Decimal(300)}, by=gu, now=now)
contacting.plan(customer, "visit", now.date() + timedelta(days=2), subject="看新色卡", owner=gu, by=gu, now=now)
made = contacting.log(customer, "call", notes="下季要小批量快返。", next_step="寄色卡", owner=gu, by=gu, now=now)
contact_series.begin(customer, "visit", "季度走访", every=3, unit="months", first_on=now.date() + timedelta(days=5), owner=gu, by=gu, now=now)
needing.note(customer, "小批量快返", weight=4, expected="七天交货", source="contact", evidence=("contact", made.pk), by=gu, now=now)
for words in ("样品间在换供应商的色卡", "明年扩两条线"):
    knowing.capture("observation", words, customer=customer, source="contact", evidence=("contact", made.pk), by=gu, now=now)
consenting.give(customer, "news", "email", evidence="展会登记表", by=gu, now=now)

# Two days later: some promises are broken and went up.
now = at(4, 10)
while keeping.fire_due(now):
    pass
case.refresh_from_db()
world = {"case": case.number, "token": case.tracking_token(), "task": task.pk, "customer": customer.pk}
"""
