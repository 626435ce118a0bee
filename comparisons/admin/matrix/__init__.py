"""The matrix filled in, row by row.

One framework down its features, or one feature across frameworks. Only the table of
addresses imports it.
"""
