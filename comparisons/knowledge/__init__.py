"""The knowledge as files: ``fixtures/`` read into the database and written back.

``shapes`` says how a row of each model looks in YAML, ``documents`` which file
holds which rows, ``loading`` reads them and ``exporting`` writes them. Loading
and exporting again gives the same bytes. The advisor adds its own document.
"""
