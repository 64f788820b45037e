"""The nouns of listen."""

from guixin.listen.models.questionnaire import Question, Questionnaire, QuestionnaireVersion
from guixin.listen.models.response import Answer, Response
from guixin.listen.models.wave import Invitation, Wave

__all__ = ["Answer", "Invitation", "Question", "Questionnaire", "QuestionnaireVersion", "Response", "Wave"]
