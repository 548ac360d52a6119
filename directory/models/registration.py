"""A registration that is being filled in, step by step, and may be taken up again."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.merchant import Merchant


class Registration(models.Model):
    """What somebody filled in so far. Its key, which only they know, is the address of their form."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # By step: the fields as they were sent, so that nothing typed is lost, and what a provider answered.
    data = models.JSONField(_("réponses"), default=dict)
    # Where the link to sign in was sent; whoever follows it is the owner.
    email = models.EmailField(_("courriel"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("par")
    )
    # What became of it: sent twice, it makes one merchant.
    merchant = models.OneToOneField(
        Merchant, models.SET_NULL, null=True, blank=True, related_name="registration", verbose_name=_("commerçant")
    )
    created_at = models.DateTimeField(_("commencée le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifiée le"), auto_now=True)

    class Meta:
        ordering = ["-updated_at"]
        verbose_name = _("inscription")
        indexes = [models.Index(fields=["updated_at"], name="registration_updated")]

    def __str__(self) -> str:
        return str(self.key)
