"""Surveys, their answers and scores, re-calls and the action guide."""

from apps.ssi.models.guide import GuideAction
from apps.ssi.models.numbers import OfficialScore, SsiPolicy
from apps.ssi.models.recall import Recall, RecallAnswer, RecallSample
from apps.ssi.models.response import (
    Answer,
    FactorScore,
    Response,
    StandardAnswer,
    SurveyLink,
)
from apps.ssi.models.survey import SurveyFactor, SurveyModel, SurveyQuestion, SurveyStandard

__all__ = [
    "Answer",
    "FactorScore",
    "GuideAction",
    "OfficialScore",
    "Recall",
    "RecallAnswer",
    "RecallSample",
    "Response",
    "SsiPolicy",
    "StandardAnswer",
    "SurveyFactor",
    "SurveyLink",
    "SurveyModel",
    "SurveyQuestion",
    "SurveyStandard",
]
