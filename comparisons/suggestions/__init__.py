"""What readers say is wrong: taken, decided once, answered.

``deciding`` is the rule, ``forms`` and ``views`` are the reader's side of it. The
editors' side is ``comparisons.admin.suggestions``, which imports ``deciding``.
"""
