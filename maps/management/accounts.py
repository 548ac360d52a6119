"""Accounts that commands make: an address, a name, and a link by which its person chooses a password, once."""

from __future__ import annotations

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from maps.desk.accounts import password_path


class AddCommand(BaseCommand):
    """Adds an account, or gives one that is there more to do; takes none away. A subclass says what, and gives it."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help='as the desk shows it: "Odile Martin"')
        parser.add_argument("--password", action="store_true", help="ask for a password here instead of making a link")
        parser.add_argument("--address", default=_address(), help="where the service answers (default %(default)s)")

    def check_options(self, options: dict[str, Any]) -> None:
        """Raises CommandError where what is to be given makes no sense."""

    def give(self, user: User, options: dict[str, Any]) -> str:
        """Give the user what the options say; in words, what it has then."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is no e-mail address.") from None
        self.check_options(options)
        password = asked_password() if options["password"] else None
        with transaction.atomic():
            user = account(email, options["name"], password)
            said = self.give(user, options)
        self.stdout.write(f"{email}: {said}.")
        if not user.has_usable_password():
            days = settings.PASSWORD_RESET_TIMEOUT // 86_400
            link = f"{options['address']}{password_path(user)}"
            self.stdout.write(f"To choose a password, once, within {days} days:\n{link}")


def asked_password() -> str:
    password = getpass("Password: ")
    if password != getpass("Again: "):
        raise CommandError("The two passwords differ.")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    return password


def account(email: str, name: str, password: str | None) -> User:
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


def _address() -> str:
    return f"https://{settings.ALLOWED_HOSTS[0]}" if settings.HTTPS else "http://127.0.0.1:8000"
