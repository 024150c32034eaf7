"""Addresses of this floor."""

from django.urls import path

from apps.desk.views import (
    audit,
    customers,
    duplicates,
    exports,
    home,
    pieces,
    privacy,
    rights,
    timeline,
)

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", customers.search, name="search"),
    path("customers/", customers.customer_list, name="customer-list"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/timeline/", timeline.customer_timeline, name="customer-timeline"),
    path("customers/<int:pk>/timeline/print/", timeline.customer_print, name="customer-print"),
    path("customers/<int:pk>/contact/", pieces.customer_contact, name="customer-contact"),
    path("customers/<int:pk>/messages/", pieces.customer_messages, name="customer-messages"),
    path("customers/<int:pk>/history/", pieces.customer_history, name="customer-history"),
    path("customers/<int:pk>/requests/new/", rights.request_new, name="request-new"),
    path("requests/", rights.request_list, name="request-list"),
    path("requests/<int:pk>/", rights.request_page, name="request"),
    path("requests/<int:pk>/settle/", rights.request_settle, name="request-settle"),
    path("requests/<int:pk>/data/", rights.request_data, name="request-data"),
    path("requests/<int:pk>/erase/", rights.request_erase, name="request-erase"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/texts/new/", privacy.consent_text_new, name="consent-text-new"),
    path("privacy/new/", privacy.privacy_new, name="privacy-new"),
    path("audit/", audit.audit_looks, name="audit-looks"),
    path("audit/opened/", audit.audit_opened, name="audit-opened"),
    path("audit/changes/", audit.audit_changes, name="audit-changes"),
    path("audit/sign-ins/", audit.audit_sign_ins, name="audit-sign-ins"),
    path("exports/", exports.downloads, name="downloads"),
    path("exports/<int:pk>/file/", exports.download_file, name="download-file"),
    path("exports/<str:name>/", exports.export, name="export"),
    path("vehicles/<int:pk>/", customers.vehicle, name="vehicle"),
    path("vehicles/<int:pk>/timeline/", timeline.vehicle_timeline, name="vehicle-timeline"),
    path("vehicles/<int:pk>/timeline/print/", timeline.vehicle_print, name="vehicle-print"),
    path("vehicles/<int:pk>/history/", pieces.vehicle_history, name="vehicle-history"),
    path("duplicates/<int:pk>/", duplicates.duplicate, name="duplicate"),
    path("duplicates/<int:pk>/merge/", duplicates.duplicate_merge, name="duplicate-merge"),
    path("merges/", duplicates.merge_list, name="merge-list"),
    path("merges/<int:pk>/undo/", duplicates.merge_undo, name="merge-undo"),
    path("calls/<int:pk>/history/", pieces.call_history, name="call-history"),
]
