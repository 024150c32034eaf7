"""Addresses under ``/ssi/``."""

from django.urls import path

from apps.ssi.views import (
    behind,
    day,
    guide,
    honesty,
    my_survey,
    numbers,
    official,
    recalls,
    responses,
    rooms,
    scores,
    survey,
    survey_models,
)

app_name = "ssi"

urlpatterns = [
    path("day/", day.day, name="day"),
    path("behind/<int:pk>/", behind.behind, name="behind"),
    # the checks of rooms and the action guide
    path("rooms/", rooms.room_list, name="room-list"),
    path("rooms/<slug:kind>/", rooms.room_check, name="room-check"),
    path("rooms/<slug:kind>/points/", rooms.room_points, name="room-points"),
    path("guide/", guide.guide, name="guide"),
    path("guide/new/", guide.guide_new, name="guide-new"),
    path("guide/<int:pk>/", guide.guide_edit, name="guide-edit"),
    # whether the answers are honest
    path("recalls/", recalls.recalls, name="recalls"),
    path("recalls/<int:pk>/", recalls.recall, name="recall"),
    path("recalls/<int:pk>/missed/", recalls.recall_missed, name="recall-missed"),
    path("honesty/", honesty.honesty, name="honesty"),
    # the scores and the responses behind them
    path("scores/", scores.scores, name="scores"),
    path("scores/responses/", scores.score_rows, name="score-rows"),
    # numbers and the official score
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/new/", numbers.numbers_new, name="numbers-new"),
    path("official/", official.official, name="official"),
    path("official/new/", official.official_new, name="official-new"),
    path("official/<int:pk>/", official.official_edit, name="official-edit"),
    # the day sheet and what was answered
    path("sheet/", responses.sheet, name="sheet"),
    path("responses/", responses.response_list, name="responses"),
    path("responses/<int:pk>/", responses.response, name="response"),
    path("responses/<int:pk>/correct/", responses.response_correct, name="response-correct"),
    # survey models
    path("models/", survey_models.models, name="models"),
    path("models/supplied/", survey_models.models_supplied, name="models-supplied"),
    path("models/<int:pk>/", survey_models.model, name="model"),
    path("models/<int:pk>/print/", survey_models.model_print, name="model-print"),
    path("models/<int:pk>/copy/", survey_models.model_copy, name="model-copy"),
    path("models/<int:pk>/edit/", survey_models.model_edit, name="model-edit"),
    path("models/<int:pk>/start/", survey_models.model_start, name="model-start"),
    path("models/<int:pk>/withdraw/", survey_models.model_withdraw, name="model-withdraw"),
    path("models/<int:pk>/delete/", survey_models.model_delete, name="model-delete"),
    # asking
    path("survey/<int:pk>/", survey.survey, name="survey"),
    path("survey/<int:pk>/start/", survey.survey_start, name="survey-start"),
    path("survey/<int:pk>/answer/<int:question>/", survey.survey_answer, name="survey-answer"),
    path("survey/<int:pk>/who/", survey.survey_verify, name="survey-verify"),
    path("survey/<int:pk>/standards/", survey.survey_standards, name="survey-standards"),
    path("survey/<int:pk>/finish/", survey.survey_finish, name="survey-finish"),
    path("survey/<int:pk>/link/", survey.link_send, name="link-send"),
    path("my/", my_survey.my_survey, name="my-survey"),
]
