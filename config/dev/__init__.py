"""Development services: what `dev.py` does. Standard library only, except `messages` and `catalogue`, which run in
the environment that `install` makes. Modules import each other relatively, since dev.py loads them by path."""
