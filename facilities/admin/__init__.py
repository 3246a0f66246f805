"""The registry in the console."""

from facilities.admin import areas, divisions, facilities, hotlines, imports

__all__ = ["areas", "divisions", "facilities", "hotlines", "imports"]
