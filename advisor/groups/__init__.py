"""Several people who answer alone and choose together.

The whole of it beside its tables (``models.groups``), ``ranking.together`` and
``templates/advisor/groups/``. Only the table of addresses, the start of the app and
three links name it, so that it could be taken out in one stroke.
"""
