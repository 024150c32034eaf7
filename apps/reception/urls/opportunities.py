"""Opportunities and what consultants do today."""

from django.urls import URLPattern, path

from apps.reception.views import approvals, days, new_opportunities, opportunities

urlpatterns: list[URLPattern] = [
    path("my-day/", days.my_day, name="my-day"),
    path("team-day/", days.team_day, name="team-day"),
    path("approvals/", approvals.approval_list, name="approval-list"),
    path("opportunities/", opportunities.opportunity_list, name="opportunity-list"),
    path("opportunities/find/", new_opportunities.opportunity_find, name="opportunity-find"),
    path("opportunities/card/", new_opportunities.opportunity_card, name="opportunity-card"),
    path("opportunities/new/<int:pk>/", new_opportunities.opportunity_new, name="opportunity-new"),
    path("opportunities/<int:pk>/", opportunities.opportunity, name="opportunity"),
    path("opportunities/<int:pk>/edit/", opportunities.opportunity_edit, name="opportunity-edit"),
    path(
        "opportunities/<int:pk>/contact/",
        opportunities.opportunity_contact,
        name="opportunity-contact",
    ),
    path("opportunities/<int:pk>/lost/", opportunities.opportunity_lost, name="opportunity-lost"),
    path("opportunities/<int:pk>/give/", opportunities.opportunity_give, name="opportunity-give"),
    path("opportunities/<int:pk>/lost/approve/", approvals.lost_approve, name="lost-approve"),
    path("opportunities/<int:pk>/lost/send-back/", approvals.lost_send_back, name="lost-send-back"),
    path("opportunities/<int:pk>/again/", approvals.opportunity_again, name="opportunity-again"),
]
