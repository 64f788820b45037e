from guixin.promise.forecast import coming_steps
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation
from guixin.serve.tests import make


class TestTheForecastOfALadder:
    def test_names_reminder_breach_and_levels_with_their_instants(self, db):
        task = make.task(accepted_by=make.li(), now=make.at("09:00"))
        clock = make.clock(task, "result")

        coming = coming_steps(clock, make.at("09:00"))

        assert [step.rung for step in coming] == [0, 1, 2, 3, 4]
        assert [step.person_id for step in coming] == [
            make.li().pk, make.qian().pk, make.wu().pk, make.chen().pk, make.sun().pk,
        ]  # fmt: skip
        assert coming[1].at == clock.due_at
        assert [step.at for step in coming] == sorted(step.at for step in coming)

    def test_is_what_the_worker_then_does(self, db):
        task = make.task(accepted_by=make.li(), now=make.at("09:00"))
        clock = make.clock(task, "result")
        coming = coming_steps(clock, make.at("09:00"))
        Clock.objects.exclude(pk=clock.pk).delete()

        fire_due(coming[-1].at)

        fired = Escalation.objects.filter(clock=clock).order_by("happened_at")
        assert [(one.level, one.round, one.happened_at) for one in fired] == [
            (step.level, step.round, step.at) for step in coming
        ]
        assert coming_steps(Clock.objects.get(pk=clock.pk), coming[-1].at)[0].at > coming[-1].at

    def test_skips_who_is_away(self, db):
        task = make.task(accepted_by=make.li(), now=make.at("09:00"))
        make.away(make.qian(), make.at("08:00"), make.at("18:00", day=20))

        coming = coming_steps(make.clock(task, "result"), make.at("09:00"))

        assert coming[1].person_id == make.wu().pk
        assert coming[1].authority.skipped[0].person_id == make.qian().pk

    def test_is_empty_while_the_clock_stands_still(self, db):
        from guixin.serve.waiting import wait_for_customer

        case = make.case(now=make.at("09:00"))
        wait_for_customer(case, "请拍照", by=make.wang(), now=make.at("09:30"))

        assert coming_steps(make.clock(case, "resolve"), make.at("09:30")) == []
