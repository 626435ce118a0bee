import sys

from adapters import open_sample

app = open_sample(sys.argv[1])

front_page = app.get("/")
assert front_page.status == 200
assert front_page.text == "Hello, world!"

assert app.get("/elsewhere/").status == 404
