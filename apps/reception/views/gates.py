"""Who may open which pages of the showroom, and how a form is asked for."""

from django.contrib.auth.decorators import permission_required
from django.views.decorators.http import require_http_methods

a_form = require_http_methods(["GET", "HEAD", "POST"])

may_see_door = permission_required("reception.view_door", raise_exception=True)
may_register = permission_required("reception.register_visit", raise_exception=True)
may_see_register = permission_required("reception.view_register", raise_exception=True)
may_see_sales = permission_required("reception.view_sales", raise_exception=True)
may_see_all_sales = permission_required("reception.view_all_sales", raise_exception=True)
may_sell = permission_required("reception.sell", raise_exception=True)
may_approve = permission_required("reception.approve_sales", raise_exception=True)
may_keep_sheets = permission_required("reception.keep_sheets", raise_exception=True)
may_see_traffic = permission_required("reception.view_traffic", raise_exception=True)
may_observe = permission_required("reception.observe", raise_exception=True)
