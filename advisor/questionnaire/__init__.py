"""What is asked, and what the answers mean.

``reading`` turns answers into weights and requirements, ``candidates`` what is known
into criteria, ``fields`` say what an answer may be, ``elicitation`` and ``steps`` what
is suggested and warned of. May import the models and ``ranking``; forms and results
import it.
"""
