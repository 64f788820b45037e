import pytest

from guixin.ledger.models import Entry
from guixin.serve import classifying, ruling
from guixin.serve.classifying import CannotClassify, CannotClose, Classification, ClassifiedMeanwhile
from guixin.serve.closing import close
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db


def correct(case, version=1, reason="复测是运输造成的", **said):
    whole = {
        "department": make.logistics(),
        "quality_point": "packing",
        "cause": "transport",
        "severity": 2,
    } | said
    return classifying.reclassify(
        case, Classification(**whole), reason=reason, version=version, by=make.wang(), now=make.NOON
    )


class TestCorrectingAClassification:
    def test_keeps_what_it_said_before_in_the_ledger(self):
        case = make.closed_case()
        was = classifying.latest_closing(case)

        closing = correct(case, was.version)

        assert (closing.quality_point, closing.cause, closing.version) == ("packing", "transport", 2)
        entry = Entry.objects.get(kind="serve.case_reclassified")
        assert entry.facts["old"]["quality_point"] == was.quality_point
        assert entry.facts["new"]["quality_point"] == "packing"
        assert "reason" not in entry.facts

    def test_shows_what_somebody_else_corrected_meanwhile(self):
        case = make.closed_case()
        correct(case)

        with pytest.raises(ClassifiedMeanwhile) as refused:
            correct(case, quality_point="colour")

        assert refused.value.closing.quality_point == "packing"

    @pytest.mark.parametrize(
        ("said", "why"),
        [({"reason": " "}, "Say why"), ({"cause": ""}, "missing"), ({"cause": "nobody"}, "not in the list")],
    )
    def test_is_refused_in_words(self, said, why):
        case = make.closed_case()

        with pytest.raises((CannotClassify, CannotClose), match=why):
            correct(case, **said)

    def test_is_refused_before_the_closing(self):
        with pytest.raises(CannotClassify, match="not been closed"):
            correct(make.case())


class TestClosingWithoutAClassification:
    @pytest.mark.parametrize(
        ("kind", "classify", "refused"),
        [("complaint", 0, False), ("enquiry", 1, False), ("enquiry", 2, True)],
    )
    def test_is_as_the_firm_chose(self, kind, classify, refused):
        ruling.change_policy({"classify": classify}, by=make.he(), now=make.NOON)
        case = make.answered_case(kind=kind)

        if not refused:
            assert close(case, by=make.wang(), now=make.NOON).quality_point == ""
            return
        with pytest.raises(CannotClose, match="missing"):
            close(case, by=make.wang(), now=make.NOON)
