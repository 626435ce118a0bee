"""What every form and list obeys: recorded, compared with what was seen, published.

Classes to inherit from: ``knowledge`` for a row that is never published by itself,
``publishing`` for one that is, ``statements`` for one that needs passages. ``desk`` is
for pages beside the lists. Imports no other module of the admin.
"""
