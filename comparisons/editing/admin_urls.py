"""Where an editor changes a row."""

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.urls import NoReverseMatch, reverse

from comparisons.models import Finding


def edit_address(row, **query):
    """Return the form of ``row``, or the one to enter it if it is not stored yet.

    A finding that is entered there has its framework and feature already. Empty if
    ``row`` has no form of its own.
    """
    if row.pk is None:
        known = {"framework": row.framework_id, "feature": row.feature_id}
        return reverse(admin_urlname(row._meta, "add"), query=known)
    try:
        return reverse(admin_urlname(row._meta, "change"), args=[row.pk], query=query)
    except NoReverseMatch:
        return ""


def delete_address(row, **query):
    """Return the page on which it is confirmed that ``row`` goes."""
    return reverse(admin_urlname(row._meta, "delete"), args=[row.pk], query=query)


def cell_address(finding, **query):
    """Return the row of the matrix in which ``finding`` is rated, or entered."""
    return row_address(finding.framework.slug, finding.feature.slug, **query)


def row_address(framework, feature, **query):
    """Return the row of the matrix of ``framework`` for ``feature``, both by slug."""
    return reverse(
        "desk:matrix-framework",
        args=[framework],
        query={"edit": feature} | query,
        fragment=feature,
    )


def work_address(row):
    """Return where ``row`` is worked on: a finding in its matrix, else in its form."""
    return cell_address(row) if isinstance(row, Finding) else edit_address(row)


def proposal_address(proposal, row):
    """Return the form of ``row`` in which ``proposal`` is filled in."""
    if proposal.deletes:
        return delete_address(row, proposal=proposal.pk)
    address = cell_address if proposal.in_matrix else edit_address
    return address(row, proposal=proposal.pk)
