"""Addresses of this floor."""

from django.urls import path

from apps.accounts.views import session

app_name = "accounts"
urlpatterns = [
    path("language/", session.language, name="language"),
    path("choose-store/", session.choose_store, name="choose-store"),
    path("sessions/", session.sessions, name="sessions"),
    path("sessions/<int:pk>/end/", session.session_end, name="session-end"),
]
