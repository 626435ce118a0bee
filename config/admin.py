"""The editors' desk: Django's admin under a name of ours."""

from functools import wraps

from django.contrib import admin

from comparisons.web.resending import TOKEN, send_again


class Desk(admin.AdminSite):
    """Django's admin, in which a session may end without losing a form."""

    site_header = "Framewise editors’ desk"
    site_title = "Framewise"
    index_title = "Knowledge"

    def admin_view(self, view, cacheable=False):
        """Give a form back whose sender is not signed in any more."""
        checked = super().admin_view(view, cacheable)

        @wraps(checked)
        def answer(request, *args, **kwargs):
            typed = request.POST.keys() - {TOKEN}
            if typed and not request.user.is_authenticated:
                return send_again(request)
            return checked(request, *args, **kwargs)

        return answer
