"""How an owner signs in, and the end of an entry."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.merchant import Merchant


class SignInCode(models.Model):
    """Six digits for another device than the one that reads the e-mail: good for one use, a while and a few tries."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("code de connexion")
        indexes = [models.Index(fields=["user", "-made_at"], name="signincode_user")]

    def __str__(self) -> str:
        return f"{self.user_id}"


class Deletion(models.Model):
    """That an owner deletes its entry: hidden at once, gone for good when it is due. Undone, the row goes."""

    merchant = models.OneToOneField(Merchant, models.CASCADE, related_name="deletion")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    asked_at = models.DateTimeField(_("demandée le"), auto_now_add=True)
    due_at = models.DateTimeField(_("définitive le"))
    # The states that come back when it is undone: {point of sale's id: status}.
    before = models.JSONField(default=dict)

    class Meta:
        ordering = ["due_at"]
        verbose_name = _("suppression demandée")
        verbose_name_plural = _("suppressions demandées")
        indexes = [models.Index(fields=["due_at"], name="deletion_due")]

    def __str__(self) -> str:
        return f"{self.merchant_id}"
