"""Thirteen days' work without a mouse. Whoever does them presses keys and nothing else, and sees the focus all the way."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import Keyboard
from tests.browser.tasks import ADMINISTRATOR, HANDLER, OFFICER, PASSWORD, SUPERVISOR, fresh, made

Sit = Callable[..., Keyboard]


@pytest.fixture
def sit(visit) -> Iterator[Sit]:
    """sit("/queues/mine", as_="顾盼"): that person before that page. At the end the focus was never out of sight."""
    people: list[Keyboard] = []

    def down(path: str, **more) -> Keyboard:
        people.append(Keyboard(visit(path, **more)))
        return people[-1]

    yield down
    assert [lost for person in people for lost in person.lost] == []


@pytest.fixture
def make(the_house) -> Callable:
    """What this code says last, run inside the house after the prelude of the tasks."""
    return lambda code: made(the_house, code)


def said(page: Page, words: str) -> None:
    expect(page.locator(".messages .notice", has_text=words).first).to_be_visible()


class TestWithoutAMouse:
    def test_a_person_signs_in(self, sit, the_house):
        the_house.command("person", "password", "shi", reads=f"{PASSWORD}\n")
        person = sit("/queues/tasks")

        person.go_to("#id_login")
        person.write("shi")
        person.go_to("#id_password")
        person.write(PASSWORD)
        person.press("Enter")

        expect(person.page).to_have_url(re.compile("/queues/tasks$"))  # where they wanted to go
        expect(person.page.locator(".rail")).to_contain_text("石磊")

    def test_a_customer_is_found_and_opened(self, sit, make):
        digits = f"8{fresh()[1:]}"
        pk = make(f'print(json.dumps(customer("司马懿", "1396666{digits}").pk))')
        person = sit("/", as_=OFFICER)

        person.press("Control+k")
        person.write(digits)
        found = person.page.locator(f"#palette-found a[href='/customers/{pk}']")
        found.wait_for()
        for _step in range(10):
            if found.get_attribute("aria-selected") == "true":
                break
            person.press("ArrowDown")
        person.press("Enter")

        expect(person.page).to_have_url(re.compile(f"/customers/{pk}$"))
        expect(person.page.locator("h1")).to_contain_text("司马")

    def test_a_case_is_taken_in_by_phone(self, sit, make):
        phone = f"1397777{fresh()}"
        make(f'print(json.dumps(customer("赵一鸣", "{phone}").pk))')
        person = sit("/", as_=OFFICER)

        person.press("c")
        person.page.wait_for_url("**/cases/new")
        person.go_to("#id_phone")
        person.write(phone)
        person.page.locator("#beside #known-title").wait_for()
        person.go_to("#id_subject")
        person.write("拉链卡住，拉不动")
        person.choose("#id_kind", "投诉")
        person.press("Control+Enter")

        expect(person.page.locator(".case-head h1")).to_contain_text("拉链卡住")

    def test_a_reply_is_written_with_a_template_and_settles_the_case(self, sit, make):
        number = make(
            f"""
