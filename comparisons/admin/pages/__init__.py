"""The pages of the desk beside the lists of the models.

The table of addresses (``comparisons.admin.urls``) and the lists that lead to them
import them.
"""
