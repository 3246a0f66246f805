"""The registry: areas, divisions of the department, facilities and what they are called."""

import pgtrigger

from common.keeping import APPEND_ONLY
from facilities.models.areas import Area, AreaAlias
from facilities.models.divisions import Division
from facilities.models.facilities import Facility, FacilityWords
from facilities.models.hotlines import Hotline, HotlineCall
from facilities.models.imports import FacilityImport
from facilities.models.parts import FacilityName, LicenceEvent, Management

__all__ = [
    "Area",
    "AreaAlias",
    "Division",
    "Facility",
    "FacilityImport",
    "FacilityName",
    "FacilityWords",
    "Hotline",
    "HotlineCall",
    "LicenceEvent",
    "Management",
]

for _model in (Division, Facility, FacilityName, LicenceEvent, Hotline):
    # what was done stays done: the registry's history can be added to, never changed or deleted
    pgtrigger.register(*APPEND_ONLY)(_model.history.model)
pgtrigger.register(*APPEND_ONLY)(HotlineCall)
