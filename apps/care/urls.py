"""Addresses of this floor."""

from django.urls import path

from apps.care.views import (
    analysis,
    boards,
    calls,
    credit,
    lists,
    policy,
    samples,
    script_work,
    scripts,
    warnings,
)

app_name = "care"
urlpatterns = [
    path("queue/", calls.queue, name="queue"),
    path("queue/claim-next/", calls.claim_next, name="claim-next"),
    path("calls/<int:pk>/", calls.call, name="call"),
    path("calls/<int:pk>/result/", calls.call_result, name="call-result"),
    path("calls/<int:pk>/booking/", calls.call_booking, name="call-booking"),
    path("calls/<int:pk>/give-back/", calls.call_give_back, name="call-give-back"),
    path("calls/<int:pk>/touch/", calls.call_touch, name="call-touch"),
    path("help/", calls.call_help, name="help"),
    path("my-calls/", lists.my_calls, name="my-calls"),
    path("calls/", lists.calls, name="calls"),
    path("calls/reassign/", lists.call_reassign, name="call-reassign"),
    path("failed/", lists.failed, name="failed"),
    path("month/", boards.month_list, name="month"),
    path("churn/", boards.churn, name="churn"),
    path("today/", boards.today, name="today"),
    path("warnings/", warnings.warnings_today, name="warnings"),
    path("warnings/<int:pk>/seen/", warnings.notice_seen, name="notice-seen"),
    path("analysis/", analysis.analysis, name="analysis"),
    path("credit/", credit.credit, name="credit"),
    path("follow-ups/", credit.follow_ups, name="follow-ups"),
    path("samples/", samples.sample_list, name="sample-list"),
    path("scripts/", scripts.scripts, name="scripts"),
    path("scripts/work/", script_work.script_work, name="script-work"),
    path("scripts/new/", scripts.script_new, name="script-new"),
    path("scripts/<int:pk>/", scripts.script, name="script"),
    path("policy/", policy.policy, name="policy"),
    path("policy/new/", policy.policy_new, name="policy-new"),
]
