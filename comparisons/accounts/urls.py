"""A forgotten password, where the site sends mail; the names are those of Django."""

from django.contrib.auth import views
from django.urls import path

from comparisons.web import throttle


class ForgottenView(views.PasswordResetView):
    """Sends the link to the address of an account, if there is one, not too often."""

    def form_valid(self, form):
        if throttle.refuses(self.request, "password_reset", form):
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return super().form_valid(form)


urlpatterns = [
    path("password-reset/", ForgottenView.as_view(), name="admin_password_reset"),
    path(
        "password-reset/done/",
        views.PasswordResetDoneView.as_view(),
        name="password_reset_done",
    ),
    path(
        "password-reset/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "password-reset/complete/",
        views.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
]
