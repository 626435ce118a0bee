"""The questions asked of the knowledge base, by name.

``published()`` is the one door through which public pages read (see
``comparisons.public``). ``with_…`` adds what a page shows, ``for_…`` gathers all
that one page needs.
"""
