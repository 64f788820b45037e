import pytest

from guixin.organisation.models import CannotMove, Department
from guixin.organisation.tests import make

pytestmark = pytest.mark.django_db


def codes_under(department):
    return set(Department.objects.under(department).values_list("code", flat=True))


class TestMovingADepartment:
    def test_takes_everything_below_along(self):
        make.department("quality-centre").move(under=make.logistics())
        assert codes_under(make.logistics()) == {"logistics", "quality-centre", "quality", "after-sales"}
        quality = make.quality()
        assert quality.line() == [make.firm().pk, make.logistics().pk, quality.parent_id, quality.pk]

    def test_to_the_top_makes_it_a_tree_of_its_own(self):
        make.department("quality-centre").move(under=None)
        assert make.quality().line() == [make.quality().parent_id, make.quality().pk]
        assert codes_under(make.firm()) == {"firm", "front", "logistics"}

    def test_under_itself_is_refused(self):
        centre = make.department("quality-centre")
        with pytest.raises(CannotMove, match="under itself"):
            centre.move(under=make.quality())
        assert make.quality().line()[0] == make.firm().pk

    def test_by_an_instance_read_long_ago_still_moves_the_whole_subtree(self):
        read_long_ago = make.department("quality-centre")
        make.department("quality-centre").move(under=make.logistics())
        read_long_ago.move(under=make.front())
        assert codes_under(make.front()) == {"front", "quality-centre", "quality", "after-sales"}

    def test_leaves_similar_numbers_alone(self):
        top = make.firm()
        one = Department.objects.create(pk=900, code="one", name="一", parent=top)
        Department.objects.create(pk=9001, code="two", name="二", parent=top)
        one.move(under=make.front())
        assert "two" not in codes_under(make.front())
