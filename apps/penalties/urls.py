"""Addresses under ``/penalties/``."""

from typing import Any

from django.urls import path

from apps.penalties.views import (
    calls,
    fives_sheet,
    greetings,
    inspections,
    lists,
    proposals,
    rules,
    sheets,
    steps,
    withdrawing,
)

app_name = "penalties"

urlpatterns: list[Any] = [
    # the regulation and its numbers
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:clause>/new/", rules.rule_new, name="rule-new"),
    path("rules/<int:pk>/withdraw/", withdrawing.rule_withdraw, name="rule-withdraw"),
    path("numbers/", rules.numbers, name="numbers"),
    path("numbers/new/", rules.numbers_new, name="numbers-new"),
    path("numbers/<int:pk>/withdraw/", withdrawing.numbers_withdraw, name="numbers-withdraw"),
    path("greetings/", greetings.greetings, name="greetings"),
    path("greetings/new/", greetings.greeting_new, name="greeting-new"),
    # the 5S checks, their sheets and weak points
    path("fives/areas/", inspections.fives_areas, name="fives-areas"),
    path("fives/weak/", fives_sheet.fives_weak, name="fives-weak"),
    path("fives/rows/", fives_sheet.fives_rows, name="fives-rows"),
    path("fives/copies/", fives_sheet.fives_copies, name="fives-copies"),
    path("fives/photos/<uuid:stored>/", fives_sheet.fives_photo, name="fives-photo"),
    path("fives/sheets/<str:day>/", fives_sheet.fives_sheet, name="fives-sheet"),
    path("fives/sheets/<str:day>/read/", fives_sheet.fives_read, name="fives-read"),
    path("fives/<slug:kind>/", inspections.fives_check, name="fives-check"),
    path("fives/<slug:kind>/<int:number>/", inspections.fives_area, name="fives-area"),
    # one proposal from its explanation to its issue
    path("mine/", proposals.mine_list, name="mine"),
    path("decisions/", lists.decisions, name="decisions"),
    path("issue/", lists.issue_list, name="issue-list"),
    path("sheets/", sheets.sheets, name="sheets"),
    path("sheets/close/", sheets.sheets_close, name="sheets-close"),
    path("<int:pk>/", proposals.proposal, name="proposal"),
    path("<int:pk>/calls/", calls.proposal_calls, name="proposal-calls"),
    path("<int:pk>/sheet/", proposals.proposal_sheet, name="proposal-sheet"),
    path("<int:pk>/pictures/<uuid:stored>/", proposals.proposal_picture, name="proposal-picture"),
    path("<int:pk>/explain/", steps.proposal_explain, name="proposal-explain"),
    path("<int:pk>/appeal/", steps.proposal_appeal, name="proposal-appeal"),
    path("<int:pk>/confirm/", steps.proposal_confirm, name="proposal-confirm"),
    path("<int:pk>/waive/", steps.proposal_waive, name="proposal-waive"),
    path("<int:pk>/answer/", steps.proposal_answer, name="proposal-answer"),
    path("<int:pk>/sign/", steps.proposal_sign, name="proposal-sign"),
    path("<int:pk>/issue/", steps.proposal_issue, name="proposal-issue"),
    path("<int:pk>/correct/", steps.proposal_correct, name="proposal-correct"),
]
