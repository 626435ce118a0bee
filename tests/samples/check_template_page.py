import sys

from adapters import open_sample

app = open_sample(sys.argv[1])

page = app.get("/products/")
assert page.status == 200
assert page.headers["Content-Type"].startswith("text/html")
assert page.text.count("<li>") == 2
assert "<li>Tea</li>" in page.text
assert "<li>&lt;b&gt;Coffee&lt;/b&gt;</li>" in page.text
