"""Quotations, and the loans and the tax they are reckoned with."""

from django.urls import URLPattern, path

from apps.reception.views import lending, quotations, writing

urlpatterns: list[URLPattern] = [
    path("loans/", lending.loan_list, name="loan-list"),
    path("loans/new/", lending.loan_new, name="loan-new"),
    path("loans/<int:pk>/end/", lending.loan_end, name="loan-end"),
    path("purchase-tax/new/", lending.tax_new, name="tax-new"),
    path(
        "opportunities/<int:pk>/quotations/",
        quotations.quotation_compare,
        name="quotation-compare",
    ),
    path(
        "opportunities/<int:pk>/quotations/part/",
        quotations.opportunity_quotations,
        name="opportunity-quotations",
    ),
    path("opportunities/<int:pk>/quotations/new/", writing.quotation_new, name="quotation-new"),
    path(
        "opportunities/<int:pk>/quotations/figures/",
        writing.quotation_figures,
        name="quotation-figures",
    ),
    path("quotations/<int:pk>/", quotations.quotation, name="quotation"),
    path("quotations/<int:pk>/edit/", writing.quotation_edit, name="quotation-edit"),
    path("quotations/<int:pk>/explain/", quotations.quotation_explain, name="quotation-explain"),
    path("quotations/<int:pk>/decide/", quotations.quotation_decide, name="quotation-decide"),
    path("quotations/<int:pk>/accept/", quotations.quotation_accept, name="quotation-accept"),
    path("quotations/<int:pk>/withdraw/", quotations.quotation_withdraw, name="quotation-withdraw"),
    path("quotations/<int:pk>/print/", quotations.quotation_print, name="quotation-print"),
]
