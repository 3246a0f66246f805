"""Cases that every demonstration has, however small: the model story, and some in every state, early and late."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from feedback.choices import Kind, Outcome, Status
from feedback.demo.almanac import ZONE, Almanac
from feedback.demo.drafts import Draft, Drafter
from feedback.demo.paths import SHORTEST
from feedback.demo.telling import Teller
from feedback.demo.told import Told
from feedback.demo.words import Form, Story, choose

MODEL_DAY = date(2026, 2, 24)
MODEL_PLACE = "DEMO001"
MODEL = Story(
    category="QUYTRINH.04",
    places=frozenset({"BV"}),
    kind=Kind.FEEDBACK,
    urgency="",
    title=Form.of("Khám tai mũi họng năm phút, chờ toa thuốc đã in nhiều giờ"),
    body=Form.of(
        "Sáng nay tôi khám tai mũi họng ở {cs}, bác sĩ khám chừng năm phút rồi nói ra ngoài chờ lấy toa in. Tôi chờ"
        " hơn ba tiếng, hỏi hai lần ở bàn thư ký đều được trả lời là chưa có. Đến gần trưa mới lục ra toa của tôi đã"
        " in từ sáng."
    ),
)
MODEL_STEPS = (  # hours after the call; the whole matter is due after a day
    (Status.FORWARDED, 0.1),
    (Status.ANSWERED, 4.6),
    (Status.CHECKED, 20.7),
    (Status.CONFIRMED, 21.4),
    (Status.REPLIED, 22.5),
    (Status.PUBLISHED, 46),
    (Status.CLOSED, 70),
)
MODEL_SAID = (
    "Thư ký y khoa bỏ sót danh sách người bệnh đã khám xong nên toa in ra không được gọi. Phản ánh đúng.",
    "Xin lỗi người bệnh qua điện thoại; từ nay bác sĩ in toa tại phòng khám, không qua bàn thư ký.",
)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Wish:
    """A case that is to stand in `status` now, received `age` ago, taking the first `lively` part of that time."""

    status: Status
    age: timedelta
    category: str
    lively: float = 0.6
    leave_last_step: bool = False
    place: str | None = None  # a facility whose people can sign in and have something to answer
    door: str = ""


S = Status
WISHES = (
    Wish(S.RECEIVED, HOUR * 0.2, "CAPCUU.01"),
    Wish(S.RECEIVED, HOUR * 0.5, "QUYTRINH.01"),
    Wish(S.RECEIVED, HOUR * 3, "TTHC.02"),
    Wish(S.RECEIVED, HOUR * 30, "COSO.01", leave_last_step=True),
    Wish(S.TRIAGED, HOUR * 5, "CHIPHI.04"),
    Wish(S.TRIAGED, HOUR * 22, "THAIDO.01"),
    Wish(S.WAITING, HOUR * 50, "CHIPHI.01"),
    Wish(S.WAITING, HOUR * 120, "CHUYENMON.02"),
    Wish(S.ASSIGNED, HOUR * 26, "VIPHAM.05"),
    Wish(S.ASSIGNED, HOUR * 96, "VIPHAM.06", 0.1),
    Wish(S.ASSIGNED, HOUR * 60, "TTHC.01"),
    Wish(S.FORWARDED, HOUR * 8, "THAIDO.02", place=MODEL_PLACE),
    Wish(S.FORWARDED, HOUR * 30, "QUYTRINH.04", place=MODEL_PLACE),
    Wish(S.FORWARDED, HOUR * 150, "COSO.02", 0.1),
    Wish(S.FORWARDED, HOUR * 260, "THONGTIN.02", 0.1),
    Wish(S.FORWARDED, HOUR * 330, "CHIPHI.03", 0.05, leave_last_step=True),
    Wish(S.RETURNED, HOUR * 75, "QUYTRINH.05", 0.9, place=MODEL_PLACE),
    Wish(S.RETURNED, HOUR * 170, "CHUYENMON.04", 0.5),
    Wish(S.ANSWERED, HOUR * 50, "THAIDO.04", 0.9),
    Wish(S.ANSWERED, HOUR * 90, "DUPHONG.01", 0.7),
    Wish(S.ANSWERED, HOUR * 28, "THUOC.01", 0.8),
    Wish(S.CHECKED, HOUR * 60, "COSO.05", 0.9),
    Wish(S.CHECKED, HOUR * 110, "QUYTRINH.06", 0.9),
    Wish(S.CONFIRMED, HOUR * 80, "THAIDO.05", 0.95),
    Wish(S.REPLIED, HOUR * 130, "QUYTRINH.02", 0.9),
    Wish(S.PUBLISHED, HOUR * 200, "COSO.03", 0.9),
    Wish(S.IN_REVIEW, HOUR * 400, "CHUYENMON.01", 0.95),
    Wish(S.IN_REVIEW, HOUR * 300, "THAIDO.03", 0.9),
    Wish(S.CLOSED, HOUR * 340, "DUPHONG.04", 0.9),
    Wish(S.MERGED, HOUR * 45, "", 0.1),
    Wish(S.MERGED, HOUR * 20, "", 0.1),
    Wish(S.TRANSFERRED, HOUR * 70, "KHAC.01", 0.3),
    Wish(S.OUT_OF_SCOPE, HOUR * 2, "KHAC.02", 0.1),
    Wish(S.RECEIVED, HOUR * 0.7, "COSO.02", place="DEMO002", door="PRESS"),
    Wish(S.FORWARDED, HOUR * 2, "THAIDO.01", 0.1, place=MODEL_PLACE, door="PRESS"),
    Wish(S.FORWARDED, HOUR * 9, "QUYTRINH.01", 0.1, place="DEMO013", door="PRESS"),
    Wish(S.FORWARDED, HOUR * 31, "CHIPHI.01", 0.05, place="DEMO002", door="PRESS"),
    Wish(S.ANSWERED, HOUR * 52, "COSO.01", 0.7, place=MODEL_PLACE, door="PRESS"),
    Wish(S.CHECKED, HOUR * 76, "THONGTIN.04", 0.8, place="DEMO013", door="PRESS"),
)


MODEL_WISH = Wish(S.CLOSED, timedelta(), "")


def wishes_of(almanac: Almanac, *, most: int) -> list[tuple[datetime, Wish]]:
    """The fixed cases with their moments, in order; small demonstrations have fewer."""
    if most < 1:
        return []
    at = datetime.combine(MODEL_DAY, time(11, 40), ZONE)
    if not timedelta(days=10) < almanac.now - at < timedelta(days=500):
        at = almanac.now - timedelta(days=120)
    found = [(almanac.now - wish.age, wish) for wish in WISHES[: most - 1]]
    return sorted([(at, MODEL_WISH), *found], key=lambda pair: pair[0])


class Showcase:
    """Tells the fixed cases in the order of their arrival, between the others."""

    def __init__(self, teller: Teller, random: Random, wishes: Sequence[tuple[datetime, Wish]]) -> None:
        self.teller, self.random = teller, random
        self.drafter: Drafter = teller.drafter
        self.todo = deque(wishes)

    def until(self, moment: datetime) -> Iterator[Told]:
        """Those that arrived by now and were not told yet."""
        while self.todo and self.todo[0][0] <= moment:
            at, wish = self.todo.popleft()
            yield self._tell_model(at) if wish == MODEL_WISH else self._tell_wish(at, wish)

    def _tell_model(self, at: datetime) -> Told:
        draft = self._draft(MODEL, at, "HOTLINE_SYT", MODEL_PLACE)
        values = {"cs": self.drafter.places[MODEL_PLACE].names[0]}
        draft = replace(
            draft,
            body=MODEL.body.filled(values),
            outcome=Outcome.UPHELD,
            occurred_on=at.date(),
            said=MODEL_SAID,
        )
        way = [status for status, _hours in MODEL_STEPS]
        return self.teller.follow(draft, way, moments=[at + HOUR * hours for _status, hours in MODEL_STEPS])

    def _tell_twin(self, received_at: datetime, wish: Wish) -> Told | None:
        """The same matter once more, merged into the newest case that is still open."""
        open_ones = [case for case in self.teller.recent if case.facility and case.ended_at is None]
        twin = next((case for case in reversed(open_ones) if not case.is_confidential), None)
        if twin is None:
            return None
        story = self._story(replace(wish, category=twin.draft.topic.code))
        draft = self._draft(story, received_at, "HOTLINE_SYT", twin.draft.place.code if twin.draft.place else None)
        return self.teller.follow(draft, [S.MERGED], twin=twin, moments=[received_at + wish.age * wish.lively])

    def _tell_wish(self, received_at: datetime, wish: Wish) -> Told:
        if wish.status == S.MERGED:
            if told := self._tell_twin(received_at, wish):
                return told
            wish = replace(wish, status=S.TRIAGED, category="THAIDO.01")
        story = self._story(wish)
        is_called = wish.status in (S.OUT_OF_SCOPE, S.RECEIVED)
        door = wish.door or ("HOTLINE_SYT" if is_called else "WEB")
        draft = self._draft(story, received_at, door, wish.place)
        if wish.category == "CAPCUU.01":
            draft = replace(draft, urgency="S1")
        way = self._way(wish, draft)
        step = wish.age * wish.lively / max(len(way), 1)
        moments = [received_at + step * nth for nth in range(1, len(way) + 1)]
        return self.teller.follow(draft, way, moments=moments, leave_last_step=wish.leave_last_step)

    def _story(self, wish: Wish) -> Story:
        stories: Sequence[Story] = self.drafter.by_category[wish.category]
        ordinary = [one for one in stories if one.kind in (Kind.FEEDBACK, Kind.OUT_OF_SCOPE) and not one.urgency]
        return choose(self.random, ordinary or stories)

    def _way(self, wish: Wish, draft: Draft) -> Sequence[str]:
        """The shortest way there, by the unit that answers in such a case."""
        way = SHORTEST[wish.status]
        if draft.place is None or not draft.place.people:
            return [S.ASSIGNED if step == S.FORWARDED else step for step in way]
        return way

    def _draft(self, story: Story, at: datetime, door: str, place: str | None) -> Draft:
        doors, places = self.drafter.world.doors, self.drafter.places
        draft = self.drafter.about(story, at, doors[door], places[place] if place else None)
        return replace(draft, knows_topic=True, knows_place=True)
