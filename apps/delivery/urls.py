"""Addresses of this floor."""

from django.urls import path

from apps.delivery import views

app_name = "delivery"
urlpatterns = [
    path("vehicles/<int:pk>/record/", views.delivery_record, name="delivery-record"),
]
