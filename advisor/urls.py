from django.urls import path

from advisor import views
from advisor.groups import views as group_views
from comparisons.web.caching import knowledge_page

app_name = "advisor"
urlpatterns = [
    path("", views.questionnaire, name="questionnaire"),
    path("method/", knowledge_page(views.method), name="method"),
    path("results/<uuid:pk>/", views.advice, name="advice"),
    path("results/<uuid:pk>.json", views.advice_json, name="advice-json"),
    path("results/<uuid:pk>/delete/", views.delete_advice, name="advice-delete"),
    path("groups/", group_views.start, name="group-start"),
    path("groups/<uuid:pk>/", group_views.join, name="group"),
    path(
        "groups/<uuid:pk>/members/<str:code>/",
        group_views.member,
        name="group-member",
    ),
    path(
        "groups/<uuid:pk>/members/<str:code>/answers/",
        group_views.change_answers,
        name="group-answers",
    ),
    path("groups/<uuid:pk>/owner/<str:code>/", group_views.owner, name="group-owner"),
    path(
        "groups/<uuid:pk>/owner/<str:code>/delete/",
        group_views.delete_group,
        name="group-delete",
    ),
    path("groups/results/<uuid:pk>/", group_views.result, name="group-result"),
    path(
        "groups/results/<uuid:pk>.json",
        group_views.result_json,
        name="group-result-json",
    ),
]
