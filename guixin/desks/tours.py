"""Walks through the demonstration, offered at its sign-in: who looks at which page, and what there is to see."""

import tomllib
from dataclasses import dataclass

from guixin.channels.demonstrating import FOLDER
from guixin.organisation.models import Person
from guixin.web.languages import for_reader


@dataclass(frozen=True)
class Stop:
    login: str
    name: str  # of the person
    address: str
    words: str


@dataclass(frozen=True)
class Tour:
    title: str
    stops: list[Stop]


def tours(language: str) -> list[Tour]:
    """Those of demo/tours.toml whose people work here; none where there is no such file."""
    file = FOLDER / "tours.toml"
    if not file.exists():
        return []
    written = tomllib.loads(file.read_text(encoding="utf-8")).values()
    logins = {step["who"] for tour in written for step in tour["steps"]}
    names = dict(Person.objects.active().filter(login__in=logins).values_list("login", "name"))
    return [
        Tour(
            for_reader(tour["name"], language, tour["name_en"]),
            [
                Stop(
                    step["who"], names[step["who"]], step["at"],
                    for_reader(step["sees"], language, step["sees_en"]),
                )
                for step in tour["steps"]
            ],
        )
        for tour in written
        if all(step["who"] in names for step in tour["steps"])
    ]  # fmt: skip
