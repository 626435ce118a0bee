"""What a browser would post of a page, read from its HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.urls import reverse


def desk_address(model, page, *args):
    """Return the address of a page of the admin: ``change``, ``delete``, …"""
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def filled_in(response, **changes):
    """Return what posting the main form of ``response`` sends, with ``changes``.

    A change to None leaves a field out.
    """
    data = {
        name: values[0] if len(values) == 1 else values
        for name, values in fields_of(response.text).items()
    } | changes
    return {name: value for name, value in data.items() if value is not None}


class Page:
    """A page that somebody has open, with one form to be filled in and sent."""

    def __init__(self, client, address):
        self.client = client
        self.address = address.partition("#")[0]
        self.response = client.get(self.address)

    def send(self, **changes):
        """Send the form with ``changes``; None leaves a field out."""
        data = filled_in(self.response, **changes)
        self.response = self.client.post(self.address, data)
        return self.response

    def shows(self, name):
        """Return what stands in a field of the form."""
        return filled_in(self.response).get(name)

    def passage(self, source=None, *, count=None, **values):
        """Return what is sent of one more passage for the statement of the form.

        ``count`` is how many it has already, if not as many as it shows.
        """
        count = count or self.shows("citations-TOTAL_FORMS")
        prefix, added = "new", {}
        if self.shows("new-says") is None:
            prefix = f"citations-{count}"
            added = {"citations-TOTAL_FORMS": int(count) + 1}
        values = {
            "source": source.pk if source else "",
            "stance": "supports",
            "locator": "Here",
            "says": "So it is.",
            "accessed_date": "2026-11-20",
        } | values
        return added | {f"{prefix}-{name}": value for name, value in values.items()}


def fields_of(html):
    """Return the values of each field of the main form: {name: values}.

    Boxes that are not ticked, buttons, and the empty forms that scripts copy are
    left out, as browsers do.
    """
    fields = {}
    for form in forms_of(html):
        if form.method == "post":
            for name, values in form.fields.items():
                fields.setdefault(name, []).extend(values)
    return fields


def forms_of(html):
    """Return all forms of a page but those to log out and to choose the colours."""
    reader = _FormReader()
    reader.feed(html)
    return reader.forms


@dataclass
class Form:
    """What a form sends, ``fields`` as {name: values}; which buttons and files it has.

    ``action`` is empty where the form is sent to its own page.
    """

    method: str
    action: str
    fields: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)
    files: list = field(default_factory=list)

    def add(self, name, value):
        self.fields.setdefault(name, []).append(value or "")


class _FormReader(HTMLParser):
    """Gathers forms with their fields."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self.form = None
        self.select = None
        self.textarea = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "form" and attrs.get("id") not in {"logout-form", "theme-form"}:
            self.form = Form(attrs.get("method", "get"), attrs.get("action") or "")
            self.forms.append(self.form)
        if self.form is None or "__prefix__" in (name or ""):
            return
        if tag == "input" and name:
            self._read_input(name, attrs.get("type", "text"), attrs)
        elif tag == "button" and name:
            self.form.buttons.append((name, attrs.get("value", "")))
        elif tag == "select" and name:
            self.select = name
            if "multiple" not in attrs:
                self.form.fields.setdefault(name, [""])
        elif tag == "option" and self.select and "selected" in attrs:
            if self.form.fields.get(self.select) == [""]:
                del self.form.fields[self.select]
            self.form.add(self.select, attrs.get("value"))
        elif tag == "textarea" and name:
            self.textarea, self.text = name, ""

    def _read_input(self, name, kind, attrs):
        if kind == "file":
            self.form.files.append(name)
        elif kind in {"submit", "button"}:
            self.form.buttons.append((name, attrs.get("value", "")))
        elif kind not in {"checkbox", "radio"} or "checked" in attrs:
            self.form.add(name, attrs.get("value", "on" if "checked" in attrs else ""))

    def handle_data(self, data):
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.textarea:
            # HTML ignores a line end right after the tag.
            text = self.text.removeprefix("\r\n").removeprefix("\n")
            self.form.add(self.textarea, text)
            self.textarea = None
