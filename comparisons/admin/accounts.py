"""Accounts, as Django's admin keeps them, and their second factors."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from comparisons.accounts import factors

# Their keys are nobody's to see; each account sets up its own.
admin.site.unregister([TOTPDevice, StaticDevice, User])


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Django's own, with a way back for who has lost a second factor."""

    actions = ["reset_second_factor"]

    def has_reset_permission(self, request):
        return request.user.is_superuser

    @admin.action(permissions=["reset"], description="Take the second factor away")
    def reset_second_factor(self, request, queryset):
        taken = [user for user in queryset if factors.reset(user)]
        for user in taken:
            self.log_change(request, user, "Second factor taken away.")
        self.message_user(
            request, f"Second factors taken away: {len(taken)}.", messages.SUCCESS
        )
