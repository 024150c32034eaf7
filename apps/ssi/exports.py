"""The lists of the index as files (DATA-03)."""

from apps.core.tables import Listing
from apps.ssi.guide_exports import GUIDE
from apps.ssi.official_exports import OFFICIAL
from apps.ssi.recall_exports import RECALLS
from apps.ssi.response_exports import RESPONSES
from apps.ssi.room_exports import ROOMS
from apps.ssi.scores_exports import SCORES
from apps.ssi.survey_model_exports import MODELS

LISTINGS: dict[str, Listing] = {
    **GUIDE,
    **ROOMS,
    **SCORES,
    **MODELS,
    **RECALLS,
    **OFFICIAL,
    **RESPONSES,
}
