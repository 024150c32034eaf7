"""What the actions of the index and the quick response are called."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "complaints.add_defaults": _("default limits of quick responses added"),
    "ssi.add_defaults": _("supplied survey models added"),
    "complaints.set_numbers": _("limits of quick responses set"),
    "complaints.open_response": _("quick response opened"),
    "complaints.approve": _("quick response approved"),
    "complaints.send_back": _("quick response sent back to care"),
    "complaints.mend": _("quick response mended"),
    "complaints.drop": _("quick response dropped"),
    "complaints.accept": _("quick response accepted"),
    "complaints.handle": _("quick response handled"),
    "complaints.ask_again": _("customer asked again"),
    "complaints.close": _("quick response closed"),
    "ssi.start": _("survey begun"),
    "ssi.answer": _("survey question answered"),
    "ssi.judge": _("standards judged in a survey"),
    "ssi.verify": _("name, phone and car checked in a survey"),
    "ssi.finish": _("survey finished"),
    "ssi.correct": _("answers of a survey put right"),
    "complaints.escalate": _("late quick responses escalated"),
    "ssi.add_guide_action": _("line of the action guide added"),
    "ssi.change_guide_action": _("line of the action guide changed"),
    "ssi.copy_model": _("survey model copied"),
    "ssi.save_draft": _("draft of a survey model saved"),
    "ssi.start_model": _("day of a survey model set"),
    "ssi.withdraw_start": _("start of a survey model taken back"),
    "ssi.delete_draft": _("draft of a survey model deleted"),
}
