"""The way from a list to its rows as a file, and back."""


class ImportExportAdmin:
    """Adds “Import” and “Export” to a list, for those who may change and view it."""

    def changelist_view(self, request, extra_context=None):
        buttons = {
            "is_exported": True,
            "may_import": self.has_change_permission(request),
        }
        return super().changelist_view(request, buttons | (extra_context or {}))
