"""The editors' pages beside the lists of the models."""

from django.contrib import admin
from django.urls import path

from comparisons.admin.matrix.views import feature_matrix, framework_matrix, source_at
from comparisons.admin.pages.audit import knowledge_audit
from comparisons.admin.pages.queue import editors_queue, queue_section

admin.site.site_header = "Framewise editors’ desk"
admin.site.site_title = "Framewise"
admin.site.index_title = "Knowledge"


def desk(view):
    """Show ``view`` to staff alone, as the admin's own pages are."""
    return admin.site.admin_view(view)


app_name = "desk"
urlpatterns = [
    path("queue/", desk(editors_queue), name="queue"),
    path("queue/<slug:slug>/", desk(queue_section), name="queue-section"),
    path("audit/", desk(knowledge_audit), name="knowledge-audit"),
    path(
        "comparisons/matrix/framework/<slug:slug>/",
        desk(framework_matrix),
        name="matrix-framework",
    ),
    path(
        "comparisons/matrix/feature/<slug:slug>/",
        desk(feature_matrix),
        name="matrix-feature",
    ),
    path("comparisons/matrix/source/", desk(source_at), name="matrix-source"),
]
