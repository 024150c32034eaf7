"""Addresses under ``/reports/``."""

from django.urls import path

from apps.reports.views import board, five, reports, steps, targets

app_name = "reports"

urlpatterns = [
    path("", reports.report_list, name="list"),
    path("<int:pk>/", reports.report, name="report"),
    path("<int:pk>/count/", steps.count, name="count"),
    path("<int:pk>/submit/", steps.submit, name="submit"),
    path("<int:pk>/review/", steps.review, name="review"),
    path("<int:pk>/approve/", steps.approve, name="approve"),
    path("<int:pk>/send-back/", steps.send_back, name="send-back"),
    path("<int:pk>/actions/<slug:figure>/", steps.action, name="action"),
    path("actions/<int:pk>/outcome/", steps.outcome, name="outcome"),
    path("rows/", reports.rows, name="rows"),
    path("five/", five.five, name="five"),
    path("board/", board.board, name="board"),
    path("board/part/", board.board_part, name="board-part"),
    path("board/store/", board.board_store, name="board-store"),
    path("targets/", targets.targets, name="targets"),
    path("targets/new/", targets.target_new, name="target-new"),
    path("targets/several/", targets.targets_new, name="targets-new"),
]
