"""What forms offer to choose from, each list loaded once for a page however many forms show it."""

from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.organisation.models import Department, Person
from guixin.organisation.revisions import cached_until_changed
from guixin.serve.models import Term
from guixin.web.languages import for_reader


@cached_until_changed("organisation")
def every_department() -> dict[int, Department]:
    """By id, as they hang in the tree. Shared by every request of this process: nobody changes one of them."""
    return {each.pk: each for each in Department.objects.order_by("path")}


@cached_until_changed("serving")
def _every_term() -> tuple[Term, ...]:
    return tuple(Term.objects.order_by("list", "code"))


class Lists:
    """The firm's departments, people and terms, as choices."""

    @cached_property
    def _departments(self) -> dict[int, Department]:
        return every_department()

    @cached_property
    def _terms(self) -> tuple[Term, ...]:
        return _every_term()

    def department(self, pk: str | int | None) -> Department | None:
        return self._departments.get(int(pk)) if pk else None

    def departments(self, nothing: str = "") -> list[tuple[str, str]]:
        language = get_language() or "zh-hans"
        return [
            ("", nothing or _("Please choose")),
            *(
                (str(pk), "　" * (len(each.line()) - 1) + each.shown_name(language))
                for pk, each in self._departments.items()
                if each.is_active
            ),
        ]

    @cached_property
    def people(self) -> list[tuple[str, str]]:
        """Everybody who holds a post, with the post; a case needs an owner who can answer for it."""
        rows = (
            Person.objects.active()
            .filter(posts__until__isnull=True, posts__is_main=True)
            .order_by("posts__position__department__path", "name_pinyin")
            .values_list("pk", "name", "posts__position__title", "posts__position__title_en")
        )
        language = get_language() or "zh-hans"
        return [
            ("", _("Please choose")),
            *((str(pk), f"{name} · {for_reader(title, language, en)}") for pk, name, title, en in rows[:500]),
        ]

    def terms(self, which: Term.List) -> list[tuple[str, str]]:
        language = get_language() or "zh-hans"
        return [
            ("", _("Please choose")),
            *(
                (each.code, each.shown_name(language))
                for each in self._terms
                if each.list == which and not each.retired_at
            ),
        ]

    @cached_property
    def logins(self) -> list[tuple[str, str]]:
        """Everybody who works here, by the login that stands in addresses."""
        people = Person.objects.active().order_by("name_pinyin").values_list("login", "name")
        return list(people[:500])

    @property
    def department_codes(self) -> list[tuple[str, str]]:
        """Departments by the code that stands in addresses, indented as they hang in the tree."""
        language = get_language() or "zh-hans"
        return [
            (each.code, "　" * (len(each.line()) - 1) + each.shown_name(language))
            for each in self._departments.values()
        ]
