"""Who may open which pages of the index, and how a form is asked for."""

from django.contrib.auth.decorators import permission_required
from django.views.decorators.http import require_http_methods

a_form = require_http_methods(["GET", "HEAD", "POST"])

may_ask = permission_required("ssi.ask", raise_exception=True)
may_check_rooms = permission_required("ssi.check_rooms", raise_exception=True)
may_see_guide = permission_required("ssi.view_guide", raise_exception=True)
may_change_guide = permission_required("ssi.change_guide", raise_exception=True)
may_see_honesty = permission_required("ssi.view_honesty", raise_exception=True)
may_recall = permission_required("ssi.recall", raise_exception=True)
