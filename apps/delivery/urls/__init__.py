"""Addresses of this floor, one module a noun."""

from apps.delivery.urls import deliveries, dsm, hand_overs

app_name = "delivery"
urlpatterns = [
    *deliveries.urlpatterns,
    *hand_overs.urlpatterns,
    *dsm.urlpatterns,
]
