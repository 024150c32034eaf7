"""Addresses of this floor."""

from django.urls import path

from apps.exchange import views

app_name = "exchange"
urlpatterns = [
    path("imports/", views.import_list, name="import-list"),
    path("imports/new/", views.import_new, name="import-new"),
    path("imports/<int:pk>/", views.import_, name="import"),
    path("imports/<int:pk>/columns/", views.import_columns, name="import-columns"),
    path("imports/<int:pk>/apply/", views.import_apply, name="import-apply"),
    path("imports/<int:pk>/progress/", views.import_progress, name="import-progress"),
    path("files/<int:pk>/refused/", views.import_refused, name="import-refused"),
    path("differences/", views.differences, name="differences"),
    path("differences/settle/", views.differences_settle, name="differences-settle"),
]
