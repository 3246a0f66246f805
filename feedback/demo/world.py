"""What the invented cases happen in: the rows of the database they point to, as light objects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from accounts.services import engine
from deadlines import editions
from deadlines.editions import Reference
from facilities.choices import FacilityType, NameKind
from facilities.models import Area, Division, Facility, FacilityName
from feedback.demo.people import NO_FACILITY_OF_ITS_OWN, Invented
from feedback.models import Case, Category, Channel, Reply

_KIND = FacilityType
GROUPS = {  # what texts.toml calls places
    _KIND.GENERAL_HOSPITAL: "BV",
    _KIND.SPECIALISED_HOSPITAL: "BV",
    _KIND.TRADITIONAL_HOSPITAL: "BV",
    _KIND.DENTAL_HOSPITAL: "BV",
    _KIND.POLYCLINIC: "PK",
    _KIND.SPECIALIST_CLINIC: "PK",
    _KIND.DENTAL_CLINIC: "PK",
    _KIND.TRADITIONAL_CLINIC: "PK",
    _KIND.HEALTH_STATION: "TYT",
    _KIND.PHARMACY: "NT",
    _KIND.UNLICENSED: "TM",
    _KIND.EMERGENCY_SERVICE: "CC",
    _KIND.DISEASE_CONTROL: "CDC",
    _KIND.LABORATORY: "CLS",
}
SLOW = {"DEMO002": 1.7, "DEMO009": 1.5, "DEMO024": 1.8, "DEMO013": 1.3}  # these answer late more often than others
OPERATOR, CITIZEN, SYSTEM, DESK = "operator", "citizen", "system", "desk"
PHONE, LETTER, PAGE, SOURCE = Reply.Way.PHONE, Reply.Way.LETTER, Reply.Way.PAGE, Reply.Way.SOURCE


@dataclass(eq=False, slots=True)
class Person:
    id: int
    role: str
    unit: str
    is_head: bool


@dataclass(eq=False, slots=True)
class Place:
    """A facility. `people` answer for it; nobody where it has no account."""

    id: int
    code: str
    type: str
    groups: frozenset[str]
    names: Sequence[str]
    area_id: int | None
    visits: int
    people: list[Person] = field(default_factory=list)
    pace: float = 1.0

    @property
    def is_for_children(self) -> bool:
        return any("Nhi " in name for name in self.names)

    @property
    def is_for_women(self) -> bool:
        return any("Phụ sản" in name or "Sản phụ" in name for name in self.names)


@dataclass(eq=False, slots=True)
class Unit:
    """A division of the department."""

    id: int
    code: str
    people: list[Person] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Topic:
    """A category."""

    id: int
    code: str
    urgency: str

    @property
    def root(self) -> str:
        return self.code.split(".")[0]


@dataclass(frozen=True)
class Habit:
    """How a channel is used: its share of all cases, how much of it is out of scope, how often the category is known
    from the start, and how the department answers by it."""

    share: float
    out_of_scope: float
    style: str
    knows: float
    way: str
    has_reporter: float = 0.85


# Two calls in three to a hotline are out of scope (Ministry, 2013); kept lower here so that the lists show work.
HABITS = {
    "HOTLINE_SYT": Habit(24, 0.35, OPERATOR, 0.92, PHONE),
    "P1022": Habit(17, 0.1, SYSTEM, 0.7, SOURCE, 0.9),
    "HOTLINE_TTHC": Habit(13, 0.15, OPERATOR, 0.95, PHONE),
    "APP_YTTT": Habit(11, 0.06, SYSTEM, 0.65, SOURCE),
    "DVC": Habit(9, 0.02, SYSTEM, 0.9, SOURCE, 0.95),
    "WEB": Habit(7, 0.08, CITIZEN, 0.6, PAGE, 0.7),
    "HOTLINE_BYT": Habit(5, 0.35, OPERATOR, 0.9, PHONE),
    "HOTLINE_VBMT": Habit(3.5, 0.08, OPERATOR, 0.95, PHONE, 0.8),
    "LETTER": Habit(3, 0.05, DESK, 0.9, LETTER, 0.95),
    "HOTLINE_BV": Habit(2, 0.1, OPERATOR, 0.95, PHONE),
    "RECEPTION": Habit(1.6, 0.05, DESK, 0.95, LETTER, 0.98),
    "TRANSFER": Habit(1.4, 0.05, DESK, 0.9, LETTER, 0.8),
    "BOX": Habit(0.8, 0.03, DESK, 0.95, PAGE, 0.1),
    "PRESS": Habit(0.6, 0.0, DESK, 0.95, PAGE, 0.0),
    "SURVEY": Habit(0.5, 0.0, DESK, 0.95, PAGE, 0.0),
    "INSPECT": Habit(0.3, 0.0, DESK, 1.0, PAGE, 0.0),
    "C115": Habit(0.3, 0.1, OPERATOR, 0.95, PHONE),
}
# Shares of the published dashboard, 22/12/2025 to 21/1/2026: 61, 29, 23, 16, 10 and 35 of 174.
ROOT_SHARES = {
    "TTHC": 61,
    "VIPHAM": 29,
    "QUYTRINH": 14,
    "CHIPHI": 9,
    "THAIDO": 16,
    "CHUYENMON": 10,
    "COSO": 9,
    "THONGTIN": 6,
    "CAPCUU": 3,
    "THUOC": 8,
    "DUPHONG": 6,
    "KHAC": 3,
}
AFFINITY = {  # how much more (or less) a channel brings of one field than its size would say
    ("HOTLINE_TTHC", "TTHC"): 30.0,
    ("DVC", "TTHC"): 40.0,
    ("P1022", "TTHC"): 2.0,
    ("HOTLINE_VBMT", "VIPHAM"): 40.0,
    ("INSPECT", "VIPHAM"): 10.0,
    ("C115", "CAPCUU"): 60.0,
    ("BOX", "TTHC"): 0.02,
    ("BOX", "VIPHAM"): 0.05,
    ("SURVEY", "TTHC"): 0.02,
    ("SURVEY", "VIPHAM"): 0.05,
    ("HOTLINE_BV", "TTHC"): 0.02,
    ("HOTLINE_BV", "VIPHAM"): 0.1,
}
LEADING = {  # which division looks into a field
    "VIPHAM": "KTPC",
    "THUOC": "NVD",
    "CHIPHI": "KHTC",
    "COSO": "KHTC",
    "THONGTIN": "VP",
    "TTHC": "VP",
    "KHAC": "VP",
}
LEADING_BY_CATEGORY = {"TTHC.03": "QLHN", "TTHC.04": "QLHN", "TTHC.01": "QLHN"}
LEADING_OTHERWISE = "NVY"


@dataclass(eq=False, slots=True)
class Door:
    """A channel: `person` is the system that sends by it."""

    id: int
    code: str
    is_confidential: bool
    habit: Habit
    source: str
    person: Person | None = None


@dataclass(frozen=True)
class World:
    """Everything that a case may point to."""

    reference: Reference
    case_type: int
    doors: Mapping[str, Door]
    topics: Mapping[str, Topic]
    places: Sequence[Place]
    units: Mapping[str, Unit]
    areas: Sequence[tuple[int, str]]
    people: Mapping[str, list[Person]]
    engine: Person

    def one(self, role: str) -> Person:
        return self.people[role][0]

    def leading_unit(self, topic: Topic) -> Unit:
        code = LEADING_BY_CATEGORY.get(topic.code) or LEADING.get(topic.root, LEADING_OTHERWISE)
        return self.units[code]


def look_around(people: Sequence[Invented], users: Mapping[str, User], systems: Mapping[str, User]) -> World:
    """Read what the cases need. A dozen queries."""
    everyone = [Person(users[each.username].pk, each.role, each.unit, each.is_head) for each in people]
    by_role: dict[str, list[Person]] = {}
    by_unit: dict[str, list[Person]] = {}
    for person in everyone:
        by_role.setdefault(person.role, []).append(person)
        by_unit.setdefault(person.unit, []).append(person)
    machine = engine()
    return World(
        reference=editions.current(),
        case_type=ContentType.objects.get_for_model(Case).pk,
        doors=_doors(systems),
        topics={row.code: Topic(row.pk, row.code, row.urgency) for row in Category.objects.leaves()},
        places=_places(by_unit),
        units={
            row.code: Unit(row.pk, row.code, _handlers(by_unit.get(row.code, []))) for row in Division.objects.all()
        },
        areas=_areas(),
        people=by_role,
        engine=Person(machine.pk, "engine", "", False),
    )


def _handlers(people: list[Person]) -> list[Person]:
    return [person for person in people if person.role == "division_officer"]


def _doors(systems: Mapping[str, User]) -> dict[str, Door]:
    senders = {
        user.api_client.channel_code: Person(user.pk, "api_intake", "", False)
        for user in systems.values()
        if user.api_client.channel_code
    }
    names = {user.api_client.channel_code: user.username for user in systems.values()}
    doors = {}
    for row in Channel.objects.filter(code__in=HABITS):
        source = "public" if row.code == "WEB" else names.get(row.code, "console")
        doors[row.code] = Door(row.pk, row.code, row.is_confidential, HABITS[row.code], source, senders.get(row.code))
    return doors


def _places(by_unit: Mapping[str, list[Person]]) -> list[Place]:
    names: dict[int, list[str]] = {}
    other = FacilityName.objects.filter(facility__is_demo=True, kind=NameKind.ALIAS)
    for facility_id, name in other.order_by("pk").values_list("facility_id", "name"):
        names.setdefault(facility_id, []).append(name)
    return [
        Place(
            id=row.pk,
            code=row.code,
            type=row.type,
            groups=_groups(row.type, row.name),
            names=[row.name, row.name, *names.get(row.pk, [])],
            area_id=row.area_id,
            visits=row.visits_per_year or 1000,
            people=[] if row.type in NO_FACILITY_OF_ITS_OWN else by_unit.get(row.code, []),
            pace=SLOW.get(row.code, 1.0),
        )
        for row in Facility.objects.filter(is_demo=True, valid_to=None, code__startswith="DEMO").order_by("code")
        if row.type in GROUPS
    ]


def _groups(kind: str, name: str) -> frozenset[str]:
    """What it is, and what people go there for."""
    groups = {GROUPS[FacilityType(kind)]}
    if kind in (_KIND.GENERAL_HOSPITAL, _KIND.POLYCLINIC):
        groups.add("DK")
    if kind == _KIND.UNLICENSED or "Thẩm mỹ" in name or "Da liễu" in name:
        groups.add("LD")
    if kind in (_KIND.DENTAL_HOSPITAL, _KIND.DENTAL_CLINIC):
        groups.add("RHM")
    if "Tai Mũi Họng" in name:
        groups.add("TMH")
    return frozenset(groups)


def _areas() -> list[tuple[int, str]]:
    """The wards and communes of the invented facilities: where people say they live."""
    rows: Any = Area.objects.filter(facilities__is_demo=True).distinct().order_by("code")
    return [(row.pk, row.full_name.replace("Phường", "phường").replace("Xã", "xã")) for row in rows]
