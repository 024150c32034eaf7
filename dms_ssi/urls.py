"""Every address of the site, one line an app."""

from django.urls import include, path

from apps.desk.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("apps.desk.urls")),
    path("accounts/", include("apps.accounts.sign_in_urls")),
    path("accounts/", include("apps.accounts.urls")),
    path("customers/", include("apps.customers.urls")),
    path("reception/", include("apps.reception.urls")),
    path("service/", include("apps.service.urls")),
    path("delivery/", include("apps.delivery.urls")),
    path("messaging/", include("apps.messaging.urls")),
    path("care/", include("apps.care.urls")),
    path("ssi/", include("apps.ssi.urls")),
    path("penalties/", include("apps.penalties.urls")),
    path("reports/", include("apps.reports.urls")),
    path("complaints/", include("apps.complaints.urls")),
    path("exchange/", include("apps.exchange.urls")),
]
