"""Addresses of this floor."""

from django.urls import path

from apps.care.views import boards, lists, policy, scripts

app_name = "care"
urlpatterns = [
    path("my-calls/", lists.my_calls, name="my-calls"),
    path("calls/", lists.calls, name="calls"),
    path("calls/reassign/", lists.call_reassign, name="call-reassign"),
    path("failed/", lists.failed, name="failed"),
    path("month/", boards.month_list, name="month"),
    path("churn/", boards.churn, name="churn"),
    path("today/", boards.today, name="today"),
    path("scripts/", scripts.scripts, name="scripts"),
    path("scripts/new/", scripts.script_new, name="script-new"),
    path("scripts/<int:pk>/", scripts.script, name="script"),
    path("policy/", policy.policy, name="policy"),
    path("policy/new/", policy.policy_new, name="policy-new"),
]
