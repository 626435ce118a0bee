"""What takes longer than a page should is done in short steps, in the background.

Weighed in November 2026: django-tasks with its database, django-q2 and huey each want
a second process that works their queue off, which a site with one server and SQLite
does not have; Django's own ``ImmediateBackend`` works in the request. So a row says
what is to be done (``models.works``) and a thread of the server does it, one step
after the other (``driving``). If its process ends, the row says so, and its page or
``manage.py work`` has another one go on. A kind of work is a function that yields
how far it is after each step (``kinds``).
"""
