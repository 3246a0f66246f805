"""People, units and cases for tests: fixed, invented, without randomness."""

from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from accounts.models import Membership, User
from accounts.roles import ROLE_BY_CODE
from common.statements import run
from facilities.models import Division, Facility
from feedback.choices import Status
from feedback.intake import Incoming, receive
from feedback.models import Case
from feedback.search import marks_of, words_of
from feedback.transitions import move
from tests.rights import hold

_numbers = count(1)
BODY = "Chờ hơn ba giờ để lấy toa thuốc đã in sau khi khám tai mũi họng, không ai giải thích."


def seed() -> None:
    """Reference data that every case needs: roles, channels, categories, rules."""
    import deadlines.reference
    import feedback.reference
    from accounts.services import engine, seed_roles

    seed_roles()
    engine()
    feedback.reference.load()
    deadlines.reference.load()


def person(
    role: str,
    *,
    name: str = "",
    facility: Facility | None = None,
    division: Division | None = None,
    is_head: bool = False,
) -> User:
    user = User.objects.create_user(name or f"{role}-{next(_numbers)}", password=None, is_staff=True)
    hold(user, Group.objects.get(name=ROLE_BY_CODE[role].name_vi))
    if facility or division:
        Membership.objects.create(user=user, facility=facility, division=division, is_head=is_head)
    return user


def facility(code: str = "T01", name: str = "Bệnh viện Đa khoa Lam Kiều") -> Facility:
    made = Facility(code=code, name=name, type="BVDK", is_demo=True)
    made.fold_names()
    made.save()
    return made


def division(code: str = "KTPC", name: str = "Phòng Kiểm tra - Pháp chế") -> Division:
    made = Division(code=code, name=name)
    made.fold_names()
    made.save()
    return made


def incoming(**changes: Any) -> Incoming:
    given: dict[str, Any] = {
        "source": "console",
        "source_id": f"test-{next(_numbers)}",
        "channel": "HOTLINE_SYT",
        "body": BODY,
    }
    return Incoming(**(given | changes))


def case(*, by: Any = None, **changes: Any) -> Case:
    return receive(incoming(**changes), by=by).case


def entry_is_true(case: Case) -> bool:
    """Does the stored search entry say of a case what `feedback.search` says, or is there none where it says so?"""
    case = Case.objects.get(pk=case.pk)
    stored = run("SELECT words::text FROM feedback_searchentry WHERE case_id = %s", [case.pk])
    if case.is_confidential:
        return not stored
    tokens = words_of(case.title, case.body, case.facility_said) + marks_of(case)
    return stored == run("SELECT array_to_tsvector(%s)::text", [tokens])


class Team:
    """Everyone that a case meets on its way, and a stranger from another facility."""

    def __init__(self) -> None:
        self.hospital = facility()
        self.other_hospital = facility("T02", "Bệnh viện Đa khoa Trúc Vân")
        self.division = division()
        self.operator = person("operator")
        self.officer = person("officer", division=self.division)
        self.second_officer = person("officer", division=self.division)
        self.division_officer = person("division_officer", division=self.division)
        self.lead = person("lead")
        self.director = person("director")
        self.quality_officer = person("facility_officer", facility=self.hospital)
        self.stranger = person("facility_officer", facility=self.other_hospital)
        self.auditor = person("auditor")


GIVEN: dict[str, Any] = {
    "findings": "Thư ký y khoa bỏ sót danh sách đã khám xong.",
    "proposed_outcome": "OC01",
    "outcome": "OC01",
    "reply": "Sở Y tế cảm ơn ông/bà; bệnh viện đã xin lỗi và sửa quy trình.",
    "way": "phone",
    "public_summary": "Phản ánh đúng; bệnh viện đã chấn chỉnh quy trình in toa thuốc.",
    "transferred_to": "Sở Xây dựng",
    "question": "Ông/bà vui lòng cho biết ngày khám?",
}


def given_for(team: Team, target: Case | None = None) -> dict[str, Any]:
    """Something valid for every detail that any move asks for."""
    return GIVEN | {
        "facility": team.hospital.code,
        "division": team.division.code,
        "assignee": team.second_officer.username,
        "target": target.reference if target else "",
        "reply_joined": "Sở Y tế cảm ơn ông/bà; quy trình đã được sửa.",
    }


PATHS: dict[Status, list[Status]] = {
    Status.RECEIVED: [],
    Status.TRIAGED: [Status.TRIAGED],
    Status.WAITING: [Status.TRIAGED, Status.WAITING],
    Status.ASSIGNED: [Status.ASSIGNED],
    Status.FORWARDED: [Status.FORWARDED],
    Status.ANSWERED: [Status.FORWARDED, Status.ANSWERED],
    Status.RETURNED: [Status.FORWARDED, Status.ANSWERED, Status.RETURNED],
    Status.CHECKED: [Status.FORWARDED, Status.ANSWERED, Status.CHECKED],
    Status.CONFIRMED: [Status.FORWARDED, Status.ANSWERED, Status.CHECKED, Status.CONFIRMED],
    Status.REPLIED: [Status.FORWARDED, Status.ANSWERED, Status.CHECKED, Status.CONFIRMED, Status.REPLIED],
    Status.OUT_OF_SCOPE: [Status.OUT_OF_SCOPE],
    Status.TRANSFERRED: [Status.TRANSFERRED],
    Status.MERGED: [Status.MERGED],
}
PATHS[Status.PUBLISHED] = [*PATHS[Status.REPLIED], Status.PUBLISHED]
PATHS[Status.CLOSED] = [*PATHS[Status.PUBLISHED], Status.CLOSED]
PATHS[Status.IN_REVIEW] = [*PATHS[Status.CLOSED], Status.IN_REVIEW]


def actor_for(team: Team, status: Status) -> User:
    """Who makes the move into a status."""
    return {
        Status.ANSWERED: team.quality_officer,
        Status.CONFIRMED: team.lead,
        Status.IN_REVIEW: team.lead,
    }.get(status, team.officer)


def case_in(status: Status, team: Team, **changes: Any) -> Case:
    """A case that went its lawful way to a status."""
    made = case(**changes)
    target = case() if Status.MERGED in PATHS[status] else None
    for step in PATHS[status]:
        made = move(
            made,
            step,
            by=fresh(actor_for(team, step)),
            reason="theo quy trình",
            version=made.version,
            given=given_for(team, target),
        )
    return made


def case_before(source: Status, to: Status, team: Team, **changes: Any) -> Case:
    """A case that can make this move: one goes back out of a merge to where it stood before."""
    if (source, to) != (Status.MERGED, Status.TRIAGED):
        return case_in(source, team, **changes)
    made = case_in(Status.TRIAGED, team, **changes)
    given = given_for(team, case())
    return move(made, Status.MERGED, by=fresh(team.officer), reason="cùng việc", version=made.version, given=given)


def fresh(user: User) -> User:
    """The same person without remembered permissions and memberships."""
    return User.objects.get(pk=user.pk)
