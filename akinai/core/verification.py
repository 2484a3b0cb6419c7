"""整合性検証の記録: all proofs at one time, and what they found, kept for good."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder

from akinai.core import proofs, seals
from akinai.core.models import ProofRun

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def verify(*, by: Staff | None) -> tuple[ProofRun, list[proofs.Finding]]:
    """Run every proof and write down what came of it. What is proven goes under a seal and stays proven."""
    begin = time.monotonic()
    findings = proofs.run_all()
    broken = [finding for finding in findings if finding.broken]
    if not broken:
        seals.seal_all()
    kept = [{"name": f.name, "title": f.title, "rows": f.rows, "broken": f.broken} for f in broken]
    run = ProofRun.objects.create(
        is_ok=not broken, checks=len(findings), rows=sum(finding.rows for finding in findings),
        broken=json.loads(json.dumps(kept, cls=DjangoJSONEncoder, default=str)),
        milliseconds=round((time.monotonic() - begin) * 1000), by=by,
    )  # fmt: skip
    return run, findings
