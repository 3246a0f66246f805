"""Measure what is suggested for labelled texts, and print it as JSON."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from suggestions import measuring


class Command(BaseCommand):
    help = "Judges the labelled texts of a JSONL file by the model in use and prints the measures as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="labelled texts, JSONL")

    def handle(self, *args: Any, **options: Any) -> None:
        told = measuring.as_shipped(measuring.labelled(options["file"]))
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
