"""Stock and orders."""

from django.urls import URLPattern, path

from apps.reception.views import contracts, orders, papers, penetration, stock

urlpatterns: list[URLPattern] = [
    path("orders/", orders.order_list, name="order-list"),
    path("orders/penetration/", penetration.penetration, name="penetration"),
    path("orders/terms/", contracts.contract_points, name="contract-points"),
    path("opportunities/<int:pk>/order/", orders.order_new, name="order-new"),
    path("quotations/<int:pk>/order/", orders.quotation_order, name="quotation-order"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/edit/", orders.order_edit, name="order-edit"),
    path("orders/<int:pk>/contract/", contracts.order_contract, name="order-contract"),
    path(
        "orders/<int:pk>/contract/print/",
        contracts.order_contract_print,
        name="order-contract-print",
    ),
    path("orders/<int:pk>/sign/", orders.order_sign, name="order-sign"),
    path("orders/<int:pk>/copy/", orders.order_copy, name="order-copy"),
    path("orders/<int:pk>/deposit/", orders.order_deposit, name="order-deposit"),
    path("orders/<int:pk>/cancel/", orders.order_cancel, name="order-cancel"),
    path("orders/<int:pk>/car/", orders.order_car, name="order-car"),
    path("orders/<int:pk>/papers/<slug:kind>/", papers.order_paper, name="order-paper"),
    path("orders/<int:pk>/loan/", papers.order_loan, name="order-loan"),
    path("orders/<int:pk>/loan/move/", papers.order_loan_move, name="order-loan-move"),
    path("orders/<int:pk>/trade-in/", papers.order_trade_in, name="order-trade-in"),
    path("orders/<int:pk>/trade-in/value/", papers.order_value, name="order-value"),
    path("orders/<int:pk>/trade-in/drop/", papers.order_trade_in_drop, name="order-trade-in-drop"),
    path("stock/", stock.stock_list, name="stock-list"),
    path("stock/new/", stock.stock_new, name="stock-new"),
    path("stock/<int:pk>/edit/", stock.stock_edit, name="stock-edit"),
]
