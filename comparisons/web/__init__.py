"""How a page is answered: conditionally, under old addresses too, not too often.

Knows requests and answers, and nothing of what a page is about. Views and tables of
addresses import it.
"""
