from datetime import timedelta

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve import saved_views
from guixin.serve.models import SavedView, ViewCount
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture(autouse=True)
def _no_haste(monkeypatch):
    """A busy machine may take longer for a count than a rail has patience."""
    monkeypatch.setattr(saved_views, "PATIENCE", "60s")


def saved(by=None, **more) -> SavedView:
    given = {"name": "严重的", "list_name": "all", "query": "severity=3", "shared": "mine"} | more
    return saved_views.save(given["name"], given["list_name"], given["query"], by=by or make.he(),
                            now=make.NOON, shared=given["shared"])  # fmt: skip


class TestASavedView:
    def test_is_a_list_with_its_filters(self):
        make.case(severity=3), make.case(subject="小事", severity=1)
        view = saved()

        rows = signed_in(make.he()).get(f"/views/{view.pk}").context["rows"]

        assert [row.severity for row in rows] == [3]

    def test_is_saved_from_a_form_without_scripts(self):
        make.firm()
        answer = signed_in(make.wang()).post(
            "/views", {"name": "我的", "list": "mine", "query": "due=2h", "shared": "mine"}
        )

        assert answer["Location"] == f"/views/{SavedView.objects.get().pk}"

    def test_is_seen_by_those_it_is_shared_with(self):
        make.firm()
        private, ours, everybodys = (saved(shared=shared) for shared in ("mine", "department", "everybody"))

        def seen_by(person) -> list[int]:
            client = signed_in(person)
            return [client.get(f"/views/{view.pk}").status_code for view in (private, ours, everybodys)]

        assert seen_by(make.he()) == [200, 200, 200]
        assert seen_by(make.wang()) == [404, 200, 200]
        assert seen_by(make.li()) == [404, 404, 404]  # the last is shared, but of a list that is not for her

    def test_lists_for_the_reader_not_for_the_owner(self):
        make.case(departments=[make.logistics().pk])
        view = saved(list_name="department", query="", shared="everybody", by=make.he())

        assert signed_in(make.li()).get(f"/views/{view.pk}").context["rows"] == []

    def test_is_changed_by_its_owner_alone(self):
        make.firm()
        view = saved(shared="everybody")

        assert signed_in(make.wang()).post(f"/views/{view.pk}/saving", {"query": ""}).status_code == 404
        signed_in(make.he()).post(f"/views/{view.pk}/saving", {"query": "severity=4"})
        view.refresh_from_db()
        assert view.query == "severity=4"

    def test_keeps_no_filter_that_lists_do_not_know(self):
        make.firm()

        answer = signed_in(make.wang()).post(
            "/views", {"name": "x", "list": "mine", "query": "owner__password=1", "shared": "mine"}
        )

        assert answer.status_code == 422
        assert not SavedView.objects.exists()

    def test_can_be_shared_with_everybody_by_supervisors_only(self):
        make.firm()

        with pytest.raises(saved_views.CannotSaveView):
            saved(by=make.wang(), list_name="mine", shared="everybody")

    def test_is_removed_and_kept_again(self):
        make.firm()
        view, client = saved(), signed_in(make.he())

        client.post(f"/views/{view.pk}/removal")
        assert not SavedView.objects.exists()
        client.post("/views/again?name=严重的&list=all&query=severity%3D3")
        assert SavedView.objects.get().name == "严重的"

    @pytest.mark.parametrize("key", ["due-soon", "not-accepted", "waiting", "escalated", "follow-ups"])
    def test_comes_with_guixin(self, key):
        make.case()

        for person in (make.wang(), make.li(), make.sun()):
            assert signed_in(person).get(f"/views/{key}").status_code == 200


class TestTheNumberOfAView:
    def test_is_counted_by_a_worker_for_those_who_looked(self):
        make.case(severity=3), make.case(subject="又一件", severity=3)
        view = saved()
        signed_in(make.he()).get("/queues/mine")

        saved_views.recount_next(make.NOON)

        numbers = {each.key: each.number for each in saved_views.in_rail(make.he(), make.NOON)}
        assert numbers[view.key] == 2

    def test_is_not_counted_when_nobody_looked_within_the_hour(self):
        make.firm()
        saved_views.in_rail(make.he(), make.NOON)

        assert saved_views.recount_next(make.NOON + timedelta(hours=2)) == 0

    def test_stops_at_a_bound(self, monkeypatch):
        monkeypatch.setattr(saved_views, "COUNTED_TO", 2)
        for at in range(3):
            make.case(subject=f"第 {at} 件", severity=3)
        view = saved()

        assert saved_views.count(saved_views.find(view.key, make.he()), make.he(), make.NOON) == 2

    def test_is_forgotten_with_the_view(self):
        make.firm()
        view = saved()
        saved_views.in_rail(make.he(), make.NOON)

        saved_views.remove(view, by=make.he())

        assert not ViewCount.objects.filter(view=view.key).exists()
