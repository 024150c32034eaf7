"""Addresses of this floor, one module a noun."""

from django.urls import URLPattern

from apps.reception.urls import door, drives, opportunities, orders, quotations, sheets

app_name = "reception"
urlpatterns: list[URLPattern] = [
    *door.urlpatterns,
    *opportunities.urlpatterns,
    *sheets.urlpatterns,
    *drives.urlpatterns,
    *quotations.urlpatterns,
    *orders.urlpatterns,
]
