from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin on the editors' own site."""

    default_site = "comparisons.accounts.site.Desk"
