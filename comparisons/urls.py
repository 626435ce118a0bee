from django.urls import path

from comparisons import views
from comparisons.feeds import ChangesFeed
from comparisons.models import Framework, Source
from comparisons.suggestions import views as suggestion_views
from comparisons.web.caching import knowledge_page
from comparisons.web.redirects import finds_renamed

app_name = "comparisons"
urlpatterns = [
    path("", knowledge_page(views.home), name="home"),
    # frameworks/
    path(
        "frameworks/",
        knowledge_page(views.FrameworkListView.as_view()),
        name="framework-list",
    ),
    path(
        "frameworks/<slug:slug>/",
        knowledge_page(views.framework_detail, has_preview=True),
        name="framework-detail",
    ),
    path(
        "frameworks/<slug:slug>/feed/",
        knowledge_page(finds_renamed(slug=Framework)(ChangesFeed())),
        name="framework-feed",
    ),
    path(
        "frameworks/<slug:framework>/<slug:feature>/",
        knowledge_page(views.finding_detail, has_preview=True),
        name="finding-detail",
    ),
    path(
        "frameworks/<slug:framework>/facts/<slug:kind>/",
        knowledge_page(views.fact_detail, has_preview=True),
        name="fact-detail",
    ),
    path(
        "frameworks/<slug:framework>/adopters/<slug:slug>/",
        knowledge_page(views.adopter_detail, has_preview=True),
        name="adopter-detail",
    ),
    # compare/
    path("compare/", knowledge_page(views.compare_picker), name="compare-picker"),
    path(
        "compare/<slug:slugs>/",
        knowledge_page(views.compare, has_preview=True),
        name="compare",
    ),
    path(
        "comparisons/",
        knowledge_page(views.ComparisonListView.as_view(), has_preview=True),
        name="comparison-list",
    ),
    # features/
    path("features/", knowledge_page(views.feature_list), name="feature-list"),
    path(
        "features/<slug:slug>/",
        knowledge_page(views.feature_detail, has_preview=True),
        name="feature-detail",
    ),
    # sources/ and where they conflict
    path(
        "sources/", knowledge_page(views.SourceListView.as_view()), name="source-list"
    ),
    path(
        "sources/<slug:slug>/",
        knowledge_page(
            finds_renamed(slug=Source)(views.SourceDetailView.as_view()),
            has_preview=True,
        ),
        name="source-detail",
    ),
    path(
        "disagreements/",
        knowledge_page(views.DisagreementListView.as_view()),
        name="disagreement-list",
    ),
    path(
        "disagreements/<slug:slug>/",
        knowledge_page(views.DisagreementDetailView.as_view(), has_preview=True),
        name="disagreement-detail",
    ),
    # changes/
    path(
        "changes/",
        knowledge_page(views.ChangeSetListView.as_view()),
        name="change-list",
    ),
    path("changes/feed/", knowledge_page(ChangesFeed()), name="change-feed"),
    path(
        "changes/<int:pk>/", knowledge_page(views.change_detail), name="change-detail"
    ),
    # suggest/: never kept by caches, because forms carry a token
    path(
        "suggest/<slug:kind>/<path:key>/thanks/",
        suggestion_views.suggest_thanks,
        name="suggest-thanks",
    ),
    path("suggest/<slug:kind>/<path:key>/", suggestion_views.suggest, name="suggest"),
    # around the knowledge
    path("search/", knowledge_page(views.search), name="search"),
    path("about/", knowledge_page(views.about), name="about"),
    path("healthz", views.healthz, name="healthz"),
]
