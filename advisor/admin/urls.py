from django.urls import path

from advisor.admin import pages

app_name = "advisor-admin"
urlpatterns = [
    path("audit/", pages.audit_page, name="audit"),
    path("preview/", pages.preview, name="preview"),
    path("personas/", pages.personas, name="personas"),
    path("personas/record/", pages.record_personas, name="record-personas"),
]
