"""Every address of the API, version 1."""

from django.urls import path, re_path

from accounts.api import schema as schema  # tells the schema how callers prove who they are
from common.api.schema import SchemaDocument
from common.api.views import NotThere
from config.api_pages import Docs, Index
from deadlines.api import urls as deadlines
from directives.api import urls as directives
from facilities.api import urls as facilities
from feedback.api import urls as cases
from incidents.api import urls as incidents
from inspections.api import urls as inspections

app_name = "api"
urlpatterns = [
    path("", Index.as_view(), name="index"),
    *cases.urlpatterns,  # one flat list: resolving nested ones costs a tenth of a short request
    *deadlines.urlpatterns,
    *directives.urlpatterns,
    *facilities.urlpatterns,
    *incidents.urlpatterns,
    *inspections.urlpatterns,
    path("schema/", SchemaDocument.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    # everything else below: a problem document, and no redirect to an address with a slash
    re_path(r"", NotThere.as_view(), name="nothing"),
]
