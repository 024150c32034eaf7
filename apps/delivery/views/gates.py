"""Who may open which pages of hand-overs, and how a form is asked for."""

from django.contrib.auth.decorators import permission_required
from django.views.decorators.http import require_http_methods

a_form = require_http_methods(["GET", "HEAD", "POST"])

may_see_plan = permission_required("delivery.view_plan", raise_exception=True)
may_plan = permission_required("delivery.plan", raise_exception=True)
may_hand_over = permission_required("delivery.hand_over", raise_exception=True)
may_check_car = permission_required("delivery.check_car", raise_exception=True)
may_manage = permission_required("delivery.manage", raise_exception=True)
may_enter_dsm = permission_required("delivery.enter_dsm", raise_exception=True)
may_check_dsm = permission_required("delivery.check_dsm", raise_exception=True)
may_see_dsm = permission_required("delivery.view_dsm", raise_exception=True)
