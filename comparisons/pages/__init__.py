"""What a page shows, in a fixed number of queries; no request, no HTML.

Imports the models and nothing above them; views and results of the advisor import it.
"""
