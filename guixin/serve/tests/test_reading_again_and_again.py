import pytest
from django.db.models import Count

from guixin.ledger.reading import Reading
from guixin.organisation.models import Department, Person, Post
from guixin.serve.tests import make

POSTS = Reading(
    lambda person_id, department_id: Post.objects.filter(
        person_id=person_id, position__department_id=department_id
    ).select_related("person", "position__department")
)


@pytest.mark.django_db
class TestAReading:
    def test_gives_what_the_query_gives(self, django_assert_num_queries):
        wang, front = make.wang(), make.front()
        usual = Post.objects.get(person=wang, position__department=front)

        (post,) = POSTS.rows(wang.pk, front.pk)

        with django_assert_num_queries(0):
            assert (post, post.person, post.position.department) == (usual, wang, front)
        assert vars(post.person).keys() == vars(usual.person).keys()
        assert post.person.preferences == wang.preferences

    def test_asks_for_other_ids_the_next_time(self):
        wang, li, quality = make.wang(), make.li(), make.quality()

        assert POSTS.rows(wang.pk, quality.pk) == []
        assert [post.person for post in POSTS.rows(li.pk, quality.pk)] == [li]
        assert POSTS.first(wang.pk, quality.pk) is None

    def test_brings_what_is_asked_for_besides(self):
        wang = make.wang()
        person = Reading(lambda pk: Person.objects.filter(pk=pk), besides="2 + 2, 'so'")

        assert person.first_with_besides(wang.pk) == (wang, (4, "so"))
        assert person.first(wang.pk) == wang
        assert person.first_with_besides(0) is None

    def test_is_of_objects_alone(self):
        with pytest.raises(TypeError, match="objects of a model"):
            Reading(lambda: Department.objects.annotate(n=Count("positions"))).rows()
        with pytest.raises(TypeError, match="objects of a model"):
            Reading(lambda: Department.objects.values("name")).rows()
