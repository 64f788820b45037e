from guixin.promise.models.clock import Clock, Pause
from guixin.promise.models.escalation import Escalation
from guixin.promise.models.extension import Extension
from guixin.promise.models.standard import Measure, Standard, StandardVersion

__all__ = ["Clock", "Escalation", "Extension", "Measure", "Pause", "Standard", "StandardVersion"]
