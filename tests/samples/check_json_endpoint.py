import json
import sys

from adapters import open_sample

app = open_sample(sys.argv[1])


def wrong_fields(answer):
    """Return the fields with a message, wherever the framework puts those."""
    match answer.json:
        case {"errors": errors}:
            return sorted(errors)
        case {"detail": [*errors]}:
            return sorted(error["loc"][-1] for error in errors)
        case {"extra": errors}:
            return sorted(error["key"] for error in errors)


def assert_refused(answer, content):
    assert answer.status in {400, 422}, (content, answer)


health = app.get("/health/")
assert health.status == 200
assert health.json == {"status": "ok"}

for price in ["4.50", 4.5, "0"]:
    good = {"name": "Tea", "price": price}
    created = app.post("/products/", json.dumps(good))
    assert created.status == 201, good
    assert created.json == {"name": "Tea", "price": str(price)}

for bad, fields in [
    ({"name": "Tea"}, ["price"]),
    ({"name": "Tea", "price": "cheap"}, ["price"]),
    ({"name": "Tea", "price": "-1"}, ["price"]),
    ({"name": "Tea", "price": "NaN"}, ["price"]),
    ({"name": " ", "price": "4.50"}, ["name"]),
    ({"name": None, "price": None}, ["name", "price"]),
]:
    refused = app.post("/products/", json.dumps(bad))
    assert_refused(refused, bad)
    assert wrong_fields(refused) == fields, bad

for broken in ['["Tea", "4.50"]', '{"name": "Tea",']:
    assert_refused(app.post("/products/", broken), broken)

assert app.get("/products/").status in {404, 405}
