"""What an editor may import. An import asks for no other right than these two."""

from django.core.exceptions import ValidationError


def refuse_change(editor, row):
    """Raise ValidationError if ``editor`` may not add or change ``row``."""
    act = "add" if row._state.adding else "change"
    if not editor.has_perm(f"{row._meta.app_label}.{act}_{row._meta.model_name}"):
        raise ValidationError(
            f"You may not {act} {row._meta.verbose_name_plural}.", code="forbidden"
        )


def move(row, to, editor):
    """Bring the stored ``row`` into the status ``to``.

    Raises:
        ValidationError: it is not fit for that.
        PermissionDenied: ``editor`` may not.
    """
    row.status = to
    row.full_clean()
    row.save(update_fields=["status"])
