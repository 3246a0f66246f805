"""Which links are taken, and when two are the same page."""

import unittest
from urllib.parse import quote, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from feedback.press.addresses import TRACKING, LinkRefused, canonical, link_of, mark_of

PAGE = "https://baomau.example.vn/y-te/bai-1.html?trang=2"
SAME = (
    "http://baomau.example.vn/y-te/bai-1.html?trang=2",
    "HTTPS://BaoMau.Example.VN/y-te/bai-1.html?trang=2",
    "https://baomau.example.vn:443/y-te/bai-1.html?trang=2",
    "https://www.baomau.example.vn/y-te/bai-1.html?trang=2",
    "https://m.baomau.example.vn/y-te/bai-1.html?trang=2",
    "https://baomau.example.vn/y-te/bai-1.html/?trang=2",
    "https://baomau.example.vn/y-te/bai-1.html?trang=2#binh-luan",
    "https://baomau.example.vn/y-te/bai-1.html?utm_source=fb&trang=2&fbclid=IwAR0",
    "https://baomau.example.vn./y-te/b%61i-1.html?trang=2",
    "  https://baomau.example.vn/y-te/bai-1.html?trang=2 ",
    "baomau.example.vn/y-te/bai-1.html?trang=2",
)
OTHER = (
    "https://baomau.example.vn/y-te/bai-2.html?trang=2",
    "https://baomau.example.vn/y-te/bai-1.html?trang=3",
    "https://baomau.example.vn/y-te/bai-1.html",
    "https://baomau.example.vn/Y-TE/bai-1.html?trang=2",
    "https://baomau.example.vn:8443/y-te/bai-1.html?trang=2",
    "https://baokhac.example.vn/y-te/bai-1.html?trang=2",
)
REFUSED = (
    "javascript:alert(1)",
    "JavaScript://example.vn/%0Aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "ftp://example.vn/a",
    "file:///etc/passwd",
    "//example.vn/a",
    "/y-te/bai-1",
    "https://",
    "https:///bai-1",
    "https://baomau",
    "https://baomau.example.vn@khac.example/a",
    "https://ten:matkhau@baomau.example.vn/a",
    "https://baomau.example.vn:99999/a",
    "https://baomau.example.vn:cong/a",
    "https://[::1/a",
    "https://bao mau.example.vn/a",
    "https://baomau.example.vn/a b",
    "https://baomau.example.vn\\@khac.example/",
    'https://baomau.example.vn/"onmouseover="alert(1)',
    "https://baomau.example.vn/<script>",
    "https://baomau.example.vn/\x00",
    "https://baomau.example.vn/\u202egnp",
    "https://-baomau.example.vn/",
    "https://" + "a" * 64 + ".example.vn/",
    "https://baomau.example.vn/" + "a" * 2000,
    "không phải liên kết",
    "bài báo hôm qua. Xem trang 2",
)
words = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)


class AddressesTests(unittest.TestCase):
    def test_ways_of_writing_one_page_are_one(self):
        for link in SAME:
            with self.subTest(link):
                self.assertEqual(mark_of(link_of(link)), mark_of(PAGE))

    def test_other_pages_are_others(self):
        self.assertEqual(len({mark_of(link) for link in (PAGE, *OTHER)}), len(OTHER) + 1)

    def test_what_is_no_page_of_the_web_is_refused(self):
        for link in REFUSED:
            with self.subTest(link), self.assertRaises(LinkRefused):
                link_of(link)

    def test_a_link_is_kept_as_it_was_copied(self):
        shared = f"{PAGE}&utm_source=fb#a"
        self.assertEqual(link_of(shared), shared)
        self.assertEqual(mark_of(""), "")

    def test_hosts_in_vietnamese_letters_are_hosts(self):
        self.assertEqual(canonical("https://báomẫu.example.vn/"), canonical("https://BÁOMẪU.example.vn"))

    @given(
        host=st.lists(st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True), min_size=1, max_size=2),
        path=st.lists(words, max_size=3),
        asked=st.dictionaries(words, words, max_size=3),
        tracked=st.dictionaries(st.sampled_from([*sorted(TRACKING), "utm_source", "UTM_Medium"]), words, max_size=3),
        scheme=st.sampled_from(["http", "https", "HTTPS"]),
        tail=st.sampled_from(["", "/", "//"]),
        fragment=st.sampled_from(["", "#", "#binh-luan"]),
    )
    def test_how_a_page_is_shared_changes_nothing(self, host, path, asked, tracked, scheme, tail, fragment):
        """Scheme, case of the host, order and tracking of the query, slashes at the end and fragments say nothing; and
        what is canonical stays as it is."""
        name = ".".join([*host, "example", "vn"])
        way = "".join(f"/{quote(part)}" for part in path)
        pairs = [f"{quote(key)}={quote(value)}" for key, value in asked.items() if not is_tracked(key)]
        plain = f"https://{name}{way}{'?' if pairs else ''}{'&'.join(pairs)}"
        noise = [f"{quote(key)}={quote(value)}" for key, value in tracked.items()]
        mixed = "&".join([*noise, *reversed(pairs)])
        shared = f"{scheme}://{name.upper()}{way}{tail}{'?' if mixed else ''}{mixed}{fragment}"
        found = canonical(link_of(plain))
        self.assertEqual(canonical(link_of(shared)), found)
        self.assertEqual(canonical(found), found)
        self.assertEqual(urlsplit(found).fragment, "")

    @given(st.text(max_size=60))
    def test_any_text_is_taken_or_refused_in_words(self, text):
        try:
            link = link_of(text)
        except LinkRefused as refusal:
            self.assertTrue(str(refusal.sentence))
        else:
            self.assertIn(urlsplit(link).scheme.lower(), ("http", "https"))
            self.assertEqual(canonical(canonical(link)), canonical(link))


def is_tracked(name: str) -> bool:
    return name.lower().startswith("utm_") or name.lower() in TRACKING
