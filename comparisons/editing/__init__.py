"""Who may change what, and whether it is still as they saw it.

``roles`` and ``workflow`` say who may, ``authorship`` who wrote what waits, ``seen``
and ``locks`` whether it changed meanwhile, ``admin_urls`` where it is edited. Imports
the models, history and knowledge; every way in imports it.
"""
