"""Addresses of this floor, one module a noun."""

from apps.delivery.urls import deliveries

app_name = "delivery"
urlpatterns = [
    *deliveries.urlpatterns,
]
