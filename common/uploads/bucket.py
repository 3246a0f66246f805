"""Files in an S3-compatible store (`FILES_BUCKET`); imported only where one is set."""

from typing import Any

from storages.backends.s3 import S3Storage

from common.uploads.storage import Quarantine


class BucketFiles(Quarantine, S3Storage):
    """Private objects, never overwritten, without addresses of their own: a view that asks who may see them serves
    them."""

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {
            "file_overwrite": False,
            "default_acl": None,
            "querystring_auth": True,
        }
