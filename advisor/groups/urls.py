from django.urls import path

from advisor.groups import views


def former(address, role, page):
    """Return the path of a page at the time when the code was a part of it."""
    return path(
        f"<uuid:pk>/{address}", views.old_link, {"role": role, "page": f"group-{page}"}
    )


urlpatterns = [
    path("", views.start, name="group-start"),
    path("<uuid:pk>/", views.join, name="group"),
    path("<uuid:pk>/member/", views.member, name="group-member"),
    path("<uuid:pk>/member/answers/", views.change_answers, name="group-answers"),
    path("<uuid:pk>/owner/", views.owner, name="group-owner"),
    path("<uuid:pk>/owner/delete/", views.delete_group, name="group-delete"),
    former("members/<str:code>/", "member", "member"),
    former("members/<str:code>/answers/", "member", "answers"),
    former("owner/<str:code>/", "owner", "owner"),
    former("owner/<str:code>/delete/", "owner", "delete"),
    path("results/<uuid:pk>/", views.result, name="group-result"),
    path("results/<uuid:pk>.json", views.result_json, name="group-result-json"),
]
