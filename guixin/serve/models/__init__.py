from guixin.serve.models.case import Case, CaseLink, Term
from guixin.serve.models.closing import Closing, FollowUp, Reopening
from guixin.serve.models.counter import Counter
from guixin.serve.models.message import Message
from guixin.serve.models.policy import Policy
from guixin.serve.models.routing import Routing, RoutingRule, RoutingStep
from guixin.serve.models.task import Task, Transfer

__all__ = [
    "Case", "CaseLink", "Closing", "Counter", "FollowUp", "Message", "Policy", "Reopening", "Routing",
    "RoutingRule", "RoutingStep", "Task", "Term", "Transfer",
]  # fmt: skip
