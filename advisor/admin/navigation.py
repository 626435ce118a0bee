"""What of the advisor stands in the navigation of the desk."""

from django.contrib.admin import site

from advisor.models import Persona, Question, Theme
from comparisons.accounts.navigation import Part, Place

site.parts.append(
    Part(
        slug="advisor",
        title="Advisor",
        position=40,
        places=[
            Question,
            Theme,
            Persona,
            *(
                Place(
                    title=title,
                    view=f"advisor-admin:{view}",
                    permissions=(f"advisor.view_{model}",),
                )
                for title, view, model in (
                    ("Preview", "preview", "question"),
                    ("Audit of the questionnaire", "audit", "question"),
                    ("What personas are told", "personas", "persona"),
                )
            ),
            Place(
                title="All tables of the advisor",
                view="admin:app_list",
                args=("advisor",),
                fragment="content-start",
                permissions=("advisor.view_question",),
            ),
        ],
    )
)
