import sys

from adapters import open_sample

app = open_sample(sys.argv[1])

taken = app.upload("/notes/", "file", "shopping.txt", "Tea, 4.50 €")
assert taken.status in {200, 201}, taken
assert taken.json == {"name": "shopping.txt", "size": 13}

refused = app.upload("/notes/", "another-field", "shopping.txt", "Tea")
assert refused.status in {400, 422}, refused
