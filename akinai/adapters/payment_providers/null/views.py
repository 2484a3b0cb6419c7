"""見本の決済ページ: stands for the provider's own page; the visitor chooses what his card company says. There is no card field."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core import signing as links
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from akinai.adapters.payment_providers import null
from akinai.adapters.payment_providers.null import events
from akinai.core import clock
from akinai.payments import services

DAY = 60 * 60 * null.PAGE_HOURS
# What the visitor may choose → the beginning of the payment's number, which says what becomes of it.
HELD = {"pay": "pi_demo", "pay_expired": "pi_demo_expired", "pay_nofund": "pi_demo_nofund"}
# The same where the card is kept for later turns: what will become of them.
KEPT = {"keep": "good", "keep_declined": "declined", "keep_3ds": "wants3ds", "keep_old": "old"}
DECLINED = {"declined": "card_declined", "no_3ds": "payment_intent_authentication_failure"}


@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest, token: str) -> HttpResponse:
    """The page, and what was chosen on it. Not there unless the demo's provider is in use."""
    if not any(door.code == "null" for door in services.in_use()):
        raise Http404
    try:
        told = links.loads(token, salt=null.SALT, max_age=DAY)
    except links.BadSignature:
        raise Http404 from None
    choice = request.POST.get("choice", "")
    if request.method == "POST" and choice:
        return redirect(told["done"] if _choose(told, choice) else told["back"])
    context = {
        "told": told, "is_card": told["kind"] == "card", "consent": told.get("consent", ""),
        "registers": bool(told.get("consent")) and not told["yen"],
    }  # fmt: skip
    return render(request, "adapters/demo_checkout.html", context)


def _choose(told: dict[str, Any], choice: str) -> bool:
    """Send the events of what was chosen. Out: is the buyer done here."""
    ref, yen, number = told["ref"], told["yen"], told["number"]
    mark = hashlib.sha256(ref.encode()).hexdigest()[:16]
    if choice in DECLINED and yen:
        moment = f"{clock.now().timestamp()}"
        null.deliver(events.declined(f"pi_demo_{mark}", yen, number, DECLINED[choice], moment))
        return False
    if choice in KEPT and not yen:
        null.deliver(events.registered(ref, f"seti_demo_keep_{KEPT[choice]}_{mark}", number))
        return True
    if choice in HELD or choice in KEPT:
        payment = f"{HELD[choice] if choice in HELD else f'pi_demo_keep_{KEPT[choice]}'}_{mark}"
        null.deliver(events.session("checkout.session.completed", ref, payment, yen, number, "paid"))
        for event in events.held(payment, yen, number):
            null.deliver(event)
        return True
    payment = f"pi_demo_{mark}"
    if choice == "number":
        null.deliver(events.session("checkout.session.completed", ref, payment, yen, number, "unpaid"))
        return True
    if choice in ("store_paid", "store_over"):
        kind = "succeeded" if choice == "store_paid" else "failed"
        null.deliver(
            events.session(f"checkout.session.async_payment_{kind}", ref, payment, yen, number, "paid")
        )
        return True
    return False
