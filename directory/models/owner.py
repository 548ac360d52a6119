"""How an owner signs in, and the end of an entry."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.merchant import Merchant


class SignInCode(models.Model):
    """That somebody asked to sign in, and the six digits that were sent, for another device than the one that reads
    the e-mail: good for one use, a while and a few tries. An address that nobody signs in by is asked for as well."""

    # A keyed digest of the address: of those that we do not know nothing else is kept.
    mailbox = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, blank=True)
    next = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("code de connexion")
        indexes = [
            models.Index(fields=["mailbox", "-made_at"], name="signincode_mailbox"),
            models.Index(fields=["made_at"], name="signincode_made"),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class Deletion(models.Model):
    """That an owner deletes its entry: hidden at once, gone for good when it is due. Undone, the row goes."""

    merchant = models.OneToOneField(Merchant, models.CASCADE, related_name="deletion")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    asked_at = models.DateTimeField(_("demandée le"), auto_now_add=True)
    due_at = models.DateTimeField(_("définitive le"))
    # What is undone with it: {"statuses": {point of sale's id: status}, "withdrawal": of its digests}.
    before = models.JSONField(default=dict)

    class Meta:
        ordering = ["due_at"]
        verbose_name = _("suppression demandée")
        verbose_name_plural = _("suppressions demandées")
        indexes = [models.Index(fields=["due_at"], name="deletion_due")]

    def __str__(self) -> str:
        return f"{self.merchant_id}"
