"""Take the sample's model from before it had a price to what it is now."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from adapters import ADAPTERS

framework = sys.argv[1]
sample = Path(f"{framework}_app.py")
with_price = sample.read_text()
without_price = [line for line in with_price.splitlines() if "price" not in line]


def ask_database(question):
    path = next(Path().rglob("shop.sqlite3"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(question)]


sample.write_text("\n".join(without_price))
ADAPTERS[framework].migrate()
[table] = ask_database("SELECT name FROM sqlite_master WHERE name LIKE '%product'")
ask_database(f"INSERT INTO {table['name']} (name) VALUES ('Tea')")
everything = f"SELECT * FROM {table['name']}"
assert ask_database(everything) == [{"id": 1, "name": "Tea"}]

sample.write_text(with_price)
ADAPTERS[framework].migrate()
assert ask_database(everything) == [{"id": 1, "name": "Tea", "price": 0}]
