"""知らせの受け口 (/webhooks/<provider>/): open to the world, so nothing is believed before its signature is.

At most so many bytes are read; who knocks with wrong signatures is answered shorter after a while. A notice that is signed is
never turned away, so nobody who shares an address with the provider can keep its notices out.
"""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from akinai.core import tries
from akinai.payments import services
from akinai.payments.provider_ports import BadNotice, BadSignature

log = logging.getLogger("akinai.payments")
LARGEST = 256 * 1024
BAD_KNOCKS = 60


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """One notice in: 200 when it is written down (or was), 4xx with no word more for anything else."""
    body = _body(request)
    if body is None:
        return HttpResponse(status=413)
    try:
        services.receive_webhook(provider, body, request.headers)
    except services.NoSuchDoor:
        return HttpResponse(status=404)
    except BadSignature as why:
        return _stranger(request, provider, str(why))
    except BadNotice as why:
        log.warning("unreadable notice of %s: %s", provider[:20], why)
        return HttpResponse(status=400)
    return HttpResponse(status=200)


def _body(request: HttpRequest) -> bytes | None:
    """The raw bytes; None where there are too many, which are then not read."""
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > LARGEST:
        return None
    body = request.read(LARGEST + 1)
    return body if len(body) <= LARGEST else None


def _stranger(request: HttpRequest, provider: str, why: str) -> HttpResponse:
    """Counted by address, and no longer logged once it is many."""
    count = tries.count(f"webhook:{tries.address_of(request)}")
    if count > BAD_KNOCKS:
        return HttpResponse(status=429)
    log.warning("webhook of %s refused: %s", provider[:20], why)
    return HttpResponse(status=400)
