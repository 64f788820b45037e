"""Cases found by their words, and suggested once they are closed."""

import pytest

from guixin.search import asking, indexing
from guixin.serve import changing, merging
from guixin.serve.case_texts import AT_ONCE, keep_found
from guixin.serve.finding import find
from guixin.serve.models import Case
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db


def found(text, person=None):
    return [each.ref for each in asking.search(text, person or make.wang(), kinds=["case"])]


class TestACase:
    def test_is_found_by_its_words_by_those_who_see_it(self):
        case = make.case(subject="瓷砖色差", departments=[make.quality().pk])

        assert found("色差") == found("色差", make.li()) == [case.number]
        assert found("色差", make.zhao()) == []
        assert asking.search("色差", None) == []
        assert [(each.case, each.why) for each in find("色差", make.wang()).cases] == [(case, "words")]

    def test_is_found_by_what_it_says_now(self):
        case = make.case(subject="瓷砖色差")
        changing.edit(
            case, {"subject": "釉面裂纹"}, read_at_version=case.version, by=make.wang(), now=make.NOON
        )

        assert (found("色差"), found("裂纹")) == ([], [case.number])

    def test_that_was_merged_is_found_as_the_one_it_became(self):
        one, other = make.case(subject="瓷砖色差"), make.case(subject="又是色差")
        merging.merge(other, one, by=make.wang(), now=make.NOON)

        assert found("色差") == [one.number]

    def test_is_suggested_with_what_the_customer_was_told_once_it_is_closed(self):
        make.case(subject="瓷砖色差，要求更换")
        closed = make.closed_case(subject="瓷砖有色差")

        best = asking.suggest("客户说瓷砖色差严重", make.wang(), kinds=["case"])

        assert [each.ref for each in best] == [closed.number]

    def test_is_left_to_the_worker_when_it_comes_with_many(self):
        case = make.case(subject="瓷砖色差")
        Case.objects.filter(pk=case.pk).update(subject="釉面裂纹")
        events = [type("Event", (), {"case_id": case.pk + n})() for n in range(AT_ONCE + 1)]

        keep_found(events)
        assert found("裂纹") == []
        indexing.index_pending()
        assert found("裂纹") == [case.number]
