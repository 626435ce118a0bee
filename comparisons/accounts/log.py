"""Each sign-in and refusal in the log: the account by its key, and never a name."""

import logging

from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)

logger = logging.getLogger(__name__)


def connect():
    """Log from now on."""
    user_logged_in.connect(_password, dispatch_uid="password")
    user_logged_out.connect(_out, dispatch_uid="out")
    user_login_failed.connect(_failed, dispatch_uid="failed")


def _password(sender, user, **kwargs):
    logger.info("Account %s has shown its password.", user.pk)


def _out(sender, user, **kwargs):
    logger.info("Account %s is signed out.", user and user.pk)


def _failed(sender, **kwargs):
    # What was typed as a name may be a password.
    logger.warning("A password or a code was wrong.")
