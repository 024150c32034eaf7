"""Who may open which pages of the workshop, and how a form is asked for."""

from django.contrib.auth.decorators import permission_required
from django.views.decorators.http import require_http_methods

a_form = require_http_methods(["GET", "HEAD", "POST"])

may_see = permission_required("service.view_appointment", raise_exception=True)
may_see_catalogue = permission_required("service.view_catalogue", raise_exception=True)
may_book = permission_required("service.book_appointment", raise_exception=True)
may_receive = permission_required("service.receive_car", raise_exception=True)
may_accept = permission_required("service.accept_appointment", raise_exception=True)
may_see_orders = permission_required("service.view_order", raise_exception=True)
may_write = permission_required("service.write_order", raise_exception=True)
may_run = permission_required("service.run_workshop", raise_exception=True)
may_manage = permission_required("service.manage_workshop", raise_exception=True)
may_order = permission_required("service.order_parts", raise_exception=True)
