from django.contrib.sitemaps import views as sitemap_views
from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from comparisons import comparing, downloads, views
from comparisons.feeds import ChangesFeed
from comparisons.models import Extension, Feature, Framework, Source
from comparisons.sitemaps import SITEMAPS
from comparisons.suggestions import views as suggestion_views
from comparisons.web import outages
from comparisons.web.caching import knowledge_page
from comparisons.web.redirects import finds_renamed


def page(view, *, has_versions=False, **models):
    """Return ``view`` as a page that is found under former slugs of ``models`` too."""
    return knowledge_page(finds_renamed(view, **models), has_versions=has_versions)


register_converter(downloads.FormatConverter, "extension")

app_name = "comparisons"
feed = require_safe(ChangesFeed())
urlpatterns = [
    path("", page(views.home), name="home"),
    # frameworks/
    path(
        "frameworks/",
        page(
            views.FrameworkListView.as_view(),
            provides=Feature,
            lacks=Feature,
            fits=Feature,
        ),
        name="framework-list",
    ),
    path(
        "frameworks/<slug:slug>/",
        page(views.framework_detail, slug=Framework, has_versions=True),
        name="framework-detail",
    ),
    path(
        "frameworks/<slug:slug>/feed/",
        page(feed, slug=Framework),
        name="framework-feed",
    ),
    path(
        "frameworks/<slug:framework>/<slug:feature>/",
        page(
            views.finding_detail,
            framework=Framework,
            feature=Feature,
            has_versions=True,
        ),
        name="finding-detail",
    ),
    path(
        "frameworks/<slug:framework>/facts/<slug:kind>/",
        page(views.fact_detail, framework=Framework, has_versions=True),
        name="fact-detail",
    ),
    path(
        "frameworks/<slug:framework>/adopters/<slug:slug>/",
        page(views.adopter_detail, framework=Framework, has_versions=True),
        name="adopter-detail",
    ),
    # compare/
    path("compare/", page(comparing.compare_picker), name="compare-picker"),
    path(
        "compare/<slug:slugs>/",
        page(comparing.compare, slugs=Framework, has_versions=True),
        name="compare",
    ),
    path(
        "compare/<slug:slugs>/code/<slug:task>/",
        page(comparing.compare_code, slugs=Framework, has_versions=True),
        name="compare-code",
    ),
    path(
        "compare/<slug:slugs>/text/",
        page(comparing.compare_text, slugs=Framework, has_versions=True),
        name="compare-text",
    ),
    path(
        "compare/<slug:slugs>/sources/",
        page(comparing.compare_sources, slugs=Framework, has_versions=True),
        name="compare-sources",
    ),
    path(
        "comparisons/",
        page(comparing.ComparisonListView.as_view(), has_versions=True),
        name="comparison-list",
    ),
    # features/
    path("features/", page(views.feature_list), name="feature-list"),
    path(
        "features/<slug:slug>/",
        page(views.feature_detail, slug=Feature, has_versions=True),
        name="feature-detail",
    ),
    # extensions/
    path(
        "extensions/",
        page(views.ExtensionListView.as_view(), framework=Framework, feature=Feature),
        name="extension-list",
    ),
    path(
        "extensions/<slug:slug>/",
        page(views.extension_detail, slug=Extension, has_versions=True),
        name="extension-detail",
    ),
    # sources/ and where they conflict
    path("sources/", page(views.SourceListView.as_view()), name="source-list"),
    path(
        "sources/<slug:slug>/",
        page(views.source_detail, slug=Source, has_versions=True),
        name="source-detail",
    ),
    path(
        "disagreements/",
        page(
            views.DisagreementListView.as_view(), framework=Framework, feature=Feature
        ),
        name="disagreement-list",
    ),
    path(
        "disagreements/<slug:slug>/",
        page(views.disagreement_detail, has_versions=True),
        name="disagreement-detail",
    ),
    # measurements/
    path("measurements/", page(views.measurements), name="measurement-list"),
    path(
        "measurements/<slug:slug>/",
        page(views.measurements, has_versions=True),
        name="measurement-detail",
    ),
    # changes/
    path(
        "changes/",
        page(
            views.ChangeSetListView.as_view(),
            framework=Framework,
            feature=Feature,
            source=Source,
        ),
        name="change-list",
    ),
    path("changes/feed/", page(feed), name="change-feed"),
    path("changes/<int:pk>/", page(views.change_detail), name="change-detail"),
    # suggest/: never kept by caches, because forms carry a token
    path(
        "suggest/<slug:kind>/<path:key>/thanks/",
        suggestion_views.suggest_thanks,
        name="suggest-thanks",
    ),
    path("suggest/<slug:kind>/<path:key>/", suggestion_views.suggest, name="suggest"),
    # pages to take away
    path(
        "measurements/<slug:slug>.json",
        page(downloads.measurement_json),
        name="measurement-json",
    ),
    path(
        "compare/<slug:slugs>.<extension:extension>",
        page(downloads.comparison, slugs=Framework),
        name="comparison-file",
    ),
    path(
        "frameworks/<slug:framework>/<slug:feature>.<extension:extension>",
        page(downloads.finding, framework=Framework, feature=Feature),
        name="finding-file",
    ),
    *(
        path(
            f"{name}s/<slug:slug>.<extension:extension>",
            page(view, **models),
            name=f"{name}-file",
        )
        for name, view, models in [
            ("framework", downloads.framework, {"slug": Framework}),
            ("feature", downloads.feature, {"slug": Feature}),
            ("extension", downloads.package, {"slug": Extension}),
            ("source", downloads.source, {"slug": Source}),
            ("disagreement", downloads.disagreement, {}),
            ("measurement", downloads.measurement_run, {}),
        ]
    ),
    # around the knowledge
    path("search/", page(views.search), name="search"),
    path("about/", page(views.about), name="about"),
    # for programs
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml",
        page(sitemap_views.index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "comparisons:sitemap-section"},
        name="sitemap",
    ),
    path(
        "sitemap-<slug:section>.xml",
        page(sitemap_views.sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap-section",
    ),
    path("healthz", outages.healthz, name="healthz"),
    path("readyz", outages.readyz, name="readyz"),
]
