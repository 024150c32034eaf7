"""Models, prices and settings."""

from django.urls import URLPattern, path

from apps.reception.views import presentations, settings, sheets

urlpatterns: list[URLPattern] = [
    path("models/", sheets.sheet_list, name="sheet-list"),
    path("models/new/", sheets.model_new, name="model-new"),
    path("models/<int:pk>/", sheets.sheet, name="sheet"),
    path("models/<int:pk>/edit/", sheets.model_edit, name="model-edit"),
    path("models/<int:pk>/sheet/", sheets.sheet_edit, name="sheet-edit"),
    path("models/<int:pk>/trims/new/", sheets.trim_new, name="trim-new"),
    path("trims/<int:pk>/edit/", sheets.trim_edit, name="trim-edit"),
    path("trims/<int:pk>/price/", sheets.price_new, name="price-new"),
    path(
        "opportunities/<int:pk>/presentation/",
        presentations.presentation_new,
        name="presentation-new",
    ),
    path(
        "opportunities/<int:pk>/presentations/",
        presentations.opportunity_presentations,
        name="opportunity-presentations",
    ),
    path("settings/", settings.sales_settings, name="sales-settings"),
    path("settings/numbers/new/", settings.sales_numbers_new, name="sales-numbers-new"),
]
