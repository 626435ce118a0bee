"""FastAPI in debug mode shows the traceback of Starlette in the browser."""

from fastapi import FastAPI
from starlette.testclient import TestClient

app = FastAPI(debug=True)


@app.get("/")
def fail():
    raise RuntimeError("Shown to the developer.")


client = TestClient(app, raise_server_exceptions=False)
answer = client.get("/", headers={"Accept": "text/html"})

assert answer.status_code == 500
assert "Starlette Debugger" in answer.text
assert "Shown to the developer." in answer.text
