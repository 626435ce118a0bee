"""Several people who answer alone and choose together.

The whole of it beside its tables, templates and ``ranking.together``: only the table
of addresses imports it, so that it could be taken out in one stroke.
"""
