"""The public pages, as a reader's browser meets them.

``PAGES`` are those of the ``knowledge`` fixture, one or more of each kind;
``public_addresses()`` lists them from the rows that are stored. ``read`` takes a
page apart, and ``ask_advisor`` sends the form.
"""

from collections import Counter
from html.parser import HTMLParser
from itertools import combinations
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.urls import reverse

from advisor.models import Advice, AdviceGroup, GroupAdvice
from comparisons.models import (
    Adopter,
    ChangeSet,
    CodeSample,
    Disagreement,
    Extension,
    Fact,
    Feature,
    Finding,
    Framework,
    MeasurementRun,
    Source,
)
from comparisons.models.frameworks import VERSUS

# Pages that need no row.
FIXED = [
    "/",
    "/frameworks/",
    "/compare/",
    "/comparisons/",
    "/features/",
    "/extensions/",
    "/sources/",
    "/disagreements/",
    "/measurements/",
    "/changes/",
    "/search/",
    "/about/",
    "/advisor/",
    "/advisor/interview/",
    "/advisor/method/",
    "/advisor/record/",
    "/advisor/groups/",
]
# ``{advice}`` stands for the key of the ``advice`` fixture.
RESULTS = [
    "/advisor/results/{advice}/",
    "/advisor/results/{advice}.json",
    "/advisor/results/{advice}/delete/",
]
# Forms for readers, which carry a token and are not kept.
SUGGESTING = [
    "/suggest/finding/flask/ease-of-learning/",
    "/suggest/source/blog/thanks/",
]
PAGES = [
    *FIXED,
    "/frameworks/flask/",
    "/frameworks/flask/ease-of-learning/",
    "/frameworks/flask/facts/license/",
    "/compare/django-vs-flask/",
    "/compare/django-vs-flask/?differences=1",
    "/compare/django-vs-flask/text/",
    "/compare/django-vs-flask/sources/",
    "/compare/django-vs-flask/code/hello-world/",
    "/features/ease-of-learning/",
    "/extensions/flask-sqlalchemy/",
    "/sources/blog/",
    "/disagreements/is-flask-easy/",
    "/changes/?framework=flask&kind=edit",
    "/search/?q=flask",
    *SUGGESTING,
    *RESULTS,
]
# Attributes whose address the browser fetches, or sends a form to, by itself.
LOADING = ("src", "srcset", "action", "formaction", "data", "poster")
# Answers to the questionnaire of the ``knowledge`` fixture.
ANSWERS = {
    "project": "microservice",
    "priority-learning": "4",
    "priority-batteries": "2",
    "team_knows": ["flask"],
}


def ask_advisor(client, answers=ANSWERS):
    """Post ``answers`` to the advisor and return the stored advice."""
    response = client.post(reverse("advisor:questionnaire"), answers)
    assert response.status_code == 302, read(response).text
    return Advice.objects.get(pk=response.url.split("/")[-2])


def public_addresses():
    """Return every address that a stored row could have, published or not."""
    samples = CodeSample.objects.select_related("task__feature", "framework")
    models = (Framework, Feature, Extension, Source, Disagreement, ChangeSet)
    models += (Finding, Fact, Adopter, MeasurementRun)
    rows = [row for model in models for row in model.objects.all()]
    pairs = combinations(sorted(Framework.objects.values_list("slug", flat=True)), 2)
    sides = [reverse("comparisons:compare", args=[VERSUS.join(p)]) for p in pairs]
    keys = Advice.objects.values_list("pk", flat=True)
    return [
        *FIXED,
        *(row.get_absolute_url() for row in rows),
        *(
            f"{sample.task.feature.get_absolute_url()}?code={sample.framework.slug}"
            for sample in samples
        ),
        *sides,
        *(f"{address}?differences=1" for address in sides),
        *(page.format(advice=key) for key in keys for page in RESULTS),
        *(group.get_absolute_url() for group in AdviceGroup.objects.all()),
        *(advice.get_absolute_url() for advice in GroupAdvice.objects.all()),
    ]


def crawl(client, start, *, follow=True):
    """Follow the links within the site; return pages, responses and links.

    Pages and responses stand by address; a link is (from, to, fragment). Of
    addresses that differ in the values of their parameters alone, one is followed.
    """
    pages, responses, links, waiting = {}, {}, set(), list(start)
    followed = set()
    while waiting:
        address = waiting.pop()
        parts = urlsplit(address)
        names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        if (kind := (parts.path, *sorted(names))) in followed:
            continue
        followed.add(kind)
        responses[address] = client.get(address)
        if not is_page(responses[address]):
            continue
        pages[address] = read(responses[address])
        for link in pages[address].links:
            target, fragment = urldefrag(urljoin(address, link))
            if not urlsplit(target).netloc:
                links.add((address, target, fragment))
                waiting += [target] if follow else []
    return pages, responses, links


def is_page(response):
    """Whether ``response`` is a page of HTML."""
    return response["Content-Type"].startswith("text/html")


def read(response):
    """Return the page that ``response`` holds."""
    page = Page()
    page.feed(response.content.decode())
    page.close()
    return page


class Page(HTMLParser):
    """A page's tags with their attributes, its text and its tables."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.words = []
        # What stands between the tags of scripts and styles, data left out.
        self.inline = []
        # Rows of cells' texts.
        self.tables = []
        self._tag = None
        self._is_data = False
        self._in_cell = False

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._tag = tag
        self._is_data = ("type", "application/json") in attrs
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag):
        self._tag = None
        # The last cell may end with its table alone.
        if tag in ("td", "th", "table"):
            self._in_cell = False

    def handle_data(self, data):
        if self._tag in ("script", "style"):
            if not self._is_data:
                self.inline.append(data.strip())
            return
        self.words += data.split()
        if self._in_cell:
            cell = f"{self.tables[-1][-1][-1]} {data}"
            self.tables[-1][-1][-1] = " ".join(cell.split())

    @property
    def text(self):
        """What the reader sees, with single spaces."""
        return " ".join(self.words)

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.tags if attrs.get("id")]

    @property
    def doubled_ids(self):
        return [name for name, count in Counter(self.ids).items() if count > 1]

    @property
    def links(self):
        """The addresses that the reader can follow."""
        return [attrs["href"] for tag, attrs in self.tags if tag == "a"]

    @property
    def loads(self):
        """The addresses that the page fetches, or sends a form to."""
        return [
            attrs[name]
            for tag, attrs in self.tags
            for name in LOADING + ("href", "xlink:href") * (tag in ("link", "use"))
            # What only names an address is not fetched.
            if attrs.get(name) and attrs.get("rel") != "canonical"
        ]

    def count(self, tag):
        return sum(name == tag for name, _ in self.tags)

    def has(self, tag, **wanted):
        """Whether a ``tag`` has all the ``wanted`` attributes."""
        return any(
            name == tag and wanted.items() <= attrs.items() for name, attrs in self.tags
        )
