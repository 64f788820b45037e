from guixin.serve.models.attachment import Attachment
from guixin.serve.models.bulk_change import BulkChange, BulkItem
from guixin.serve.models.call_back import CallBack, CallBackLine
from guixin.serve.models.case import Case, CaseLink, Failure, Term
from guixin.serve.models.case_form import CaseForm, CaseFormVersion, FilledForm
from guixin.serve.models.case_purchase import CasePurchase
from guixin.serve.models.classifier import Classifier, ClassifierWeight
from guixin.serve.models.closing import Closing, FollowUp, Reopening
from guixin.serve.models.counter import Counter
from guixin.serve.models.draft import Draft
from guixin.serve.models.draft_file import DraftFile
from guixin.serve.models.emergency import Emergency
from guixin.serve.models.first_contact import FirstContact
from guixin.serve.models.goodwill import Goodwill
from guixin.serve.models.hard_problem import HardProblem
from guixin.serve.models.held_reply import HeldReply
from guixin.serve.models.intake_template import IntakeStep, IntakeTemplate
from guixin.serve.models.message import Message
from guixin.serve.models.opinion_point import OpinionPoint
from guixin.serve.models.policy import Policy
from guixin.serve.models.presence import Presence
from guixin.serve.models.routing import Routing, RoutingRule, RoutingStep
from guixin.serve.models.rule_draft import RuleDraft
from guixin.serve.models.saved_view import SavedView, ViewCount
from guixin.serve.models.simulation import SimulatedPromise, Simulation
from guixin.serve.models.snooze import Snooze
from guixin.serve.models.stake import Stake
from guixin.serve.models.surge import DayCount, Surge
from guixin.serve.models.task import Task, Transfer
from guixin.serve.models.template import Template
from guixin.serve.models.visit import AgendaItem, Visit, VisitFollowUp, VisitRules
from guixin.serve.models.watch import Watch

__all__ = [
    "AgendaItem", "Attachment", "BulkChange", "BulkItem", "CallBack", "CallBackLine", "Case", "CaseForm", "CaseFormVersion", "CaseLink", "CasePurchase", "Classifier", "ClassifierWeight", "Closing", "Counter", "DayCount", "Draft", "DraftFile",
    "Emergency", "Failure", "FilledForm", "FirstContact", "FollowUp", "Goodwill", "HardProblem",
    "HeldReply", "IntakeStep", "IntakeTemplate", "Message", "OpinionPoint", "Policy", "Presence", "Reopening", "Routing", "RoutingRule",
    "RoutingStep", "RuleDraft", "SavedView", "SimulatedPromise", "Simulation", "Snooze", "Stake", "Surge", "Task", "Template", "Term", "Transfer", "ViewCount", "Visit", "VisitFollowUp", "VisitRules", "Watch",
]  # fmt: skip
