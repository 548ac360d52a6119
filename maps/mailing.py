"""E-mail: one message as plain text. A server that is away is told to who sends, and stops nothing."""

from __future__ import annotations

import logging

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)


def send(subject: str, body: str, to: str) -> bool:
    """Whether the server took it."""
    try:
        EmailMessage(subject, body, to=[to]).send()
    except OSError:  # smtplib's errors are some too
        logger.exception("an e-mail was not sent")
        return False
    return True
