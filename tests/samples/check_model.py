import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from adapters import open_sample

app = open_sample(sys.argv[1])

with app.context():
    app.call("create_product", "Teapot", Decimal("19.99"))
    app.call("create_product", "Saucer", Decimal("0.20"))
    app.call("create_product", "Spoon", Decimal("0.10"))

    found = list(app.call("products_up_to", Decimal("0.20")))
    assert [product.name for product in found] == ["Spoon", "Saucer"]

    prices = [product.price for product in app.call("products_up_to", Decimal("100"))]
    assert all(type(price) is Decimal for price in prices)
    assert sum(prices) == Decimal("20.29")

    # SQLite keeps no time zone; what it returns without one is UTC.
    created_at = found[0].created_at
    created_at = created_at.replace(tzinfo=created_at.tzinfo or UTC)
    assert abs(datetime.now(UTC) - created_at) < timedelta(minutes=1)
