import datetime
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from tqdm import tqdm

from comparisons.addresses import site_host
from comparisons.links import Limits, ask
from comparisons.models import Link
from comparisons.models.links import CHECK_DAYS


class Command(BaseCommand):
    """Ask whether the addresses of the knowledge base still lead somewhere."""

    help = (
        "Asks whether addresses still lead to their pages, those not checked for "
        "longest first. Meant for a scheduler; it may be killed at any time, and "
        "two at once do no harm."
    )

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, help="ask no more addresses than this")
        parser.add_argument(
            "--older-than",
            type=int,
            default=CHECK_DAYS,
            metavar="DAYS",
            help=f"ask what was not checked for so many days ({CHECK_DAYS})",
        )
        parser.add_argument("--host", help="ask addresses of this host only")
        parser.add_argument(
            "--timeout",
            type=float,
            default=Limits.total,
            metavar="SECONDS",
            help=f"how long one request may take ({Limits.total})",
        )

    def handle(self, *, limit, older_than, host, timeout, **options):
        if older_than < 0 or timeout <= 0 or (limit is not None and limit < 1):
            raise CommandError("Days, seconds and the limit are positive numbers.")
        Link.gather()
        links = _due(older_than, host)[:limit]
        counts = Counter()
        answers = ask(links, agent=_agent(), limits=Limits(total=timeout))
        for link, answer in tqdm(answers, total=len(links), disable=None):
            state = answer and link.record(answer, at=timezone.now())
            counts[state.label.lower() if state else "left for later"] += 1
        found = ", ".join(f"{number} {word}" for word, number in sorted(counts.items()))
        self.stdout.write(f"Asked {len(links)} addresses: {found or 'none was due'}.")


def _due(days, host):
    moment = timezone.now() - datetime.timedelta(days=days)
    links = Link.objects.due(moment)
    return [link for link in links if host is None or link.host == host.lower()]


def _agent():
    """Return the user agent, with the page that says who asks if it has an address."""
    host = site_host()
    if host is None:
        return "Framewise"
    return f"Framewise (+https://{host}{reverse('comparisons:about')})"
