"""What the page of rules says beside the clause: who answers, and what proves it (PEN-06)."""

from django.utils.translation import gettext_lazy as _

from apps.penalties.choices import Clause

WHO = {
    Clause.ABANDONED: _("owner of the call"),
    Clause.FIRST_RATE: _("owner of the calls of the month"),
    Clause.BIRTHDAY: _("owner of the call"),
    Clause.GREETINGS: _("whom the care manager named for the month"),
    Clause.REMINDER: _("owner of the call"),
    Clause.FIVE_S: _("who answers for the area"),
    Clause.WEAK_ITEM: _("who answers for the area"),
    Clause.DSM_LATE: _("sales consultant of the delivery"),
    Clause.FORM_LATE: _("who booked the appointment"),
    Clause.REWARD: _("sales consultant of the delivery"),
}
EVIDENCE = {
    Clause.ABANDONED: _("the call, and every attempt with its time and result"),
    Clause.FIRST_RATE: _("calls due and reminded in the month, and their line"),
    Clause.BIRTHDAY: _("the call, and every attempt with its time and result"),
    Clause.GREETINGS: _("the greetings and notices that went out, and how many there should be"),
    Clause.REMINDER: _("the call, its due day, and every attempt with its time and result"),
    Clause.FIVE_S: _("both checks with their photos"),
    Clause.WEAK_ITEM: _("both checks with their photos"),
    Clause.DSM_LATE: _("the limit, when it was complete, sent back or accepted incomplete"),
    Clause.FORM_LATE: _("when it was booked, until when and when it was taken over"),
    Clause.REWARD: _("the surveys of the customers"),
}
