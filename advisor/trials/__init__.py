"""Whether the questionnaire is fair: random answers and personas.

May import the questionnaire and the ranking; the editors' pages and the commands
import it.
"""
