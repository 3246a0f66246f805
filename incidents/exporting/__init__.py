"""Sent incidents for other systems, without identities: no names, no free text, and not which facility reported.

Article 12 keeps secret who reported, the facility included, and free text may name anybody: so only the codes of the
circular, moments and the kind of facility go out."""
