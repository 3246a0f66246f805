"""Office files that are the same byte for byte whenever they are made: an archive of parts in a fixed order, without
the moment of packing, and not compressed, since another release of the compressor would pack otherwise."""

import io
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)


def still(packed: bytes, instead: Mapping[str, bytes] | None = None) -> bytes:
    """The same archive at rest; `instead` gives parts that say when they were made."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            part = zipfile.ZipInfo(name, _EPOCH)
            part.create_system, part.external_attr = 3, 0o644 << 16  # whatever machine packs
            target.writestr(part, (instead or {}).get(name) or source.read(name))
    return stream.getvalue()
