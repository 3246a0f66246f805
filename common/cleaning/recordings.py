"""Recordings: the frames of sound and nothing between, before or after them."""

from common.cleaning import Outcome, Unclean

# kbit/s of MPEG-1 and of MPEG-2 and 2.5, layer III; hertz of MPEG-1
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HERTZ = (44_100, 48_000, 32_000)
FEWEST = 8  # frames: a fifth of a second
_HEAD = b"\xff"
_TOLD = (b"Xing", b"Info", b"VBRI")  # a frame of words about the others, which names the recorder


def clean(content: bytes, most: int) -> tuple[Outcome, bytes]:
    """The sound alone: names, titles, pictures and whatever else was put around the frames are gone."""
    at = begins = _after_titles(content)
    frames: list[bytes] = []
    while (at := content.find(_HEAD, at)) != -1 and at + 4 <= len(content):
        length = _length(content[at : at + 4])
        ends = at + length
        # a true frame is followed by another one, or by the end of the sound
        if not length or (not frames and not _length(content[ends : ends + 4])) or ends > len(content):
            at += 1
            continue
        frame = content[at:ends]
        if frames or not any(word in frame[:200] for word in _TOLD):
            frames.append(frame)
        at = ends
    sound = b"".join(frames)
    if len(frames) < FEWEST or len(sound) * 2 < len(content) - begins:
        raise Unclean(Outcome.BROKEN)
    return Outcome.CLEAN, sound


def _after_titles(content: bytes) -> int:
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _length(head: bytes) -> int:
    """Of the frame that begins so, in bytes; 0 when none of layer III does."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, hertz = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or not 0 < rate < 15 or hertz == 3:
        return 0
    is_first = version == 3
    per_second = _HERTZ[hertz] // {3: 1, 2: 2, 0: 4}[version]
    kilobits = (_RATES_1 if is_first else _RATES_2)[rate]
    return (144 if is_first else 72) * kilobits * 1000 // per_second + (head[2] >> 1 & 1)
