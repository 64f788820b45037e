import pytest
from django.db.models import Count

from guixin.ledger.reading import Reading, Together, read_at_once
from guixin.ledger.rounds import answer, ask, together
from guixin.organisation.models import Department, Person, Post
from guixin.promise.models import Clock
from guixin.serve import replying
from guixin.serve.models import Closing, Message
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

    def test_brings_what_is_counted_with_them(self):
        front = make.front()
        counted = Reading(lambda pk: Department.objects.filter(pk=pk).annotate(n=Count("positions")))

        assert [each.n for each in counted.rows(front.pk)] == [front.positions.count()]
        (each,) = Together(counted=counted).rows(pk=front.pk)["counted"]
        assert (each, each.n) == (front, front.positions.count())

    def test_is_of_objects_alone(self):
        with pytest.raises(TypeError, match="objects of a model"):
            Reading(lambda: Department.objects.values("name")).rows()


OF_CASE = Together(
    clocks=Reading(
        lambda case_id: (
            Clock.objects.filter(case_id=case_id)
            .select_related("version__standard", "holder")
            .order_by("-pk")
        )
    ),
    messages=Reading(
        lambda case_id: Message.objects.filter(case_id=case_id).select_related("by", "task").order_by("-pk")
    ),
    closings=Reading(lambda case_id: Closing.objects.filter(case_id=case_id)),
)
THEIR_OWN = Together(
    notes=Reading(
        lambda person_id, case_id: Message.objects.filter(
            by_id=person_id, case_id=case_id, body__contains="100%"
        )
    )
)


def told(row) -> dict:
    """All that is known of an object, and of what came with it."""
    known = {name: value for name, value in vars(row).items() if name != "_state"}
    return known | {name: one and told(one) for name, one in row._state.fields_cache.items()}


@pytest.mark.django_db
class TestReadingsTogether:
    def test_give_what_each_of_them_gives_alone(self):
        case = make.case()
        make.wang().prefer(density="dense")
        replying.note(case, "客户周五出货。", by=make.wang(), now=make.NOON)

        together = OF_CASE.rows(case_id=case.pk)

        alone = {name: reading.rows(case.pk) for name, reading in OF_CASE.readings.items()}
        assert {name: [told(each) for each in rows] for name, rows in together.items()} == {
            name: [told(each) for each in rows] for name, rows in alone.items()
        }
        assert len(together["clocks"]) > 1
        assert together["messages"][0].by.preferences == {"density": "dense"}
        assert together["closings"] == []

    def test_take_the_ids_each_of_them_names(self):
        case = make.case()
        note = replying.note(case, "不良率 100%", by=make.wang(), now=make.NOON)
        whole = OF_CASE | THEIR_OWN

        assert whole.rows(case_id=case.pk, person_id=make.wang().pk)["notes"] == [note]
        assert whole.rows(case_id=case.pk, person_id=make.li().pk)["notes"] == []


@pytest.mark.django_db
class TestQuerySetsAtOnce:
    def test_give_their_objects_each_in_its_order(self):
        case = make.case()
        make.wang().prefer(density="100% dense")
        notes = [
            replying.note(case, words, by=make.wang(), now=make.NOON) for words in ("甲", "乙 100%", "丙")
        ]
        said = Message.objects.filter(case=case, kind="note").select_related("by").order_by("-pk")

        found = read_at_once(said.exclude(body__contains="100%"), Clock.objects.none())

        assert [each.pk for each in found[0]] == [notes[2].pk, notes[0].pk]
        assert found[0][0].by.preferences["density"] == "100% dense"
        assert [told(each) for each in found[0]] == [told(each) for each in said.exclude(pk=notes[1].pk)]
        assert found[1] == []

    def test_come_beside_the_rows_of_statements(self):
        case = make.case()
        note = replying.note(case, "甲", by=make.wang(), now=make.NOON)

        words, notes = read_at_once(
            ("SELECT word, word LIKE '%%丙' FROM unnest(%s::text[]) AS t (word)", [["乙 100%", "丙"]]),
            Message.objects.filter(case=case, kind="note"),
        )

        assert words == [("乙 100%", False), ("丙", True)]
        assert notes == [note]

    def test_ask_nothing_where_nothing_is_asked_for(self):
        assert read_at_once() == []
        assert read_at_once(Clock.objects.none()) == [[]]


def twice(number: int):
    ((once,),) = yield from ask("SELECT %s::int + 1", [number])
    ((again,),) = yield from ask("SELECT %s::int * 2", [once])
    return again


def nothing():
    return "nothing"
    yield


@pytest.mark.django_db
class TestQuestionsThatGoOnTogether:
    def test_ask_in_one_round_what_each_wants_to_know_next(self):
        def both():
            return (yield from together(nothing(), twice(1), ask("SELECT 7"), twice(20)))

        asking = both()

        assert [values for _sql, values in next(asking)] == [[1], [], [20]]
        assert [values for _sql, values in asking.send([[(2,)], [(7,)], [(21,)]])] == [[2], [21]]
        assert answer(both()) == ["nothing", 4, [(7,)], 42]

    def test_get_rows_and_objects_and_ask_the_same_but_once(self):
        wang = make.wang()
        him = Person.objects.filter(pk=wang.pk)

        drawn, again, people, nobody = answer(
            together(
                ask("SELECT random()"),
                ask("SELECT random()"),
                ask(him),
                ask(Person.objects.filter(pk__in=[])),
            )
        )

        assert drawn == again
        assert (people, nobody) == ([wang], [])

    def test_need_ask_nothing(self):
        assert answer(together()) == []
        assert answer(nothing()) == "nothing"
