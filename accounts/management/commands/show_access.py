"""Who sees which rows: every role beside every model that declares it."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.utils.translation import override

from accounts.access import Term
from accounts.access.policies import declared
from accounts.access.relations import rights_in
from accounts.roles import ROLES

NOTHING, EVERYTHING = "nothing", "everything"
SYSTEMS = ("api_read", "api_intake")  # they come with a token


class Command(BaseCommand):
    help = (
        "Prints who sees which rows, role by role, as the groups of this installation stand and as the models declare"
        " it. A recusal is part of each rule: it beats every right."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", metavar="FILE", help="Write the tables into this file (docs/access.md).")

    def handle(self, *args: Any, write: str = "", **options: Any) -> None:
        text = tables()
        if write:
            with open(write, "w", encoding="utf-8") as file:
                file.write(text)
        else:
            self.stdout.write(text)


def tables() -> str:
    """The tables as Markdown. One query for the groups and one for their permissions."""
    with override("en"):
        held = rights_of_groups()
        parts = [
            "# Who sees which rows",
            "`manage.py show_access --write docs/access.md` writes this page from the declarations"
            " (`access` on each model). Rights are the permissions of the seeded roles.",
            "## Rights that open rows",
            _rights(held),
        ]
        for model, term in declared().items():
            parts += [f"## {model._meta.label}", f"Declared: {term.words()}.", _rows(term, held)]
    return "\n\n".join(parts) + "\n"


def rights_of_groups() -> dict[str, set[str]]:
    """What each seeded role holds in this installation, by its English name; roles that are not there are left out."""
    groups = {group.name: group for group in Group.objects.prefetch_related("permissions__content_type")}
    held: dict[str, set[str]] = {}
    for role in ROLES:
        if role.name_vi in groups:
            permissions = groups[role.name_vi].permissions.all()
            held[role.name_en] = {f"{each.content_type.app_label}.{each.codename}" for each in permissions}
            if role.code in SYSTEMS:
                held[role.name_en].add("is_client")
    return held


def _rights(held: dict[str, set[str]]) -> str:
    rights = sorted(right for right in rights_in(declared().values()) if "." in right)
    names = [f"`{right.partition('.')[2]}`" for right in rights]
    lines = [f"| Role | {' | '.join(names)} |"]
    lines.append("| --- |" + " :-: |" * len(rights))
    for role, has in held.items():
        lines.append(f"| {role} | {' | '.join('●' if right in has else '' for right in rights)} |")
    return "\n".join(lines)


def _rows(term: Term, held: dict[str, set[str]]) -> str:
    lines = ["| Role | Sees |", "| --- | --- |"]
    for role, has in held.items():
        left = term.left(has.__contains__)
        sees = left.words() if isinstance(left, Term) else EVERYTHING if left else NOTHING
        lines.append(f"| {role} | {sees} |")
    return "\n".join(lines)
