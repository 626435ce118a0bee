"""What the first of a group fills in, and each member."""

import re

from django import forms

from advisor.models import AdviceGroup, GroupMember
from advisor.models.codes import CODE, new_code
from comparisons.models.text import PlainLineFormField


class GroupForm(forms.Form):
    """Starts a group."""

    name = PlainLineFormField(
        label="A name for the group",
        help_text="May stay empty. Whoever has the link sees it.",
        max_length=AdviceGroup._meta.get_field("name").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MemberForm(forms.Form):
    """Asks a member of a group for a name, beside the questionnaire.

    The code is made with the page, so that a form sent twice answers once.
    """

    prefix = "member"
    name = PlainLineFormField(
        label="Your name",
        help_text="May stay empty. The others see it beside what you want.",
        max_length=GroupMember._meta.get_field("name").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    code = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_code(self):
        """Return the code of the page, or a new one if it is none of ours."""
        code = self.cleaned_data["code"]
        return code if re.fullmatch(CODE, code) else new_code()
