"""Development services: what `dev.py` does.

Standard library only, except `messages` and `extraction`, which run in the environment that `install` makes.
Modules import each other relatively, since dev.py loads them by path.
"""