case = opened("少发一箱 {fresh()}", category="delivery/short", customer=customer("赵一鸣", "13922220000"))
back = Task.objects.get(case=case)
handling.accept(back, by=person("潘小龙"), now=now)
handling.return_result(back, "少发一箱，已补发。", by=person("潘小龙"), now=now)
print(json.dumps(case.number))
"""
        )
        person = sit(f"/cases/{number}", as_=OFFICER)

        person.press("m")
        person.page.locator("[data-panel=reply] [role=option]:visible").first.wait_for()
        person.press("b")  # of bf, 补发
        chosen = person.page.locator("[data-panel=reply] [role=option][aria-selected=true]")
        expect(chosen).to_contain_text("少发补发")
        person.press("Enter")
        expect(person.page.locator(".composer-reply [name=settle]")).to_be_checked()
        person.press("Control+Enter")

        expect(person.page.locator(".held-reply")).to_contain_text("同时办结")

    def test_a_note_calls_a_colleague(self, sit, make):
        number = make('print(json.dumps(opened("色牢度不合格").number))')
        person = sit(f"/cases/{number}", as_=OFFICER)

        person.press("n")
        person.write("@许文静 客户周五出货，请看一下。")
        person.press("Control+Enter")

        expect(person.page.locator("#case")).to_contain_text("客户周五出货")
        told = sit("/", as_=SUPERVISOR)
        expect(told.page.locator("main")).to_contain_text(number)

    def test_a_task_is_passed_on(self, sit, make):
        pk = make(
            'case = opened("包装压坏", departments=(department("quality"),))\n'
            "print(json.dumps(Task.objects.get(case=case).pk))"
        )
        person = sit(f"/tasks/{pk}", as_=HANDLER)

        person.press("d")
        form = person.page.locator("#task-form form")
        form.wait_for()
        person.choose(form.locator("select[name=department]"), "财务部")
        person.activate(form.locator("button[type=submit]"))

        expect(person.page).to_have_url(re.compile("/queues/tasks"))
        assert make(f"print(json.dumps(Task.objects.get(pk={pk}).department.code))") == "finance"

    def test_more_time_is_asked_for_and_granted(self, sit, make):
        pk = make(
            'case = opened("检测要三天", departments=(department("quality"),))\n'
            "print(json.dumps(Task.objects.get(case=case).pk))"
        )
        person = sit(f"/tasks/{pk}", as_=HANDLER)
        person.activate(
            person.page.locator(".task-bar")
            .get_by_text("延期", exact=True)
            .locator("xpath=ancestor-or-self::a")
        )
        form = person.page.locator("#task-form form")
        form.locator("[name=suggested]:checked").wait_for()
        person.go_to(form.locator("[name=phrase]").first)
        person.press("ArrowDown")
        person.activate(form.locator("button[type=submit]"))
        said(person.page, "")
        asked, authority = make(
            "from guixin.promise.models import Extension\n"
            f"one = Extension.objects.select_related('authority').get(clock__about_kind='task', clock__about_id={pk})\n"
            "print(json.dumps([one.pk, one.authority.name]))"
        )

        above = sit("/escalations", as_=authority)
        its = above.page.locator(f"#extension-{asked}")
        above.activate(its.locator("a[id*=decision]"))
        decided = above.page.locator(f"form[action='/extensions/{asked}/decision']")
        decided.wait_for()
        above.go_to(decided.locator("[name=granted]").first)
        above.activate(decided.locator("button[type=submit]"))

        expect(its).to_have_count(0)
        state = f"print(json.dumps(Extension.objects.get(pk={asked}).state))"
        assert make(f"from guixin.promise.models import Extension\n{state}") == "granted"

    def test_an_escalation_is_taken_over(self, sit, make):
        pk = make(
            f"""
from guixin.promise.models import Escalation
case = opened("客户要找领导")
one = Escalation.objects.create(case_id=case.pk, cause="by_hand", level=1, department_id=department("desk"),
                                to_person=person("{SUPERVISOR}"), happened_at=now, made_at=now, reason="客户要找领导")
