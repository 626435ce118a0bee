"""Who comes first, how sure, and what would change it: numbers in, numbers out.

Knows no model, no request and no text. Imports nothing of the project; anybody may
import any of it.
"""
