"""The invented people of the demonstration: who signs in as what, and the systems that call the API."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone
from knox.models import AuthToken

from accounts.grants import give
from accounts.models import ApiClient, GrantState, Membership, RoleGrant, User
from accounts.roles import ROLE_BY_CODE
from accounts.signin.codes import demo_secret, give_demo_secrets
from facilities.choices import FacilityType
from facilities.models import Division, Facility

INVENTED = "Tài khoản trình diễn"


@dataclass(frozen=True)
class Invented:
    """A person before there is a row: `unit` is the code of a division or a facility; `is_shown` in the sign-ins."""

    username: str
    name: str
    role: str
    unit: str = ""
    is_head: bool = False
    is_shown: bool = True


@dataclass(frozen=True)
class System:
    """A system that calls the API."""

    username: str
    name: str
    channel: str = ""
    may_read: bool = False
    role: str = ""  # in place of the one that goes with reading or sending
    facility: str = ""  # the code of the only one that it may ask or tell about


@dataclass(frozen=True)
class SignIn:
    """What a person needs to sign in, as `dev.py run` shows it."""

    role: str
    role_vi: str
    user: str
    password: str
    address: str
    token: str = ""
    totp_secret: str = ""


DEPARTMENT = (
    Invented("truc.duong-day-nong", "Huỳnh Thanh Trúc", "operator", "TCT"),
    Invented("loc.duong-day-nong", "Đặng Phước Lộc", "operator", "TCT", is_shown=False),
    Invented("duyen.duong-day-nong", "Lý Mỹ Duyên", "operator", "TCT", is_shown=False),
    Invented("lan.to-cong-tac", "Nguyễn Thị Ngọc Lan", "officer", "TCT"),
    Invented("khang.to-cong-tac", "Trần Minh Khang", "officer", "TCT"),
    Invented("yen.to-cong-tac", "Lê Hoàng Yến", "officer", "TCT"),
    Invented("bao.to-cong-tac", "Phạm Quốc Bảo", "officer", "TCT", is_shown=False),
    Invented("ha.to-cong-tac", "Võ Thu Hà", "officer", "TCT", is_shown=False),
    Invented("to.truong", "Bùi Đức Thành", "lead", "TCT", is_head=True),
    Invented("lanh.dao-so", "Phan Thị Kim Anh", "director"),
    Invented("dung.kiem-tra", "Ngô Tiến Dũng", "division_officer", "KTPC"),
    Invented("truong.kiem-tra", "Hồ Văn Trường", "division_officer", "KTPC", is_head=True, is_shown=False),
    Invented("thao.nghiep-vu-y", "Mai Phương Thảo", "division_officer", "NVY"),
    Invented("son.nghiep-vu-y", "Trương Thái Sơn", "division_officer", "NVY", is_head=True, is_shown=False),
    Invented("vinh.nghiep-vu-duoc", "Đỗ Quang Vinh", "division_officer", "NVD", is_shown=False),
    Invented("nga.nghiep-vu-duoc", "Dương Thúy Nga", "division_officer", "NVD", is_head=True, is_shown=False),
    Invented("hieu.ke-hoach", "Nguyễn Trọng Hiếu", "division_officer", "KHTC", is_shown=False),
    Invented("xuan.ke-hoach", "Lê Thị Thanh Xuân", "division_officer", "KHTC", is_head=True, is_shown=False),
    Invented("linh.van-phong", "Trần Khánh Linh", "division_officer", "VP", is_shown=False),
    Invented("phuc.van-phong", "Võ Hồng Phúc", "division_officer", "VP", is_head=True, is_shown=False),
    Invented("tam.quan-ly", "Phạm Minh Tâm", "division_officer", "QLHN", is_shown=False),
    Invented("giang.quan-ly", "Bùi Hương Giang", "division_officer", "QLHN", is_head=True, is_shown=False),
    Invented("giam.sat", "Đinh Công Minh", "auditor"),
    Invented("quan.tri", "Hoàng Gia Bảo", "sysadmin"),
)
FACILITY = (
    Invented("cbql.lam-kieu", "Trần Thị Thu Hương", "facility_officer", "DEMO001"),
    Invented("giam.doc.lam-kieu", "Nguyễn Hữu Đạt", "facility_director", "DEMO001", is_head=True),
    Invented("cbql.truc-van", "Lê Quốc Hùng", "facility_officer", "DEMO002"),
    Invented("giam.doc.truc-van", "Phạm Ngọc Ánh", "facility_director", "DEMO002", is_head=True, is_shown=False),
    Invented("cbql.ha-mien", "Võ Minh Triết", "facility_officer", "DEMO003", is_shown=False),
    Invented("cbql.huong-duong-xanh", "Đặng Thùy Dương", "facility_officer", "DEMO013"),
    Invented("cbql.hoa-ban-trang", "Hồ Nhật Quang", "facility_officer", "DEMO024", is_shown=False),
    Invented("cbql.rach-lam", "Ngô Kim Chi", "facility_officer", "DEMO055"),
)
SYSTEMS = (
    System("he-thong-1022", "Cổng thông tin 1022", channel="P1022"),
    System("he-thong-y-te-truc-tuyen", "Ứng dụng Y tế trực tuyến", channel="APP_YTTT"),
    System("he-thong-dich-vu-cong", "Cổng Dịch vụ công", channel="DVC"),
    System("kho-du-lieu-nganh", "Kho dữ liệu ngành y tế", may_read=True),
    System("kho-su-co-nganh", "Kho dữ liệu sự cố y khoa", may_read=True, role="api_incidents"),
    System("kho-chi-dao-nganh", "Kho dữ liệu chỉ đạo, nhiệm vụ", may_read=True, role="api_directives"),
    System("kho-kiem-tra-nganh", "Kho dữ liệu kiểm tra", may_read=True, role="api_inspections"),
    System("phan-mem-lam-kieu", "Phần mềm bệnh viện Lam Kiều", role="api_incident_reports", facility="DEMO001"),
)
NO_FACILITY_OF_ITS_OWN = (FacilityType.UNLICENSED, FacilityType.PHARMACY)  # nobody there answers in the system
_GIVEN = ("Hạnh", "Tuấn", "Thảo", "Bình", "Oanh", "Phát", "Loan", "Nghĩa", "Trâm", "Vũ", "Diễm", "Khoa", "Hòa", "Sáng")
_FAMILY = ("Nguyễn Văn", "Trần Thị", "Lê Ngọc", "Phạm Thanh", "Huỳnh Kim", "Võ Hoàng", "Bùi Thúy", "Đỗ Xuân", "Hồ Mỹ")


def everybody(facilities: Sequence[Facility]) -> list[Invented]:
    """The people above, and one quality officer for each further invented facility that answers in the system."""
    known = {person.unit for person in FACILITY}
    further = [each for each in facilities if each.code not in known and each.type not in NO_FACILITY_OF_ITS_OWN]
    return [
        *DEPARTMENT,
        *FACILITY,
        *(
            Invented(
                username=f"cbql.{each.code.lower()}",
                name=f"{_FAMILY[number % len(_FAMILY)]} {_GIVEN[number % len(_GIVEN)]}",
                role="facility_officer",
                unit=each.code,
                is_shown=False,
            )
            for number, each in enumerate(further)
        ),
    ]


def settle(people: Iterable[Invented], facilities: Sequence[Facility], password: str) -> dict[str, User]:
    """Make or renew these accounts with their roles and units; those not shown cannot sign in. A dozen statements."""
    people = list(people)
    hashed, locked = make_password(password), make_password(None)
    User.objects.bulk_create(
        (User(username=each.username, display_name=each.name, is_staff=True, password=locked) for each in people),
        ignore_conflicts=True,
    )
    users = {user.username: user for user in User.objects.filter(username__in=[each.username for each in people])}
    shown = [users[each.username].pk for each in people if each.is_shown]
    User.objects.filter(pk__in=shown).update(password=hashed, is_active=True)
    give_demo_secrets(user for user in users.values() if user.pk in shown)
    for user in users.values():
        user.password = hashed if user.pk in shown else locked
    _give_roles(people, users)
    _give_units(people, users, facilities)
    return users


def _give_roles(people: Sequence[Invented], users: dict[str, User]) -> None:
    groups = {group.name: group.pk for group in Group.objects.all()}
    today = timezone.localdate()
    held = set(RoleGrant.objects.filter(user__in=users.values()).valid_on(today).values_list("user_id", "group_id"))
    wanted = {(users[each.username].pk, groups[ROLE_BY_CODE[each.role].name_vi]) for each in people}
    RoleGrant.objects.bulk_create(
        RoleGrant(user_id=user, group_id=group, valid_from=today, state=GrantState.GRANTED, reason=INVENTED)
        for user, group in sorted(wanted - held)
    )


def _give_units(people: Sequence[Invented], users: dict[str, User], facilities: Sequence[Facility]) -> None:
    settled = set(Membership.objects.filter(user__in=users.values()).values_list("user_id", flat=True))
    divisions = {division.code: division.pk for division in Division.objects.all()}
    places = {each.code: each.pk for each in facilities}
    Membership.objects.bulk_create(
        Membership(
            user=users[each.username],
            division_id=divisions.get(each.unit),
            facility_id=places.get(each.unit),
            is_head=each.is_head,
        )
        for each in people
        if each.unit and users[each.username].pk not in settled
    )


def settle_systems() -> dict[str, tuple[User, str]]:
    """Make the accounts of the calling systems with a fresh token each; returns them by username."""
    made = {}
    for each in SYSTEMS:
        user, _new = User.objects.get_or_create(username=each.username, defaults={"display_name": each.name})
        user.set_unusable_password()
        user.save(update_fields=["password"])
        give(user, each.role or ("api_read" if each.may_read else "api_intake"), reason=INVENTED)
        client, _new = ApiClient.objects.update_or_create(
            user=user,
            defaults={
                "name": each.name,
                "may_read": each.may_read,
                "may_send": not each.may_read,
                "channel_code": each.channel,
            },
        )
        client.facilities.set(Facility.objects.filter(code=each.facility) if each.facility else [])
        AuthToken.objects.filter(user=user).delete()
        made[each.username] = (user, AuthToken.objects.create(user)[1])
    return made


def sign_ins(people: Iterable[Invented], systems: dict[str, tuple[User, str]], password: str) -> list[SignIn]:
    """What the person who starts the system is shown: one line per account that can be used."""
    found = [
        SignIn(
            each.role,
            ROLE_BY_CODE[each.role].name_vi,
            each.username,
            password,
            "/console/",
            totp_secret=demo_secret(each.username),
        )
        for each in people
        if each.is_shown
    ]
    roles = {each.username: each.role or ("api_read" if each.may_read else "api_intake") for each in SYSTEMS}
    for username, (_user, token) in systems.items():
        role = roles[username]
        found.append(SignIn(role, ROLE_BY_CODE[role].name_vi, username, "", "/api/v1/", token))
    return found
