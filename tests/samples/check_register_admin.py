import sys

from adapters import open_sample

app = open_sample(sys.argv[1])
app.add_user("ada", "difference engine")

home = app.visit("/admin/")
if 'type="password"' in home.text:
    home = app.submit(home, username="ada", password="difference engine")
products = app.visit(home.link("/product/$"))

for name, price in [("Green tea", "4.50"), ("Coffee", "7.25")]:
    form = app.visit(products.link("/product/(add|new)/"))
    answer = app.submit(form, name=name, price=price)
    assert answer.path.partition("?")[0] == products.path, answer.text

listed = app.get(products.path).text
for shown in ["Name", "Price", "Green tea", "4.50", "Coffee", "7.25"]:
    assert shown in listed, shown

found = app.get(f"{products.path}?{app.search_parameter}=tea").text
assert "Green tea" in found
assert "Coffee" not in found
