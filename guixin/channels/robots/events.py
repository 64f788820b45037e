"""What is recorded about robots: never an address or a secret, which open a chat to whoever has them."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class RobotMade(Event):
    """A chat of the firm hears notices from now on."""

    kind: ClassVar[str] = "channels.robot_made"
    sentence: ClassVar[str] = _("A robot was set up (%(robot_kind)s)")
    robot_kind: str


@dataclass(frozen=True, kw_only=True)
class RobotChanged(Event):
    """A robot has another address, secret, department or limits, or was switched: `changed` names what."""

    kind: ClassVar[str] = "channels.robot_changed"
    sentence: ClassVar[str] = _("The robot was changed: %(changed)s")
    changed: str


@dataclass(frozen=True, kw_only=True)
class RobotEnded(Event):
    """A chat hears no notices any more."""

    kind: ClassVar[str] = "channels.robot_ended"
    sentence: ClassVar[str] = _("The robot was taken away")


@dataclass(frozen=True, kw_only=True)
class NoticeRulesChanged(Event):
    """The firm chose whether what is urgent passes quiet hours."""

    kind: ClassVar[str] = "channels.notice_rules_changed"
    sentence: ClassVar[str] = _("The rules of notices were changed")
    urgent_passes: bool
