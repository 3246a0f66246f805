"""Documents as the GeoReport v2 specification of Open311 wants them: one content, as XML or as JSON.

XML is what everybody must read; the JSON is drawn from the same content by the "Spark" convention: a list is an array
without the names of its items (https://wiki.open311.org/GeoReport_v2/)."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

XML, JSON = "xml", "json"
TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
ITEMS = {  # what one entry of each list is called
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def format_of(path: str) -> str:
    """The format that an address asks for by its ending: XML where it names none."""
    return JSON if path.endswith(f".{JSON}") else XML


def document(form: str, name: str, content: Any, *, status: int = 200, headers: Any = None) -> HttpResponse:
    """An answer in one of the formats; `name` is the root element, which JSON leaves out."""
    body = _as_xml(name, content) if form == XML else json.dumps(content, ensure_ascii=False).encode()
    response = HttpResponse(body, status=status, content_type=TYPES[form], headers=headers)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def errors(form: str, status: int, *descriptions: Any, headers: Any = None) -> HttpResponse:
    """A refusal: one error for each sentence, all with the status of the answer as their code."""
    told = [{"code": status, "description": str(sentence)} for sentence in descriptions]
    return document(form, "errors", told, status=status, headers=headers)


def _as_xml(name: str, content: Any) -> bytes:
    root = Element(name)
    _fill(root, content)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _fill(element: Element, content: Any) -> None:
    if isinstance(content, Mapping):
        for name, value in content.items():
            _fill(SubElement(element, name), value)
    elif isinstance(content, Iterable) and not isinstance(content, str):
        for value in content:
            _fill(SubElement(element, ITEMS[element.tag]), value)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = _NOT_XML.sub("", str(content))
