"""What the own account is told by mail."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from comparisons.admin.bases.desk import desk, desk_page
from comparisons.models import MailChoice


class MailForm(forms.ModelForm):
    """What an account wants to be told."""

    class Meta:
        model = MailChoice
        fields = ["decisions", "digest"]


@desk()
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request):
    """Choose, and see to which address it goes."""
    choice = MailChoice.objects.filter(user=request.user).first()
    form = MailForm(request.POST if request.method == "POST" else None, instance=choice)
    if form.is_valid():
        MailChoice.objects.update_or_create(
            user=request.user, defaults=form.cleaned_data
        )
        messages.success(request, "Your choice is stored.")
        return redirect("desk:mail")
    return desk_page(
        request, "mail", "Mail about your work", form=form, is_sent=settings.SENDS_MAIL
    )
