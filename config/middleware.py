"""What no view should have to think about."""

from django.core.exceptions import BadRequest


class RefuseNul:
    """Answer 400 to a NUL character in an address: no database stores one.

    Forms refuse it at the field; addresses reach the database without a form.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        values = [value for _, values in request.GET.lists() for value in values]
        if any("\0" in text for text in (request.path, *request.GET, *values)):
            raise BadRequest("The address contains a NUL character.")
        return self.get_response(request)
