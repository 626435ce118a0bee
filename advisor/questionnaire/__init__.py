"""What is asked, and what the answers mean.

``reading`` turns answers into weights and requirements, ``candidates`` what is known
into criteria, ``elicitation`` and ``steps`` say what is suggested and warned of. May
import the models and ``ranking``; forms and results import it.
"""
