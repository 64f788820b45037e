"""Replay: historic cases through the real engine under a virtual clock. "What would this ladder have done?" """

from guixin.channels.replaying.course import CannotReplay, replay

__all__ = ["CannotReplay", "replay"]
