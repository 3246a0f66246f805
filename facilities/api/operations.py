"""What the schema tells about the registry's endpoints. The facility in the examples is invented."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.api.operations import IF_NONE_MATCH, READ_ONE, Operation
from facilities.api.serializers import FacilityDocument

Operations = Mapping[str, Operation]

_FACILITY: dict[str, Any] = {
    "code": "T01",
    "version": 2,
    "name": "Bệnh viện Đa khoa Lam Kiều",
    "type": "BVDK",
    "ownership": "public",
    "managing_body": "DOH",
    "supervisor": "DOH",
    "status": "active",
    "address": "12 Đường Hoa Mai",
    "former_area": "tphcm_cu",
    "technical_level": "",
    "hospital_class": "",
    "valid_from": None,
    "valid_to": None,
    "is_demo": True,
    "area": "26734",
    "area_name": "Phường Bến Thành",
    "parent": None,
    "successor": None,
}
FACILITIES: Operations = {
    "get": Operation(
        _("List facilities, or find them by any name"),
        _("By name; with `q` those that answer to any name or place, in any spelling, best first, on one page."),
        example=_FACILITY,
    )
}
FACILITY: Operations = {
    "get": Operation(
        _("Read one facility"),
        answers={200: FacilityDocument, 304: None},
        problems=READ_ONE,
        headers=(IF_NONE_MATCH,),
        example=_FACILITY
        | {
            "licence_number": "",
            "scope": "",
            "takes_insurance": True,
            "founded": 1998,
            "beds": 300,
            "visits_per_year": None,
            "opening_hours": "",
            "names": [
                {
                    "name": "Bệnh viện Đa khoa Lam Kiều",
                    "kind": "official",
                    "valid_from": None,
                    "valid_to": None,
                    "note": "",
                }
            ],
            "hotlines": [{"number": "0900000000", "purpose": "phản ánh"}],
        },
    )
}
AREAS: Operations = {
    "get": Operation(
        _("List areas"),
        example={
            "code": "26734",
            "name": "Bến Thành",
            "full_name": "Phường Bến Thành",
            "name_en": "Ben Thanh Ward",
            "kind": "ward",
            "former_area": "tphcm_cu",
            "parent": "79",
            "aliases": [{"name": "Quận 1", "kind": "former_district"}],
        },
    )
}
