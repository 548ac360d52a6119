"""`manage.py add_official EMAIL --departement 41`: an account, its posts, and a link to choose a password."""

from __future__ import annotations

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import override

from directory.models import Official
from geo.models import Departement


class Command(BaseCommand):
    help = "Adds an official of one or more départements, or gives one who is there more of them; takes none away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--departement", action="append", required=True, metavar="CODE", help="may be repeated")
        parser.add_argument("--name", default="", help='as the desk shows it: "Odile Martin"')
        parser.add_argument("--password", action="store_true", help="ask for a password here instead of making a link")
        parser.add_argument("--address", default=_address(), help="where the service answers (default %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        email, codes = options["email"].strip().lower(), list(dict.fromkeys(options["departement"]))
        _check(email, codes)
        password = self._asked_password() if options["password"] else None
        with transaction.atomic():
            user = _account(email, options["name"], password)
            posts = [Official.objects.get_or_create(user=user, departement_id=code) for code in codes]
        added = sum(created for _post, created in posts)
        held = ", ".join(user.posts.order_by("departement").values_list("departement", flat=True))
        self.stdout.write(f"{email}: {added} post(s) added; official of {held}.")
        if not user.has_usable_password():
            days = settings.PASSWORD_RESET_TIMEOUT // 86_400
            self.stdout.write(f"To choose a password, once, within {days} days:\n{options['address']}{_link(user)}")

    def _asked_password(self) -> str:
        password = getpass("Password: ")
        if password != getpass("Again: "):
            raise CommandError("The two passwords differ.")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return password


def _check(email: str, codes: list[str]) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email!r} is no e-mail address.") from None
    known = list(Departement.objects.values_list("code", flat=True))
    if unknown := [code for code in codes if code not in known]:
        raise CommandError(f"No such département: {', '.join(unknown)}. Known: {', '.join(known)}.")


def _account(email: str, name: str, password: str | None) -> User:
    """The account of that address, new or as it was; a name or a password that is given replaces what it had."""
    user = User.objects.filter(username=email).first() or User(username=email, email=email)
    if name.strip():
        user.first_name, _space, user.last_name = name.strip().partition(" ")
    if password is not None:
        user.set_password(password)
    elif user.pk is None:
        user.set_unusable_password()
    user.save()
    return user


def _link(user: User) -> str:
    with override("fr"):
        uid = urlsafe_base64_encode(force_bytes(user.pk))
        return reverse("maps:set_password", args=[uid, default_token_generator.make_token(user)])


def _address() -> str:
    return f"https://{settings.ALLOWED_HOSTS[0]}" if settings.HTTPS else "http://127.0.0.1:8000"
