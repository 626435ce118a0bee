"""What readers say is wrong and what editors propose: taken, decided once, answered.

``deciding`` is the rule for suggestions of readers, ``forms`` and ``views`` are the
reader's side of it; ``proposing`` is the rule for proposals of editors. Where both are
decided is ``comparisons.admin``, which imports the rules.
"""
