from django.contrib import admin

from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.models import Synonym
from comparisons.models.synonyms import MEANINGS


@admin.register(Synonym)
class SynonymAdmin(KnowledgeAdmin):
    list_display = ["word", *MEANINGS]
    list_select_related = MEANINGS
    search_fields = ["word", *(f"{name}__name" for name in MEANINGS)]
    autocomplete_fields = MEANINGS
