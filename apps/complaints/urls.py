"""Addresses under ``/complaints/``."""

from django.urls import path

from apps.complaints.views import board, causes, numbers, responses, steps

app_name = "complaints"

urlpatterns = [
    path("", board.board, name="board"),
    path("list/", board.response_list, name="response-list"),
    path("causes/", causes.causes, name="causes"),
    path("limits/", numbers.numbers, name="numbers"),
    path("limits/new/", numbers.numbers_new, name="numbers-new"),
    path("customers/<int:pk>/new/", responses.response_new, name="response-new"),
    path("<int:pk>/", responses.response, name="response"),
    path("<int:pk>/sheet/", responses.response_sheet, name="response-sheet"),
    path("<int:pk>/approve/", steps.response_approve, name="response-approve"),
    path("<int:pk>/send-back/", steps.response_send_back, name="response-send-back"),
    path("<int:pk>/mend/", steps.response_mend, name="response-mend"),
    path("<int:pk>/drop/", steps.response_drop, name="response-drop"),
    path("<int:pk>/accept/", steps.response_accept, name="response-accept"),
    path("<int:pk>/handle/", steps.response_handle, name="response-handle"),
    path("<int:pk>/ask-again/", steps.response_ask_again, name="response-ask-again"),
    path("<int:pk>/close/", steps.response_close, name="response-close"),
]
