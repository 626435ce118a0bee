"""One mail to one address: a failure is told and stops nothing."""

from django.core.mail import send_mail
from django.template.loader import render_to_string


def send(subject, template, context, address):
    """Send a text of ``comparisons/``; return what went wrong, None if nothing did.

    The text of a failure may hold the address, which does not belong in a log.
    """
    text = render_to_string(f"comparisons/{template}.txt", context)
    try:
        send_mail(subject, text, None, [address])
    # Each mail backend has failures of its own, and what is told of stands anyway.
    except Exception as error:
        return error
    return None
