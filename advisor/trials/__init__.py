"""Whether the questionnaire is fair, and the advisor right.

Random answers, personas and published recommendations are put to it. May import the
questionnaire and the ranking; the record page, the editors' pages and the commands
import it.
"""
