"""Measure how well pairs of one matter are told from others, and print it as JSON."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from suggestions import measuring


class Command(BaseCommand):
    help = "Judges the labelled pairs of a JSONL file by the model in use and prints the measures as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="labelled pairs, JSONL")

    def handle(self, *args: Any, **options: Any) -> None:
        told = measuring.duplicates(options["file"])
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
