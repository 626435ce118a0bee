"""What a browser would post of a page, read from its HTML."""

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
    reader = _FormReader()
    reader.feed(html)
    return {
        name: values
        for name, values in reader.fields.items()
        if "__prefix__" not in name
    }


class _FormReader(HTMLParser):
    """Gathers the fields of forms that post, but not of the one to log out."""

    def __init__(self):
        super().__init__()
        self.fields = {}
        self.inside = False
        self.select = None
        self.textarea = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "form":
            self.inside = attrs.get("method") == "post" and (
                attrs.get("id") not in {"logout-form", "theme-form"}
            )
        if not self.inside:
            return
        if tag == "input" and name:
            kind = attrs.get("type", "text")
            ticked = kind not in {"checkbox", "radio"} or "checked" in attrs
            if ticked and kind not in {"submit", "button", "file"}:
                self._add(name, attrs.get("value", "on" if "checked" in attrs else ""))
        elif tag == "select":
            self.select = name
            if "multiple" not in attrs:
                self.fields.setdefault(name, [""])
        elif tag == "option" and self.select and "selected" in attrs:
            if self.fields.get(self.select) == [""]:
                del self.fields[self.select]
            self._add(self.select, attrs.get("value", ""))
        elif tag == "textarea":
            self.textarea = name
            self._add(name, "")

    def handle_data(self, data):
        if self.textarea:
            self.fields[self.textarea][-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            # HTML ignores a line end right after the tag.
            values = self.fields[self.textarea]
            values[-1] = values[-1].removeprefix("\r\n").removeprefix("\n")
            self.textarea = None

    def _add(self, name, value):
        self.fields.setdefault(name, []).append(value or "")
