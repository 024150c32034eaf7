"""Addresses under ``/ssi/``."""

from typing import Any

from django.urls import path

from apps.ssi.views import guide, rooms, scores

app_name = "ssi"

urlpatterns: list[Any] = [
    # the checks of rooms and the action guide
    path("rooms/", rooms.room_list, name="room-list"),
    path("rooms/<slug:kind>/", rooms.room_check, name="room-check"),
    path("rooms/<slug:kind>/points/", rooms.room_points, name="room-points"),
    path("guide/", guide.guide, name="guide"),
    path("guide/new/", guide.guide_new, name="guide-new"),
    path("guide/<int:pk>/", guide.guide_edit, name="guide-edit"),
    # the scores and the responses behind them
    path("scores/", scores.scores, name="scores"),
    path("scores/responses/", scores.score_rows, name="score-rows"),
]
