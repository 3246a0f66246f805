from django.urls import path, register_converter

from feedback.open311 import views


class FormatConverter:
    """The ending of an address, which says in which format to answer."""

    regex = "xml|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormatConverter, "georeport")

app_name = "open311"
urlpatterns = [
    path("discovery.<georeport:form>", views.Discovery.as_view(), name="discovery"),
    path("v2/discovery.<georeport:form>", views.Discovery.as_view(), name="discovery_v2"),
    path("v2/services.<georeport:form>", views.ServiceList.as_view(), name="services"),
    path("v2/services/<str:code>.<georeport:form>", views.ServiceDefinition.as_view(), name="service"),
    path("v2/requests.<georeport:form>", views.Requests.as_view(), name="requests"),
    path("v2/requests/<str:number>.<georeport:form>", views.OneRequest.as_view(), name="request"),
    path("v2/tokens/<str:token>.<georeport:form>", views.Token.as_view(), name="token"),
]
