from guixin.promise.models.authority_request import AuthorityRequest, AuthorityWord
from guixin.promise.models.blueprint import Blueprint, BlueprintVersion
from guixin.promise.models.clock import Clock, Pause
from guixin.promise.models.communication import (
    Channel,
    CommunicationEntry,
    CommunicationPlan,
    CommunicationVersion,
    MessageReply,
    PlanMessage,
    VisitRhythm,
)
from guixin.promise.models.escalation import Escalation
from guixin.promise.models.extension import Extension
from guixin.promise.models.package import Package, PackageVersion
from guixin.promise.models.proposal import Proposal, Statement
from guixin.promise.models.standard import Measure, Standard, StandardVersion
from guixin.promise.models.strategy import StrategyCycle, StrategyEvidence, StrategyStep, StrategyTask

__all__ = [
    "AuthorityRequest",
    "AuthorityWord",
    "Blueprint",
    "BlueprintVersion",
    "Channel",
    "Clock",
    "CommunicationEntry",
    "CommunicationPlan",
    "CommunicationVersion",
    "Escalation",
    "Extension",
    "Measure",
    "MessageReply",
    "Package",
    "PackageVersion",
    "Pause",
    "PlanMessage",
    "Proposal",
    "Standard",
    "StandardVersion",
    "Statement",
    "StrategyCycle",
    "StrategyEvidence",
    "StrategyStep",
    "StrategyTask",
    "VisitRhythm",
]
