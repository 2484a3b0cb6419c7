"""What others may ask of parties (取引先の照会)."""

from __future__ import annotations

from akinai.party.models import Company


def company() -> Company:
    """自社: the issuer of papers and the sender of parcels; an empty one while nobody has filled it in."""
    return Company.objects.first() or Company(pk=1)
