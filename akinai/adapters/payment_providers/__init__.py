"""決済会社: one folder per provider. `base` is the format of events that Stripe writes and our twin speaks too."""

from __future__ import annotations

from akinai.payments.provider_ports import register_provider


def register_providers() -> None:
    """Bring the doors into use, one line each."""
    from akinai.adapters.payment_providers.null import Null
    from akinai.adapters.payment_providers.results import register_layouts
    from akinai.adapters.payment_providers.stripe import Stripe

    register_provider(Stripe())
    register_provider(Null())
    register_layouts()
