from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from directory.vocabulary_loading import VocabularyError, load_vocabulary


class Command(BaseCommand):
    help = "Load the vocabulary (activities, products, labels, services) as a diff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.VOCABULARY_DIR)
        parser.add_argument("--force", action="store_true", help="compare every row, also when the files are the same")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_vocabulary(options["folder"], force=options["force"])
        except VocabularyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"vocabulary: {report}")
