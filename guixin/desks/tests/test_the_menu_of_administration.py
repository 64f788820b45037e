from collections.abc import Iterator

from django.urls import URLPattern

from guixin.desks.admin import urls
from guixin.desks.admin.menu import MENU


def first_pages(patterns=urls.urlpatterns) -> Iterator[str]:
    """The names of those pages of administration whose address is one word: what lies below, they lead to."""
    for each in patterns:
        if not isinstance(each, URLPattern):
            yield from first_pages(each.url_patterns)
        elif (address := str(each.pattern)) and not set("/<^") & set(address):
            yield each.name


class TestTheMenuOfAdministration:
    def test_leads_to_every_page(self):
        menu = {entry.name for group in MENU for entry in group.entries}

        assert sorted(set(first_pages()) - menu) == []
