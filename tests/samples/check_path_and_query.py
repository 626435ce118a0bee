import sys

from adapters import open_sample

app = open_sample(sys.argv[1])

for path, expected in [
    ("/products/7/", {"product": 7, "currency": "EUR"}),
    ("/products/42/?currency=USD", {"product": 42, "currency": "USD"}),
]:
    found = app.get(path)
    assert found.status == 200
    assert found.json == expected

assert app.get("/products/tea/").status in {400, 404, 422}
