"""The knowledge as files: ``fixtures/`` read into the database and written back.

``shapes`` says how a row of each model looks in YAML, ``parts`` what one entry of
it can be, ``catalogue`` which file holds which rows. ``records`` reads the files,
``loading`` stores what they say, ``exporting`` writes them, and ``skeleton`` begins
the file of a new framework. Loading and exporting again gives the same bytes. The
advisor adds its own documents.
"""
