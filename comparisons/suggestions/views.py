"""The reader's side of a suggestion: the form, and thanks."""

from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from comparisons.suggestions import deciding
from comparisons.suggestions.forms import SuggestionForm
from comparisons.web import throttle
from comparisons.web.caching import unlisted


@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request, kind, key):
    """The form on which a reader says what is wrong; what is sent stays unseen."""
    target = _target(kind, key)
    address = deciding.form_address(target)
    # What was written under a former address is taken there.
    if request.method != "POST" and request.path != address:
        return redirect(address, permanent=True)
    form = SuggestionForm(target, request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid() and throttle.refuses(request, "suggestion", form):
        status = 429
    elif form.is_valid():
        try:
            deciding.take(form.instance)
        except deciding.TooManySuggestions as refusal:
            form.add_error(None, str(refusal))
            status = 429
        except type(target).DoesNotExist:
            raise Http404("It was deleted meanwhile.") from None
        else:
            return redirect("comparisons:suggest-thanks", kind, key)
    context = {"target": target, "form": form}
    return unlisted(
        TemplateResponse(request, "comparisons/suggest.html", context, status=status)
    )


@require_safe
def suggest_thanks(request, kind, key):
    """What happens next, and the way back."""
    context = {"target": _target(kind, key)}
    return unlisted(
        TemplateResponse(request, "comparisons/suggest_thanks.html", context)
    )


def _target(kind, key):
    target = deciding.find_target(kind, key)
    if target is None:
        raise Http404("There is nothing here that could be corrected.")
    return target
