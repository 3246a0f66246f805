"""The lists of Circular 43/2018 are complete: its own counts, box by box."""

from django.test import SimpleTestCase
from django.utils import translation

from incidents.taxonomy import lists


class ListTests(SimpleTestCase):
    def test_the_scale_has_nine_letters_on_four_levels(self) -> None:
        levels = {letter: harm.level for letter, harm in lists().harms.items()}
        self.assertEqual(
            levels,
            {"A": "NC0", **dict.fromkeys("BCD", "NC1"), **dict.fromkeys("EF", "NC2"), **dict.fromkeys("GHI", "NC3")},
        )
        self.assertEqual("".join(letter for letter, harm in lists().harms.items() if harm.is_mandatory), "GHI")
        self.assertEqual(list(lists().levels), ["NC0", "NC1", "NC2", "NC3"])

    def test_the_serious_list_has_twenty_eight_items_in_seven_groups(self) -> None:
        self.assertEqual(list(lists().serious), list(range(1, 29)))
        groups = [item.group for item in lists().serious.values()]
        sizes = {group: groups.count(group) for group in lists().serious_groups}
        self.assertEqual(list(sizes.values()), [5, 3, 3, 8, 4, 4, 1])

    def test_seven_items_have_exceptions(self) -> None:
        with_exception = [item for item, serious in lists().serious.items() if serious.has_exception]
        self.assertEqual(with_exception, [1, 3, 4, 8, 12, 14, 20])

    def test_one_item_speaks_of_death_alone(self) -> None:
        self.assertEqual([item for item, serious in lists().serious.items() if serious.is_death], [5])

    def test_types_are_eleven_groups_of_forty_eight_boxes(self) -> None:
        sizes = [len(group.boxes) for group in lists().types]
        self.assertEqual((sizes, sum(sizes)), ([9, 5, 9, 3, 3, 6, 1, 2, 3, 6, 1], 48))
        self.assertEqual(len(lists().type_codes()), 48)

    def test_causes_are_six_groups_of_twenty_four_boxes(self) -> None:
        sizes = [len(group.boxes) for group in lists().causes]
        self.assertEqual((sizes, sum(sizes)), ([6, 6, 4, 4, 3, 1], 24))
        self.assertEqual(len(lists().cause_codes()), 24)

    def test_what_the_circular_leaves_out(self) -> None:
        self.assertEqual(list(lists().exclusions), ["EX1", "EX2", "EX3"])

    def test_every_line_has_a_name_in_both_languages_and_a_source(self) -> None:
        boxes = [box for group in (*lists().types, *lists().causes) for box in (group.entry, *group.boxes)]
        harms = [harm.entry for harm in lists().harms.values()]
        serious = [item.entry for item in lists().serious.values()]
        for entry in (*boxes, *harms, *serious, *lists().subjects.values(), *lists().roles.values()):
            with self.subTest(entry=entry.code):
                self.assertTrue(entry.name_vi and entry.name_en)
                self.assertIn("43/2018", entry.source)
        with translation.override("en"):
            self.assertEqual(str(lists().harms["I"].entry), "Contributed to or caused death")
        with translation.override("vi"):
            self.assertEqual(str(lists().serious[2].entry), "Phẫu thuật sai người bệnh")
