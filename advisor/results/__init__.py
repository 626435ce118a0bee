"""What one visitor is told, as JSON that never changes.

``storing`` is the way in: ``result`` gathers what there is to say, ``format`` writes it
down. May import the questionnaire and the ranking; views, groups and trials import it.
"""
