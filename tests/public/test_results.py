"""Published results: only what was concluded and published, and never more queries for more cases."""

from datetime import timedelta

from django.utils import timezone

from feedback.choices import Status
from feedback.models import Case, Category, Channel, DayCount
from feedback.transitions import move
from tests.feedback import factories as make
from tests.public.pages import RESULTS, PageTests, findable, text_of


class ResultTests(PageTests):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.team = make.Team()
        findable(cls.team.hospital)
        findable(cls.team.other_hospital)
        cls.roots = list(Category.objects.roots())

    def published(self, outcome: str = "OC01", **changes) -> Case:
        case = make.case_in(Status.CHECKED, self.team, **({"category": "QUYTRINH.01"} | changes))
        Case.objects.filter(pk=case.pk).update(outcome=outcome)
        steps = (
            (Status.CONFIRMED, self.team.lead),
            (Status.REPLIED, self.team.officer),
            (Status.PUBLISHED, self.team.officer),
        )
        for step, by in steps:
            case = move(
                case,
                step,
                by=make.fresh(by),
                reason="theo quy trình",
                version=case.version,
                given=make.given_for(self.team),
            )
        return case

    def copies(self, case: Case, count: int, year: int = 2025) -> None:
        """Many published cases beside one, a minute apart."""
        names = [field.attname for field in Case._meta.concrete_fields if field.attname not in ("id", "is_open")]
        values = {name: getattr(case, name) for name in names}
        Case.objects.bulk_create(
            Case(
                **values
                | {"reference": f"PA-{year}-{n:06d}", "published_at": case.published_at - timedelta(minutes=n + 1)}
            )
            for n in range(count)
        )

    def test_nothing_published_says_so(self) -> None:
        self.assertContains(self.client.get(RESULTS), 'class="empty"')

    def test_only_what_was_published_is_shown(self) -> None:
        for status in (Status.REPLIED, Status.CLOSED):
            make.case_in(status, self.team)
        shown = text_of(self.client.get(RESULTS)).count("<article")
        self.assertEqual(shown, 1)

    def test_the_report_and_the_reporter_stay_inside(self) -> None:
        case = self.published(reporter={"name": "Canary Tên"}, facility_said="canary lời", title="Canary một dòng")
        text = text_of(self.client.get(RESULTS))
        self.assertIn(make.GIVEN["public_summary"], text)
        for secret in (make.BODY, "Canary", "canary", case.reference):
            self.assertNotIn(secret, text)

    def test_a_facility_is_named_only_with_a_conclusion(self) -> None:
        self.published("OC04")
        name = self.team.hospital.name
        self.assertNotIn(name, text_of(self.client.get(RESULTS)))
        self.assertContains(self.client.get(RESULTS, {"co-so": name}), 'class="empty"')
        self.published("OC01")
        self.assertContains(self.client.get(RESULTS), name)

    def test_a_result_that_is_being_reviewed_is_not_shown(self) -> None:
        make.case_in(Status.IN_REVIEW, self.team)
        self.assertContains(self.client.get(RESULTS), 'class="empty"')

    def test_filters_choose_by_field_and_by_any_name_of_a_facility(self) -> None:
        self.published()
        for chosen, count in (
            ({"linh-vuc": "QUYTRINH"}, 1),
            ({"linh-vuc": "THAIDO"}, 0),
            ({"co-so": "bv lam kieu"}, 1),
            ({"co-so": "bvdk truc van"}, 0),
            ({"linh-vuc": "QUYTRINH", "co-so": "lam kieu"}, 1),
            ({"linh-vuc": "KHONG_CO"}, 1),
        ):
            with self.subTest(**chosen):
                self.assertEqual(text_of(self.client.get(RESULTS, chosen)).count("<article"), count)

    def test_pages_neither_skip_nor_repeat(self) -> None:
        self.copies(self.published(), 44)
        seen, address = [], RESULTS
        for count in (20, 20, 5):
            page = self.client.get(address)
            dates = [case.pk for case in page.context["page"].results]
            self.assertEqual(len(dates), count)
            seen += dates
            address = RESULTS + "?truoc=" + page.context["page"].older
        self.assertEqual(len(set(seen)), 45)
        self.assertEqual(page.context["page"].older, "")

    def test_a_mangled_address_shows_the_beginning(self) -> None:
        self.published()
        for before in ("x", "-", "1-", "9" * 30 + "-1", "٣-٣", "1-1-1", "\x1b"):
            response = self.client.get(RESULTS, {"truoc": before, "co-so": "", "linh-vuc": before})
            self.assertEqual(response.status_code, 200)
        self.assertEqual(self.client.get(RESULTS + "?truoc=%00").status_code, 400)

    def test_more_cases_cost_no_more_queries(self) -> None:
        self.copies(self.published(), 3)
        with self.assertNumQueries(3):
            self.client.get(RESULTS)
        with self.assertNumQueries(4):
            self.client.get(RESULTS, {"co-so": "lam kieu", "linh-vuc": "QUYTRINH"})
        self.copies(self.published(), 30, year=2024)
        with self.assertNumQueries(3):
            self.client.get(RESULTS)
        with self.assertNumQueries(4):
            self.client.get(RESULTS, {"co-so": "lam kieu", "linh-vuc": "QUYTRINH"})

    def test_small_numbers_are_not_told_and_cannot_be_worked_out(self) -> None:
        today = timezone.localdate()
        for root, received in zip(self.roots, (4, 12, 0, 5), strict=False):
            DayCount.objects.create(day=today, scope="all", dimension="category", key=str(root.pk), received=received)
        statistics = self.client.get(RESULTS).context["statistics"]
        shown = {count.name: (count.shown, count.share) for count in statistics.counts}
        self.assertEqual(shown[self.roots[0].label], (None, 0))
        self.assertEqual(shown[self.roots[1].label], (12, 100))
        self.assertEqual(shown[self.roots[2].label], (0, 0))
        self.assertEqual((statistics.total, statistics.is_lower_bound), (17, True))

    def test_old_counts_are_left_out(self) -> None:
        long_ago = timezone.localdate() - timedelta(days=400)
        key = str(self.roots[0].pk)
        DayCount.objects.create(day=long_ago, scope="all", dimension="category", key=key, received=50)
        self.assertEqual(self.client.get(RESULTS).context["statistics"].total, 0)


class LandingTests(PageTests):
    def test_the_numbers_to_ring_come_from_the_channels(self) -> None:
        response = self.client.get("/")
        self.assertContains(response, 'href="tel:0967771010"')
        self.assertContains(response, "096.777.1010")
        self.assertContains(response, 'href="tel:115"')

    def test_a_channel_that_ended_is_not_shown(self) -> None:
        Channel.objects.filter(code="HOTLINE_SYT").update(valid_to=timezone.localdate())
        self.assertNotContains(self.client.get("/"), "0967771010")

    def test_it_takes_one_query(self) -> None:
        with self.assertNumQueries(1):
            self.client.get("/")

    def test_it_is_vietnamese_whatever_the_browser_asks_for(self) -> None:
        self.assertContains(self.client.get("/", headers={"accept-language": "en"}), '<html lang="vi">')
