"""What the actions of penalties and month reports are called."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "penalties.add_defaults": _("default rules of penalties added"),
    "penalties.detect_clause": _("facts looked for under a clause"),
    "penalties.explain": _("proposal explained"),
    "penalties.confirm": _("proposal confirmed"),
    "penalties.waive": _("proposal waived"),
    "penalties.appeal": _("appealed against"),
    "penalties.decide_appeal": _("appeal decided"),
    "penalties.sign": _("proposal signed"),
    "penalties.explain_with": _("proposal explained with pictures or papers"),
    "penalties.sign_on_screen": _("signed on the screen"),
    "penalties.issue": _("proposal issued"),
    "penalties.close_month": _("month of penalties closed"),
    "penalties.correct": _("line of a closed month corrected"),
    "penalties.set_rule": _("rule of penalties set"),
    "penalties.set_numbers": _("numbers of penalties set"),
    "penalties.withdraw_rule": _("rule of penalties taken back before its day"),
    "penalties.withdraw_numbers": _("numbers of penalties taken back before their day"),
    "penalties.name_greeter": _("person for the month's greetings named"),
    "reports.write_report": _("figures of a month counted into its report"),
    "reports.note_action": _("cause and action of a figure written"),
    "reports.note_outcome": _("outcome of an action written"),
    "reports.submit_report": _("month report submitted"),
    "reports.review_report": _("month report reviewed"),
    "reports.approve_report": _("month report approved"),
    "reports.send_back_report": _("month report sent back"),
    "reports.set_target": _("target set"),
    "reports.set_targets": _("targets set"),
}
