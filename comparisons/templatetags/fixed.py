"""Parts of every page that the code alone decides."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix

register = template.Library()


@register.simple_tag
def fixed(name):
    """Draw a template that depends on nothing, once: ``{% fixed "_footer.html" %}``."""
    return _drawn(name, get_script_prefix())


@cache
def _drawn(name, prefix):
    return render_to_string(name)
