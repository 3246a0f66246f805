"""The registry in the console."""

from facilities.admin import areas, divisions, facilities, imports

__all__ = ["areas", "divisions", "facilities", "imports"]
