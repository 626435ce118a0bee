from django.contrib.admin.apps import AdminConfig


class EditorsDeskConfig(AdminConfig):
    """Django's admin with the pages that editors have beside its lists."""

    default_site = "comparisons.desk.EditorsDesk"
