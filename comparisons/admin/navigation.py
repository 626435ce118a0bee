"""What of the knowledge stands in the navigation of the desk, by task."""

from django.contrib.admin import site
from django.contrib.auth.models import Group, User

from comparisons.accounts.navigation import Part, Place
from comparisons.admin.pages.guide import GUIDES
from comparisons.history.records import recorded_models
from comparisons.models import (
    ChangeSet,
    Comparison,
    Disagreement,
    Extension,
    Feature,
    Framework,
    Link,
    MeasurementRun,
    Proposal,
    Source,
    Statement,
    Suggestion,
    Synonym,
    Task,
)
from comparisons.spreadsheets import TABLES

site.parts += [
    Part(
        slug="knowledge",
        title="Knowledge",
        position=10,
        places=[
            Framework,
            Feature,
            *(model for model in recorded_models() if issubclass(model, Statement)),
            Extension,
            Task,
            MeasurementRun,
            Place(
                title="Audit of the knowledge",
                view="desk:knowledge-audit",
                permissions=("comparisons.view_finding",),
            ),
            Place(
                title="All tables",
                view="admin:app_list",
                args=("comparisons",),
                fragment="content-start",
                permissions=("comparisons.view_finding",),
            ),
        ],
    ),
    Part(
        slug="comparisons",
        title="Comparisons",
        position=20,
        places=[Comparison, Disagreement],
    ),
    Part(
        slug="sources",
        title="Sources",
        position=30,
        places=[
            Source,
            Link,
            Place(
                title="Sources that look alike",
                view="desk:queue-section",
                args=("duplicates",),
                permissions=("comparisons.change_source", "comparisons.delete_source"),
            ),
        ],
    ),
    Part(
        slug="readers",
        title="Words of readers and editors",
        position=50,
        places=[Proposal, Suggestion, Synonym],
    ),
    Part(
        slug="rows",
        title="Many rows at once",
        position=60,
        places=[
            Place(
                title=f"Import {model._meta.verbose_name_plural}",
                view=f"desk:import-{model._meta.model_name}",
                permissions=(f"comparisons.change_{model._meta.model_name}",),
            )
            for model in TABLES
        ]
        + [Place(title="Long work", view="desk:works")],
    ),
    Part(
        slug="history",
        title="History",
        position=70,
        places=[
            ChangeSet,
            Place(
                title="What you changed",
                view="admin:comparisons_changeset_changelist",
                query={"editor__id__exact": "{user}"},
                permissions=("comparisons.view_changeset",),
            ),
            Place(
                title="Deleted or retired",
                view="desk:deleted",
                permissions=("comparisons.view_changeset",),
            ),
        ],
    ),
    Part(
        slug="guide",
        title="Guide",
        position=80,
        places=[
            Place(title=title, view="desk:guide", args=(slug,))
            for slug, title in GUIDES.items()
        ],
    ),
    Part(
        slug="accounts",
        title="Accounts",
        position=90,
        places=[
            User,
            Group,
            Place(title="Mail about your work", view="desk:mail"),
            Place(title="Second factor", view="desk:second-factor"),
        ],
    ),
]
