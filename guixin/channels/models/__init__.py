from guixin.channels.models.heartbeat import Heartbeat
from guixin.channels.models.importing import Import, ImportedLine
from guixin.channels.models.notice import Notice, Told

__all__ = ["Heartbeat", "Import", "ImportedLine", "Notice", "Told"]
