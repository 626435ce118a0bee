import json
import sys

from adapters import open_sample

app = open_sample(sys.argv[1])

health = app.get("/health/")
assert health.status == 200
assert health.json == {"status": "ok"}

for price in ["4.50", 4.5, "0"]:
    good = {"name": "Tea", "price": price}
    created = app.post("/products/", json.dumps(good))
    assert created.status == 201, good
    assert created.json == {"name": "Tea", "price": str(price)}

for bad, wrong_fields in [
    ({"name": "Tea"}, ["price"]),
    ({"name": "Tea", "price": "cheap"}, ["price"]),
    ({"name": "Tea", "price": "-1"}, ["price"]),
    ({"name": "Tea", "price": "NaN"}, ["price"]),
    ({"name": " ", "price": "4.50"}, ["name"]),
    ({"name": None, "price": None}, ["name", "price"]),
    (["Tea", "4.50"], ["name", "price"]),
]:
    refused = app.post("/products/", json.dumps(bad))
    assert refused.status == 400, bad
    assert sorted(refused.json["errors"]) == wrong_fields, bad

assert app.post("/products/", '{"name": "Tea",').status == 400
assert app.get("/products/").status == 405
