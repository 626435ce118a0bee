from django.urls import include, path

from advisor import views
from comparisons.web.caching import knowledge_page

app_name = "advisor"
urlpatterns = [
    path("", views.questionnaire, name="questionnaire"),
    path("interview/", views.one_by_one, name="interview"),
    path("method/", knowledge_page(views.method), name="method"),
    path("record/", views.record, name="record"),
    path("results/<uuid:pk>/", views.advice, name="advice"),
    path("results/<uuid:pk>.json", views.advice_json, name="advice-json"),
    path("results/<uuid:pk>/delete/", views.delete_advice, name="advice-delete"),
    path("results/<uuid:pk>/right/", views.judge_advice, name="advice-judge"),
    path("groups/", include("advisor.groups.urls")),
]
