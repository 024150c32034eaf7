"""DSM records."""

from django.urls import path

from apps.delivery.views import dsm, dsm_reading

urlpatterns = [
    path("dsm/", dsm_reading.dsm_list, name="dsm-list"),
    path("dsm/months/", dsm_reading.dsm_months, name="dsm-months"),
    path("dsm/<int:pk>/", dsm_reading.dsm, name="dsm"),
    path("dsm/<int:pk>/entry/", dsm.dsm_entry, name="dsm-entry"),
    path("dsm/<int:pk>/check/", dsm.dsm_check, name="dsm-check"),
    path("dsm/<int:pk>/send-back/", dsm.dsm_send_back, name="dsm-send-back"),
    path("dsm/<int:pk>/folder/", dsm_reading.dsm_folder, name="dsm-folder"),
]
