"""The second factor of one's own account: set up, shown, changed."""

import logging

import segno
from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp import login
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from comparisons.accounts import factors
from comparisons.accounts.forms import ChangeForm, CodeForm, SetUpForm
from comparisons.admin.bases.desk import desk_page

logger = logging.getLogger("comparisons.accounts")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request):
    """Ask for the code, or set the second factor up, or change it."""
    user = request.half_signed_in
    if not user.is_staff or request.POST.get("act") == "leave":
        logout(request)
        return redirect("admin:login")
    if factors.app_of(user) is None:
        return _set_up(request, user)
    return _ask(request) if request.needs_factor else _change(request, user)


def _ask(request):
    form = CodeForm(request.POST or None, request=request)
    if form.is_valid():
        _sign_in(request, form.app)
        return redirect(_next_address(request))
    return _page(request, "Your second factor", form=form, is_step=True)


def _set_up(request, user):
    form = SetUpForm(
        request.POST or None, request=request, initial={"key": default_key}
    )
    if form.is_valid():
        app, codes = factors.set_up(user, form.cleaned_data["key"])
        _sign_in(request, app)
        return _codes(request, codes)
    if "key" in form.errors:
        return redirect("desk:second-factor")
    app = TOTPDevice(user=user, key=form["key"].value())
    return _page(
        request,
        "Set up a second factor",
        form=form,
        secret=app.config_url.partition("secret=")[2].partition("&")[0],
        picture=mark_safe(_picture(app.config_url)),
        is_required=factors.is_required(user),
    )


def _change(request, user):
    form = ChangeForm(request.POST or None, request=request)
    if form.is_valid():
        if request.POST.get("act") == "remove":
            factors.reset(user)
            return redirect("desk:second-factor")
        return _codes(request, factors.renew_codes(user))
    left = factors.codes_left(user)
    return _page(request, "Your second factor", form=form, codes_left=left)


def _sign_in(request, app):
    """Let this session be its user's, under a new key."""
    request.user = request.half_signed_in
    logger.info("Account %s has shown its second factor.", request.user.pk)
    request.session.cycle_key()
    login(request, app)


def _codes(request, codes):
    return _page(
        request, "Your recovery codes", codes=codes, next=_next_address(request)
    )


def _page(request, title, **context):
    return desk_page(request, "second_factor", title, **context)


def _next_address(request):
    address = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def _picture(address):
    """Return ``address`` as a picture for the camera of a telephone."""
    return segno.make(address, error="m").svg_inline(scale=4, light="white")
