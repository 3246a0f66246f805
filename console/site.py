"""The working console: Django's admin under the Unfold theme, with our home page."""

from unfold.sites import UnfoldAdminSite


class ConsoleSite(UnfoldAdminSite):
    """One site for every role: what a person may not do is not offered."""

    enable_nav_sidebar = True
