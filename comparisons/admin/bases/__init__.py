"""What every form and list obeys: recorded, stamped, published.

Classes to inherit from: ``knowledge`` for a row that is never published by itself,
``publishing`` for one that is, ``statements`` for one that needs passages. Imports no
other module of the admin.
"""
