"""The forms of the outbox."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused
from apps.core.widgets import Clock, Day
from apps.customers.choices import Purpose
from apps.messaging import policy
from apps.messaging.choices import Channel, Decision, MessageStatus, Receipt, Shown, TemplateKey


class MessageFilter(forms.Form):
    """What of the list is asked for; everything may be left open."""

    status = forms.ChoiceField(
        label=_("status"), required=False, choices=[("", _("all")), *MessageStatus.choices]
    )
    receipt_status = forms.ChoiceField(
        label=_("receipt"), required=False, choices=[("", _("all")), *Receipt.choices]
    )
    channel = forms.ChoiceField(
        label=_("channel"), required=False, choices=[("", _("all")), *Channel.choices]
    )
    key = forms.ChoiceField(
        label=_("for"), required=False, choices=[("", _("all")), *TemplateKey.choices]
    )
    day = forms.DateField(label=_("day"), required=False, widget=Day())
    batch = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput()
    )


class ReplyFilter(forms.Form):
    show = forms.ChoiceField(label=_("replies"), required=False, choices=Shown.choices)


class SettleForm(forms.Form):
    decision = forms.TypedChoiceField(choices=Decision.choices, coerce=Decision)


class TemplateForm(forms.Form):
    """A new text (CARE-29)."""

    key = forms.ChoiceField(label=_("for"), choices=TemplateKey.choices)
    channel = forms.ChoiceField(label=_("channel"), choices=Channel.choices)
    purpose = forms.ChoiceField(label=_("purpose"), choices=Purpose.choices)
    effective_from = forms.DateField(label=_("in force from"), widget=Day())
    subject = forms.CharField(
        label=_("subject"), max_length=120, required=False, help_text=_("for e-mail only")
    )
    text = forms.CharField(
        label=_("text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    provider_code = forms.RegexField(
        r"^SMS_\d{1,20}$",
        label=_("template code at the provider"),
        required=False,
        help_text=_(
            "Aliyun sends an SMS only by a template that it has approved, with the same "
            "placeholders: SMS_ and digits. Without it such a text is not sent."
        ),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("subject", "text"):
            try:
                policy.check_text(
                    data.get(name, ""),
                    data.get("purpose", "") if name == "text" else Purpose.SERVICE,
                )
            except Refused as refusal:
                self.add_error(name, ValidationError(str(refusal)))
        return data


class QuietHoursForm(forms.Form):
    """CARE-06."""

    quiet_from = forms.TimeField(label=_("no sending from"), widget=Clock())
    quiet_until = forms.TimeField(label=_("no sending until"), widget=Clock())
    effective_from = forms.DateField(label=_("in force from"), widget=Day())