print(json.dumps(one.pk))
"""
        )
        person = sit("/escalations", as_=SUPERVISOR)

        person.activate(person.page.locator(f"#escalation-{pk} a[id*=taking-over]"))
        form = person.page.locator(f"form[action='/escalations/{pk}/taking-over']")
        form.wait_for()
        person.go_to(form.locator("[name=note]"))
        person.write("我来处理")
        person.press("Enter")

        expect(person.page.locator(f"#escalation-{pk}")).to_have_count(0)

    def test_many_cases_are_changed_at_once_and_it_is_taken_back(self, sit, make):
        word = f"批量{fresh()}"
        numbers = make(f'print(json.dumps([opened("{word} " + str(n)).number for n in range(3)]))')
        person = sit(f"/queues/mine?q={word}", as_=OFFICER)
        expect(person.page.locator("table.queue tbody tr")).to_have_count(3)

        person.press("j")
        person.press("x")
        person.press("j")
        person.press("x")
        expect(person.page.locator("[data-chosen-number]")).to_have_text("2")
        person.press("p")
        person.page.wait_for_url("**/bulk/*")
        person.choose("#bulk-draft [name=severity]", "严重")
        person.activate("#bulk-draft button[name=do]")
        said(person.page, "2")
        person.press("Control+z")

        person.page.wait_for_url("**/bulk/*")
        expect(person.page.locator("#bulk-state")).to_contain_text("已撤回")
        assert make(f"print(json.dumps(Case.objects.filter(number__in={numbers}, severity=3).count()))") == 0

    def test_a_view_is_saved(self, sit):
        name = f"急件{fresh()}"
        person = sit("/queues/all", as_=OFFICER)

        person.press("f")
        form = person.page.locator("form.filters")
        form.wait_for()
        person.tick(form.locator("[name=kind][value=complaint]"))
        person.activate(form.locator("button[type=submit]"))
        person.page.wait_for_url("**kind=complaint**")
        person.activate("a[href^='/views/new']")
        person.page.wait_for_url("**/views/new**")
        person.go_to("main [name=name]")
        person.write(name)
        person.press("Enter")

        expect(person.page.locator(".rail")).to_contain_text(name)

    def test_an_absence_is_entered_with_a_deputy(self, sit):
        person = sit("/absences", as_="沈嘉宁")

        next_year = date.today().year + 1  # noqa: DTZ011  any zone will do
        moment(person, "#absence-from_at", f"{next_year}-03-01T09:00")
        moment(person, "#absence-to_at", f"{next_year}-03-05T18:00")
        person.choose("#absence-deputy", "顾盼")
        person.activate("form:has(#absence-deputy) button[type=submit]")

        said(person.page, "沈嘉宁")
        expect(person.page.locator(".admin-absence", has_text="顾盼").first).to_be_visible()

    def test_a_customer_complains_and_says_that_it_is_solved(self, sit, make):
        customer = sit("/complain")

        customer.go_to("#id_story")
        customer.write("羽绒服的拉链一拉就开。")
        customer.go_to("#id_phone")
        customer.write(f"1398888{fresh()}")
        customer.press("Enter")
        link = customer.page.locator("a.button-main[href*='/track/']")
        link.wait_for()
        number = link.get_attribute("href").split("/")[-2]
        make(
            f'case = Case.objects.get(number="{number}")\n'
            'replying.reply(case, "给您换一条拉链。", by=person("顾盼"), now=now)\nprint(json.dumps(0))'
        )
        customer.activate(link)
        customer.page.wait_for_url("**/track/**")
        customer.activate(".ask-solved form[action$='/confirmation'] button")

        said(customer.page, "")

    def test_a_blueprint_is_drawn_published_and_printed(self, sit):
        """Steps added, renamed, moved; an element added, tied to a standard, marked, changed, taken out. Then on paper."""
        person = sit("/blueprints/new", as_=ADMINISTRATOR)
        page = person.page
        person.go_to("#id_name")
        person.write(f"工厂参观 {fresh()}")
        person.press("Enter")
        page.wait_for_url("**/draft")
        for step in ("接待", "预约"):
            person.go_to(".bp-new-step [name=name]")
            person.write(step)
            person.press("Enter")
            page.locator(".bp-steps h3", has_text=step).wait_for()
        person.activate(page.locator(".bp-steps form[action$='/s2/earlier'] button"))
        expect(page.locator(".bp-steps h3").first).to_have_text("预约")
        person.activate(page.locator(".bp-steps a[href$='/draft/steps/s2']"))
        person.go_to("#id_name")
        person.press("End")
        person.write("参观")
        person.press("Enter")
        expect(page.locator(".bp-steps h3").first).to_have_text("预约参观")

        for name in ("答复来访", "误画的一步"):
            person.activate(page.locator(".bp-add[href*='step=s2&lane=onstage']"))
            person.go_to("#id_name")
            person.write(name)
            if name == "答复来访":
                person.tick("#id_is_moment")
                person.tick(page.locator("[name=standards]").first)
            person.go_to("#id_name", key="Shift+Tab")
            person.press("Enter")
            page.wait_for_url("**/draft")
        person.activate(page.locator(".bp-chip a", has_text="误画的一步"))
        person.activate(page.locator("form[action$='/removal'] button"))
        page.wait_for_url("**/draft")
        expect(page.locator(".bp-chip")).to_have_count(1)
        expect(page.locator(".bp-chip")).to_contain_text("★ 答复来访")

        person.go_to("#note")
        person.write("首版")
        person.press("Enter")
        expect(page.locator(".blueprint-frame svg")).to_contain_text("答复来访")
        expect(page.locator("main")).to_contain_text("预约参观")  # the same in words
        page.emulate_media(media="print")
        expect(page.locator(".rail")).to_be_hidden()
        printed = page.pdf(prefer_css_page_size=True)
        assert re.search(rb"/MediaBox\s*\[0 0 84[12]", printed), "A4 across"


def moment(person: Keyboard, field: str, at: str) -> None:
    """Type a moment part by part, in the order of Chromium's own language, which is English without a window."""
    day, hour = at.split("T")
    year, month, of_month = day.split("-")
    clock = f"{int(hour[:2]) % 12 or 12:02d}"
    person.go_to(field)
    for part in (month, of_month, year):
        person.page.keyboard.type(part)
    person.press("ArrowRight")  # a year may have six digits, so four do not end it
    for part in (clock, hour[3:], "PM" if int(hour[:2]) >= 12 else "AM"):
        person.page.keyboard.type(part)
    expect(person.page.locator(field)).to_have_value(at)
