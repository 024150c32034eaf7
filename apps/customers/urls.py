"""Addresses of this floor."""

from django.urls import path

from apps.customers.views import customers, doubles, gaps, health, lists, vehicles

app_name = "customers"
urlpatterns = [
    path("new/", customers.customer_new, name="customer-new"),
    path("<int:pk>/edit/", customers.customer_edit, name="customer-edit"),
    path("<int:pk>/numbers/new/", customers.number_new, name="number-new"),
    path("numbers/<int:pk>/mark/", customers.number_mark, name="number-mark"),
    path("numbers/<int:pk>/show/", customers.number_show, name="number-show"),
    path("<int:pk>/stops/new/", customers.stop_new, name="stop-new"),
    path("stops/<int:pk>/end/", customers.stop_end, name="stop-end"),
    path("<int:pk>/consents/new/", customers.consent_new, name="consent-new"),
    path("<int:pk>/vehicles/new/", vehicles.vehicle_new, name="vehicle-new"),
    path("vehicles/<int:pk>/edit/", vehicles.vehicle_edit, name="vehicle-edit"),
    path("vehicles/<int:pk>/fate/", vehicles.vehicle_fate, name="vehicle-fate"),
    path("vehicles/<int:pk>/owner/", vehicles.vehicle_owner, name="vehicle-owner"),
    path("vehicles/<int:pk>/readings/new/", vehicles.reading_new, name="reading-new"),
    path("duplicates/", doubles.duplicate_list, name="duplicate-list"),
    path("duplicates/<int:pk>/dismiss/", doubles.duplicate_dismiss, name="duplicate-dismiss"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("health/", health.health, name="health"),
    path("corrections/", lists.correction_list, name="correction-list"),
    path("corrections/<int:pk>/done/", lists.correction_done, name="correction-done"),
    path("readings/", lists.reading_list, name="reading-list"),
    path("readings/<int:pk>/decide/", lists.reading_decide, name="reading-decide"),
    path("schedules/", lists.schedule_list, name="schedule-list"),
    path("schedules/new/", lists.schedule_new, name="schedule-new"),
]
