"""Addresses of this floor."""

from django.urls import path

from apps.accounts.views import people, roster, session, store, teams

app_name = "accounts"
urlpatterns = [
    path("language/", session.language, name="language"),
    path("choose-store/", session.choose_store, name="choose-store"),
    path("sessions/", session.sessions, name="sessions"),
    path("sessions/<int:pk>/end/", session.session_end, name="session-end"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person-new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/password/", people.person_password, name="person-password"),
    path("people/<int:pk>/active/", people.person_active, name="person-active"),
    path("departments/<int:pk>/manager/", people.department_manager, name="department-manager"),
    path("roles/", people.roles, name="roles"),
    path("roster/", roster.roster, name="roster"),
    path("roster/set/", roster.roster_set, name="roster-set"),
    path("calendar/", roster.calendar, name="calendar"),
    path("calendar/correct/", roster.calendar_correct, name="calendar-correct"),
    path("calendar/<int:pk>/undo/", roster.calendar_undo, name="calendar-undo"),
    path("store/", store.store, name="store"),
    path("store/slots/", store.slots_new, name="slots-new"),
    path("store/slots/<int:pk>/withdraw/", store.slots_withdraw, name="slots-withdraw"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.team_new, name="team-new"),
    path("teams/<int:pk>/", teams.team, name="team"),
    path("teams/<int:pk>/delete/", teams.team_delete, name="team-delete"),
    path("teams/members/new/", teams.team_member_new, name="team-member-new"),
    path(
        "teams/members/<int:pk>/withdraw/",
        teams.team_member_withdraw,
        name="team-member-withdraw",
    ),
]
