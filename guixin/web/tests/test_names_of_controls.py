"""A control is found on its form by its name: one called “form” or “action” stands in the place of what scripts ask for."""

import re
from pathlib import Path

import guixin

TAKEN = re.compile(
    r'\bname="(form|action|method|elements|submit|reset|target|children|parentElement|closest|matches)"'
)


class TestNoControl:
    def test_has_the_name_of_something_every_form_has(self):
        templates = Path(guixin.__file__).parent.glob("**/templates/**/*.html")
        taken = {each.name: found for each in templates if (found := TAKEN.findall(each.read_text()))}

        assert taken == {}
