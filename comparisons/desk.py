"""The admin site itself; what it shows stands in ``comparisons.admin``."""

from django.contrib import admin
from django.urls import path


class EditorsDesk(admin.AdminSite):
    """Django's admin, with pages of our own beside the lists of the models.

    Such a page is a view in a module of ``comparisons.admin``, a path in
    ``get_urls`` and a link in ``templates/admin/index.html``.
    """

    site_header = "Framewise editors’ desk"
    site_title = "Framewise"
    index_title = "Knowledge"

    def get_urls(self):
        # Not at the top: the modules of the package register with this site.
        from .admin.audit import knowledge_audit

        return [
            path("audit/", self.admin_view(knowledge_audit), name="knowledge-audit"),
            *super().get_urls(),
        ]
