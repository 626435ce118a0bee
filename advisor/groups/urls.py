from django.urls import path

from advisor.groups import views

urlpatterns = [
    path("", views.start, name="group-start"),
    path("<uuid:pk>/", views.join, name="group"),
    path("<uuid:pk>/member/", views.member, name="group-member"),
    path("<uuid:pk>/member/answers/", views.change_answers, name="group-answers"),
    path("<uuid:pk>/owner/", views.owner, name="group-owner"),
    path("<uuid:pk>/owner/delete/", views.delete_group, name="group-delete"),
    path("results/<uuid:pk>/", views.result, name="group-result"),
    path("results/<uuid:pk>.json", views.result_json, name="group-result-json"),
]
