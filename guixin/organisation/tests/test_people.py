from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from guixin.organisation.models import Person, Post
from guixin.organisation.pinyin import spell
from guixin.organisation.tests import make


class TestSpellingAName:
    @pytest.mark.parametrize(
        ("name", "full", "initials"),
        [
            ("王小明", "wangxiaoming", "wxm"),
            ("单雄信", "shanxiongxin", "sxx"),  # the surname, not the everyday reading "dan"
            ("曾国藩", "zengguofan", "zgf"),
            ("欧阳锋", "ouyangfeng", "oyf"),
            ("尉迟恭", "yuchigong", "ycg"),
            ("John Smith", "johnsmith", "js"),
            ("Ｌi", "li", "l"),
            ("", "", ""),
        ],
    )
    def test_gives_pinyin_and_initials(self, name, full, initials):
        assert spell(name) == (full, initials)


@pytest.mark.django_db
class TestAPerson:
    @pytest.mark.parametrize("typed", ["wang", "王", "wf", "wangfang", "WF"])
    def test_is_found_by_login_name_pinyin_and_initials(self, typed):
        make.firm()
        assert make.wang() in Person.objects.find(typed)

    def test_is_respelt_with_a_new_name(self):
        wang = make.wang()
        wang.name = "汪芳"
        wang.save(update_fields=["name"])
        wang.refresh_from_db()
        assert wang.name_pinyin == "wangfang"

    def test_has_one_main_post(self):
        position = make.zhao().posts.get().position
        with pytest.raises(IntegrityError, match="post_one_main"), transaction.atomic():
            Post.objects.create(person=make.li(), position=position, since=make.SINCE, is_main=True)

    def test_signs_in_with_a_password_read_from_standard_input(self, client, monkeypatch):
        make.firm()
        monkeypatch.setattr("sys.stdin", StringIO("a long enough sentence\n"))
        call_command("person", "password", "wang", stdout=StringIO())
        assert client.login(username="wang", password="a long enough sentence")
        assert not client.login(username="li", password="!")

    def test_is_refused_a_weak_password(self, monkeypatch):
        make.firm()
        monkeypatch.setattr("sys.stdin", StringIO("12345678\n"))
        with pytest.raises(CommandError):
            call_command("person", "password", "wang")
        with pytest.raises(CommandError, match="nobody"):
            call_command("person", "password", "ghost")
