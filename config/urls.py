"""Table of contents: the editors' admin, the advisor, and the knowledge itself."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/advisor/", include("advisor.admin.urls")),
    path("admin/", include("comparisons.admin.urls")),
    *(
        [path("admin/", include("comparisons.accounts.urls"))]
        if settings.SENDS_MAIL
        else []
    ),
    path("admin/", admin.site.urls),
    path("advisor/", include("advisor.urls")),
    path("", include("comparisons.urls")),
    # For the monitoring of the host; a proxy keeps others out (docs/deploy/nginx.conf).
    *([path("", include("django_prometheus.urls"))] if settings.METRICS else []),
]

# An outage of the database is no fault of the program.
handler500 = "comparisons.web.outages.failed"
