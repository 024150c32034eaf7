"""Recording what was delivered here."""

from django.urls import path

from apps.delivery.views import deliveries

urlpatterns = [
    path("vehicles/<int:pk>/record/", deliveries.delivery_record, name="delivery-record"),
]
