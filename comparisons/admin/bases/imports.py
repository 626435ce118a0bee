"""The way from a list to its rows as a file, and back."""


class ImportExportAdmin:
    """Adds “Import” and “Export” to a list, for those who may change and view it."""

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def has_import_permission(self, request):
        return self.has_change_permission(request)

    def changelist_view(self, request, extra_context=None):
        buttons = {
            "has_export_permission": self.has_export_permission(request),
            "has_import_permission": self.has_import_permission(request),
        }
        return super().changelist_view(request, buttons | (extra_context or {}))
