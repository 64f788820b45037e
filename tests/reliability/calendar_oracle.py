"""A second opinion on working time: walk the minutes one by one and ask of each whether it is worked.

Nothing here is shared with guixin.worktime. That reads shifts off the wall and turns them into instants;
this takes instants and reads the wall. It is slow and has no cases: no clock changes, no nights, no merging.

Everything is in whole minutes, and a calendar is given as plain data:
    weekly  weekday (0 = Monday) -> [(opens, closes), ...] as datetime.time
    days    date -> the same list, instead of the weekday's
"""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
LOOK_BACK = 6 * 60  # minutes; longer than any hour shown twice


def worked_minutes(zone, weekly, days, first, count):
    """One byte for each of `count` minutes from `first` (aware, UTC): 1 when somebody is at work.

    A shift runs from the moment the wall clock has reached its opening until it has reached its closing. A
    clock set back has not un-reached anything, so the latest time it has shown is what counts.
    """
    spans_of = {}
    worked = bytearray()
    latest = datetime.min  # noqa: DTZ901 - a wall clock
    moment = first - LOOK_BACK * MINUTE
    for minute in range(-LOOK_BACK, count):
        latest = max(latest, moment.astimezone(zone).replace(tzinfo=None))
        moment += MINUTE
        if minute < 0:
            continue
        day = latest.date()
        if day not in spans_of:
            spans_of[day] = spans(weekly, days, day - timedelta(days=1)) + spans(weekly, days, day)
        at_work = False
        for opens, closes in spans_of[day]:
            if opens <= latest < closes:
                at_work = True
        worked.append(at_work)
    return worked


def spans(weekly, days, day):
    """The shifts of one day as spans of the wall clock."""
    shifts = days[day] if day in days else weekly.get(day.weekday(), ())
    midnight = datetime.combine(day, datetime.min.time())
    found = []
    for opens, closes in shifts:
        begins = midnight + timedelta(hours=opens.hour, minutes=opens.minute)
        ends = midnight + timedelta(hours=closes.hour, minutes=closes.minute)
        if ends <= begins:
            ends += timedelta(days=1)
        found.append((begins, ends))
    return found


def without(worked, pauses):
    """The same minutes with the paused ones taken out; pauses as (from, to) minute numbers, half-open."""
    left = bytearray(worked)
    for paused_from, paused_to in pauses:
        for minute in range(max(0, paused_from), min(len(left), paused_to)):
            left[minute] = 0
    return left


def minute_due(counting, start, budget):
    """The minute number by which `budget` minutes have been counted since `start`; None if not in sight."""
    if budget == 0:
        return start
    for minute in range(start, len(counting)):
        if counting[minute]:
            budget -= 1
            if budget == 0:
                return minute + 1
    return None


def minutes_counted(counting, start, end):
    """How many minutes of [start, end) count."""
    total = 0
    for minute in range(start, end):
        total += counting[minute]
    return total


def next_worked(worked, start):
    """The first minute not before `start` that is worked; None if not in sight."""
    for minute in range(start, len(worked)):
        if worked[minute]:
            return minute
    return None
