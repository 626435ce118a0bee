"""What an account is asked to show its second factor, or to change it."""

from django import forms
from django.contrib.auth import authenticate, user_login_failed
from django.core.exceptions import ValidationError

from comparisons.accounts import factors

WRONG_CODE = (
    "This is not a code of today. Wait for the next one; after several wrong ones none "
    "is taken for a while."
)


class CodeForm(forms.Form):
    """The second step of signing in."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Six digits of your app, or one of your recovery codes.",
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.user = request.half_signed_in

    def clean_code(self):
        # An app shows its codes in groups, and people type them so.
        code = "".join(self.cleaned_data["code"].split())
        if self.errors:
            # A recovery code is not used up by a wrong password beside it.
            return code
        self.app = factors.check(self.user, code)
        if self.app is None:
            # Counted with the wrong passwords of this network.
            user_login_failed.send(
                sender=__name__,
                credentials={"username": self.user.get_username()},
                request=self.request,
            )
            raise ValidationError(WRONG_CODE, code="wrong")
        return code


class PasswordMixin(forms.Form):
    """Asks for the password again before anything about signing in changes."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    field_order = ["password", "code"]

    def clean_password(self):
        password = self.cleaned_data["password"]
        name = self.user.get_username()
        if authenticate(self.request, username=name, password=password) != self.user:
            raise ValidationError("This is not your password.", code="wrong")
        return password


class ChangeForm(PasswordMixin, CodeForm):
    """New recovery codes, or no second factor any more."""


class SetUpForm(PasswordMixin, CodeForm):
    """An app that shows codes is given a key, and shows that it has it."""

    key = forms.RegexField(r"^[0-9a-f]{40}$", widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "The six digits that the app shows now."

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split())

    def clean(self):
        cleaned = super().clean()
        key, code = cleaned.get("key"), cleaned.get("code")
        if key and code and not factors.shows_code(key, code):
            self.add_error("code", WRONG_CODE)
        return cleaned
