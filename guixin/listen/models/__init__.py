"""The nouns of listen."""

from guixin.listen.models.place import WavePlace
from guixin.listen.models.price_refusal import PriceRefusal
from guixin.listen.models.questionnaire import Question, Questionnaire, QuestionnaireVersion
from guixin.listen.models.response import Answer, Response
from guixin.listen.models.sample import Allocation, AskingRules, By, Sample, Way, asking_rules
from guixin.listen.models.theme import Theme, ThemedAnswer, ThemeSet
from guixin.listen.models.wave import GroupFigures, Invitation, Wave
from guixin.listen.models.wave_plan import WavePlan

__all__ = [
    "Allocation", "Answer", "AskingRules", "By", "GroupFigures", "Invitation", "PriceRefusal", "Question", "Questionnaire", "QuestionnaireVersion",
    "Response", "Sample", "Theme", "ThemeSet", "ThemedAnswer", "Wave", "WavePlace", "WavePlan", "Way", "asking_rules",
]  # fmt: skip
