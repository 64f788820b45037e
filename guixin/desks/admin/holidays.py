"""The year's holidays and make-up working days: looked at month by month, edited, pasted, published.

Every change goes through one page that shows it before it counts: which days differ, what of a pasted notice was not
understood, and how many running promises would move. The proposed days travel in the form as plain lines.
"""

import re
from calendar import Calendar as Weeks
from collections.abc import Iterable
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import did, history
from guixin.desks.admin.forms.hours import NewYearForm, NoticeForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.models import Calendar, HolidayList, HolidayYear
from guixin.promise.recalculating import Day, promises_that_would_move, publish_holidays
from guixin.web.refusals import Refused
from guixin.web.toasts import say
from guixin.worktime.chinese_holidays import chinese_day_list, is_published
from guixin.worktime.state_council import read_notice, year_in

_LINE = re.compile(r"(\d{4}-\d{2}-\d{2}) (off|work) ?(.*)", re.ASCII)
_BEFORE = "holidays_before"  # in the session: what the last change replaced
WHY = {  # why a sentence of a notice was left over, as state_council says it
    "neither holiday nor work": gettext_noop("says neither holiday nor work"),
    "both holiday and work": gettext_noop("says both holiday and work"),
    "contradicts another sentence": gettext_noop("contradicts another sentence"),
    "a day without a month": gettext_noop("a day without a month"),
    "not definite": gettext_noop("says nothing definite"),
    "no such day": gettext_noop("there is no such day"),
    "a holiday of more than a month": gettext_noop("a holiday of more than a month"),
    "the weekday does not belong to the date": gettext_noop(
        "taken over, but the weekday does not belong to the date"
    ),
    "the number of days does not fit": gettext_noop("taken over, but the number of days does not fit"),
}


def missing_year(now: datetime) -> int | None:
    """From November on: next year, if a list that some calendar follows has not published it."""
    today = timezone.localdate(now)
    if today.month < 11:
        return None
    followed = HolidayList.objects.filter(pk__in=Calendar.objects.exclude(holidays=None).values("holidays"))
    there = followed.filter(years__year=today.year + 1, years__published=True)
    return today.year + 1 if followed.exclude(pk__in=there).exists() else None


@administrators
@require_http_methods(["GET", "POST"])
def holidays(request: SignedIn) -> HttpResponse:
    now = database_now()
    if request.method == "POST" and not HolidayList.objects.exists():
        HolidayList.objects.create(code="CN", name="中国大陆")
        return redirect("holidays")
    this_year = timezone.localdate(now).year
    is_there = HolidayYear.objects.filter(year=this_year).exists()
    context = {
        "now": now,
        "lists": HolidayList.objects.prefetch_related("years__days").order_by("code"),
        "missing": missing_year(now),
        "this_year": this_year,
        "form": NewYearForm(initial={"year": this_year + is_there}, label_suffix=""),
    }
    wanted, code = request.GET.get("year", ""), request.GET.get("list", "")
    if wanted.isdecimal() and HolidayList.objects.filter(code=code).exists():
        return redirect("holiday_year", code, int(wanted[:4]))
    return page(request, "desks/admin/holidays.html", context)


@administrators
@require_GET
def year(request: SignedIn, code: str, year: int) -> HttpResponse:
    return _show_year(request, _list(code), year)


@administrators
@require_GET
def month(request: SignedIn, code: str, year: int, month: int) -> HttpResponse:
    """Every day of a month with what it is; sent to the proposal, not saved."""
    if not 1 <= month <= 12:
        raise Http404
    holidays = _list(code)
    known = {day.on: day for day in _stored(holidays, year)}
    days = [date(year, month, number) for number in range(1, _length(year, month) + 1)]
    context = {
        "list": holidays,
        "year": year,
        "month": date(year, month, 1),
        "blank": range(days[0].weekday()),
        "days": [{"on": on, "known": known.get(on), "weekend": on.weekday() > 4} for on in days],
    }
    return page(request, "desks/admin/holiday_month.html", context)


@administrators
@require_POST
def propose(request: SignedIn, code: str, year: int) -> HttpResponse:
    """What would count: from a month's form, a pasted notice, or the table we know. Nothing is kept."""
    holidays = _list(code)
    before, leftovers, source = _stored(holidays, year), [], ""
    if "seed" in request.POST:
        if not is_published(year):
            return _show_year(request, holidays, year, refusal=_("We do not know the holidays of %(year)s yet. Paste the notice.") % {"year": year})  # fmt: skip
        days = [Day(each.day, each.works, each.name) for each in chinese_day_list(year)]
        source = "国务院办公厅节假日安排"
    elif "month" in request.POST:
        try:
            days = _with_month(request, before, year, int(request.POST["month"]))
        except ValueError as wrong:
            raise Http404 from wrong
    else:
        form = NoticeForm(request.POST, label_suffix="")
        if not form.is_valid():
            return _show_year(request, holidays, year, notice=form)
        text = form.cleaned_data["notice"]
        reading = read_notice(text, year)
        days = [Day(each.on, each.works, each.name[:200]) for each in reading.days]
        leftovers = [(sentence, _(WHY[why])) for sentence, why in reading.leftovers]
        if (said := year_in(text)) and said != year:
            leftovers.insert(0, (_("The notice speaks of %(said)s, this page is %(year)s.") % {"said": said, "year": year}, ""))  # fmt: skip
        if not days:
            form.add_error("notice", _("No holiday of %(year)s was found in it.") % {"year": year})
            return _show_year(request, holidays, year, notice=form)
        source = next((each.strip() for each in text.splitlines() if "通知" in each), "")[:200]
    return _show_proposal(
        request, holidays, year, before, sorted(days, key=lambda d: d.on), leftovers, source
    )


