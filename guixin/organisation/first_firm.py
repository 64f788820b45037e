"""The smallest firm that can own a case: for an installation nobody has set up yet."""

from datetime import datetime

from django.db import transaction

from guixin.organisation.models import Calendar, Department, Person, Position, Post
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
