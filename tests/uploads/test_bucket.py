"""Attachments in an S3-compatible store, spoken to over HTTP."""

from unittest import mock

from django.core.files.storage import storages
from django.test import SimpleTestCase, override_settings

from common.uploads import checked
from common.uploads.storage import FileHeld, State
from config import environment
from tests.files import PNG, upload
from tests.uploads.daemons import store


class BucketTests(SimpleTestCase):
    def test_a_file_goes_into_the_bucket_and_comes_back(self) -> None:
        with store() as (address, objects):
            given = {
                "FILES_BUCKET": "tep", "FILES_ENDPOINT": address, "FILES_REGION": "hcm",
                "FILES_ACCESS_KEY": "chìa".encode().hex(), "FILES_SECRET_KEY": "khoá".encode().hex(),
            }  # fmt: skip
            with mock.patch.dict("os.environ", given):
                settings = environment.files()
            with override_settings(STORAGES={"default": settings}):
                bucket = storages.create_storage(settings)
                copy = checked(upload("a.png", PNG))
                name = bucket.save("phan-anh/aa/aa.png", copy.upload)
                self.assertEqual(name, "phan-anh/aa/aa.png")
                self.assertTrue(objects[name].startswith(b"\x89PNG"))
                with bucket.open(name) as content:
                    self.assertEqual(content.read(), objects[name])
                with self.assertRaises(FileNotFoundError):
                    bucket.open("phan-anh/bb/bb.png")

    def test_the_quarantine_holds_there_too(self) -> None:
        with store() as (address, _objects):
            bucket = storages.create_storage(
                {
                    "BACKEND": "common.uploads.bucket.BucketFiles",
                    "OPTIONS": {
                        "bucket_name": "tep", "endpoint_url": address, "region_name": "hcm",
                        "access_key": "a", "secret_key": "b",
                    },
                }
            )  # fmt: skip
            copy = checked(upload("a.png", PNG))
            copy.upload.is_held = True
            name = bucket.save("phan-anh/aa/aa.png", copy.upload)
            self.assertIs(bucket.state_of(name), State.HELD)
            with self.assertRaises(FileHeld):
                bucket.open(name)
            self.assertEqual(list(bucket.held()), [name])
            bucket.release(name)
            self.assertIs(bucket.state_of(name), State.FREE)
            self.assertTrue(bucket.open(name).read().startswith(b"\x89PNG"))