@administrators
@require_POST
def save(request: SignedIn, code: str, year: int) -> HttpResponse:
    """Set the year as it was proposed: as a draft, or published."""
    holidays, now = _list(code), database_now()
    row = HolidayYear.objects.filter(list=holidays, year=year).first()
    kept = [_written(_stored(holidays, year)), row.published if row else False, row.source if row else ""]
    try:
        days = _read(request.POST.get("days", ""))
    except ValueError as wrong:
        raise Http404 from wrong
    moved = []

    def publish() -> None:
        moved.append(
            publish_holidays(
                holidays, year, days, now=now, published=request.POST.get("publish") == "1",
                source=request.POST.get("source", "")[:200], actor_id=request.user.pk,
            )
        )  # fmt: skip

    try:
        publish()
    except Refused as refusal:
        return _show_year(request, holidays, year, refusal=str(refusal))
    request.session[_BEFORE] = [code, year, *kept]
    say(
        request,
        _("%(year)s is saved; %(moved)s running promises moved.") % {"year": year, "moved": moved[0]},
        undo=reverse("holidays_undo", args=[code, year]),
    )
    return redirect("holiday_year", code, year)


@administrators
@require_POST
def undo(request: SignedIn, code: str, year: int) -> HttpResponse:
    """The year as it was before this session's last change."""
    holidays, kept = _list(code), request.session.pop(_BEFORE, None)
    if not kept or kept[:2] != [code, year]:
        raise Http404
    _code, _year, days, published, source = kept
    return did(
        request,
        lambda: publish_holidays(
            holidays, year, _read(days), now=database_now(), published=published, source=source,
            actor_id=request.user.pk,
        ),
        _("%(year)s is as it was.") % {"year": year},
        where=reverse("holiday_year", args=[code, year]),
    )  # fmt: skip


def _list(code: str) -> HolidayList:
    return get_object_or_404(HolidayList, code=code)


def _stored(holidays: HolidayList, year: int) -> list[Day]:
    row = HolidayYear.objects.filter(list=holidays, year=year).first()
    return [Day(each.on, each.works, each.name) for each in row.days.all()] if row else []


def _length(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days


def _with_month(request: HttpRequest, before: Iterable[Day], year: int, month: int) -> list[Day]:
    days = [day for day in before if day.on.month != month]
    for number in range(1, _length(year, month) + 1):
        on = date(year, month, number)
        state = request.POST.get(f"day-{on:%Y-%m-%d}", "")
        if state in ("off", "work"):
            days.append(Day(on, state == "work", request.POST.get(f"name-{on:%Y-%m-%d}", "").strip()[:200]))
    return days


def _written(days: Iterable[Day]) -> str:
    return "\n".join(
        f"{day.on.isoformat()} {'work' if day.works else 'off'} {' '.join(day.name.split())}".strip()
        for day in days
    )


def _read(text: str) -> list[Day]:
    days = []
    for each in text.splitlines():
        found = _LINE.fullmatch(each.strip())
        if found is None:
            raise ValueError(each)
        days.append(Day(date.fromisoformat(found[1]), found[2] == "work", found[3][:200]))
    return days


def _months(year: int, days: Iterable[Day], before: Iterable[Day] | None = None) -> list[dict]:
    """Twelve months of weeks of days, each with its mark and whether it differs from `before`."""
    marks = {day.on: day for day in days}
    old = None if before is None else {day.on: day for day in before}
    months = []
    for number in range(1, 13):
        weeks = [
            [
                {
                    "on": on,
                    "inside": on.month == number,
                    "mark": marks.get(on) if on.month == number else None,
                    "changed": old is not None and on.month == number and marks.get(on) != old.get(on),
                }
                for on in week
            ]
            for week in Weeks().monthdatescalendar(year, number)
        ]
        months.append({"first": date(year, number, 1), "weeks": weeks})
    return months


def _show_year(
    request: SignedIn,
    holidays: HolidayList,
    year: int,
    *,
    refusal: str = "",
    notice: NoticeForm | None = None,
) -> HttpResponse:
    if not 1970 <= year <= 2200:
        raise Http404
    row = HolidayYear.objects.filter(list=holidays, year=year).first()
    context = {
        "list": holidays,
        "year": year,
        "row": row,
        "months": _months(year, _stored(holidays, year)),
        "notice": notice or NoticeForm(label_suffix=""),
        "refusal": refusal,
        "may_seed": is_published(year),
        "history": history(("holidayyear", row.pk)) if row else [],
    }
    return page(request, "desks/admin/holiday_year.html", context, status=422 if refusal or notice else 200)


def _show_proposal(
    request: SignedIn, holidays: HolidayList, year: int, before: list[Day], days: list[Day],
    leftovers: list[tuple[str, str]], source: str,
) -> HttpResponse:  # fmt: skip
    now = database_now()
    row = HolidayYear.objects.filter(list=holidays, year=year).first()
    try:
        moves = promises_that_would_move(lambda: publish_holidays(holidays, year, days, now=now), now=now)
    except Refused as refusal:
        return _show_year(request, holidays, year, refusal=str(refusal))
    old, new = {day.on: day for day in before}, {day.on: day for day in days}
    context = {
        "list": holidays,
        "year": year,
        "row": row,
        "months": _months(year, days, before),
        "differing": sum(old.get(on) != new.get(on) for on in old.keys() | new.keys()),
        "off": sum(not day.works for day in days),
        "works": sum(day.works for day in days),
        "moves": moves,
        "leftovers": leftovers,
        "written": _written(days),
        "source": source or (row.source if row else ""),
    }
    return page(request, "desks/admin/holiday_proposal.html", context)
