"""Flask by itself has a client for tests, and a runner of its commands."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return "Hello, world!"


@app.cli.command("greet")
def greet():
    print("Hello, terminal!")


assert app.test_client().get("/").text == "Hello, world!"
assert app.test_cli_runner().invoke(args=["greet"]).output == "Hello, terminal!\n"
