"""The editors' pages beside the lists of the models."""

from django.contrib import admin
from django.urls import path

from comparisons.admin.matrix.views import matrix, source_at
from comparisons.admin.pages.audit import knowledge_audit
from comparisons.admin.pages.guide import guide, picture
from comparisons.admin.pages.imports import export_rows, import_rows
from comparisons.admin.pages.links import replace
from comparisons.admin.pages.mail import mail
from comparisons.admin.pages.merging import merge_rows
from comparisons.admin.pages.passages import reread
from comparisons.admin.pages.queue import front, queue_section
from comparisons.admin.pages.second_factor import second_factor
from comparisons.admin.pages.undo import deleted, undo_editor, undo_set
from comparisons.admin.pages.work import cancel, check, confirm, resume, work, works
from comparisons.merging import MERGEABLE
from comparisons.models import Feature, Framework
from comparisons.spreadsheets import TABLES

admin.site.site_header = "Framewise editors’ desk"
admin.site.site_title = "Framewise"

app_name = "desk"
urlpatterns = [
    path("mail/", mail, name="mail"),
    path("second-factor/", second_factor, name="second-factor"),
    # Its own address is Django's admin:index; the other is its first.
    path("", front),
    path("queue/", front, name="queue"),
    path("queue/<slug:slug>/", queue_section, name="queue-section"),
    path("audit/", knowledge_audit, name="knowledge-audit"),
    path("work/", works, name="works"),
    path("work/<int:pk>/", work, name="work"),
    path("work/<int:pk>/resume/", resume, name="resume-work"),
    path("work/<int:pk>/cancel/", cancel, name="cancel-work"),
    path("work/<int:pk>/confirm/", confirm, name="confirm-work"),
    path("work/check/<slug:kind>/", check, name="check"),
    path("guide/<slug:slug>/", guide, name="guide"),
    path("guide/<slug:slug>/<str:name>", picture, name="guide-picture"),
    path(
        "comparisons/matrix/framework/<slug:slug>/",
        matrix,
        {"rows": Framework.objects.all()},
        name="matrix-framework",
    ),
    path(
        "comparisons/matrix/feature/<slug:slug>/",
        matrix,
        {"rows": Feature.objects.select_related("group")},
        name="matrix-feature",
    ),
    path("comparisons/matrix/source/", source_at, name="matrix-source"),
    path("comparisons/changeset/deleted/", deleted, name="deleted"),
    path("comparisons/changeset/undo/", undo_editor, name="undo-editor"),
    path("comparisons/changeset/<int:pk>/undo/", undo_set, name="undo-set"),
    path("comparisons/citation/<slug:key>/reread/", reread, name="reread"),
    path("comparisons/link/replace/", replace, name="replace-links"),
    *(
        path(
            f"comparisons/{model._meta.model_name}/merge/",
            merge_rows,
            {"model": model},
            name=f"merge-{model._meta.model_name}",
        )
        for model in MERGEABLE
    ),
    *(
        path(
            f"comparisons/{model._meta.model_name}/{step}/",
            view,
            {"model": model},
            name=f"{step}-{model._meta.model_name}",
        )
        for model in TABLES
        for step, view in (("export", export_rows), ("import", import_rows))
    ),
]
