"""The smallest firm that can own a case, and the link that lets its administrator in: for an installation nobody has
set up yet."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection, transaction
from django.db.models import Q

from guixin.organisation import signing_in
from guixin.organisation.models import Calendar, Department, Person, Position, Post, SignInLink
from guixin.organisation.models.position import Duty, Rank, Sees


@transaction.atomic
def ensure_first_firm(now: datetime) -> bool:
    """A front desk with one administrator who cannot sign in before a password is set.

    Returns whether it was made now; does nothing as soon as anybody holds a post.
    """
    if Post.objects.exists():
        return False
    always, _made = Calendar.objects.get_or_create(
        code="always", defaults={"name": "全天", "timezone": "Asia/Shanghai", "always": True}
    )
    desk, _made = Department.objects.get_or_create(
        code="front_desk",
        defaults={
            "name": "客户服务部",
            "name_en": "Customer service",
            "calendar": always,
            "is_front_desk": True,
        },
    )
    chair, _made = Position.objects.get_or_create(
        code="administrator",
        defaults={
            "department": desk,
            "title": "管理员",
            "title_en": "Administrator",
            "rank": Rank.GENERAL_MANAGER,
            "sees": Sees.EVERYTHING,
            "duties": [Duty.FRONT_DESK, Duty.COORDINATOR, Duty.ADMINISTRATOR],
        },
    )
    person = Person.objects.filter(login="admin").first() or Person.objects.create_user(
        login="admin", name="管理员"
    )
    Post.objects.create(person=person, position=chair, since=now.date(), is_main=True)
    return True


SEVERAL_AT_ONCE = timedelta(minutes=1)  # servers that were started together: one of them prints the link


def nobody_can_sign_in() -> bool:
    """Nobody was ever given a password. One is enough: from then on people invite each other."""
    none = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return not Person.objects.exclude(none).exists()


@transaction.atomic
def first_link(now: datetime) -> str | None:
    """The token of a link for the first administrator, as long as nobody can sign in; else nothing.

    It is told to whoever started the server, and to nobody who merely visits. A later start makes another one, which
    voids the one before.
    """
    if not nobody_can_sign_in():
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('guixin.first_link'))")
    if SignInLink.objects.filter(made_by=None, made_at__gt=now - SEVERAL_AT_ONCE).exists():
        return None
    ensure_first_firm(now)
    administrator = _first_administrator(now)
    if administrator is None:
        return None
    _link, token = signing_in.make_link(administrator, SignInLink.Purpose.INVITATION, by=None, now=now)
    return token


def _first_administrator(now: datetime) -> Person | None:
    """Of a firm that came from a file, the highest with the duty, or the highest of all; of the smallest firm, its one
    person."""
    posts = Post.objects.filter(person__is_active=True, person__locked_at=None, until=None)
    posts = posts.select_related("person").order_by("-position__rank", "pk")
    post = posts.filter(position__duties__contains=[Duty.ADMINISTRATOR]).first() or posts.first()
    return post.person if post else None
