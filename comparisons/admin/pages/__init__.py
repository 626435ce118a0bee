"""The queue and the audit as pages of the desk.

Only the table of addresses (``comparisons.admin.urls``) imports them.
"""
