import sys

from adapters import open_sample

app = open_sample(sys.argv[1])
app.add_user("ada", "difference engine")


def assert_refused(answer):
    assert answer.status == 401 or "login" in (answer.redirect or "")
    assert "ada" not in answer.text


assert_refused(app.get("/account/"))

login_page = app.visit("/account/")
app.submit(login_page, username="ada", password="a guess")
assert_refused(app.get("/account/"))

welcome = app.submit(login_page, username="ada", password="difference engine")
assert welcome.path == "/account/"

account = app.get("/account/")
assert account.status == 200
assert "ada" in account.text
