"""請求条件の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.billing import queries, services
from akinai.billing.forms import TermsForm
from akinai.billing.models import BillingTerms
from akinai.core import clock
from akinai.party import queries as party
from akinai.ui.access import clerk, office
from akinai.ui.forms import once


@office("billing.change_billingterms")
@once
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """請求条件を決める: from the customer's page."""
    customer = party.customer_by_number(number)
    if customer is None:
        raise Http404(f"顧客 {number} はいません。")
    terms = queries.terms_of([customer.pk]).get(customer.pk)
    instance = terms or BillingTerms(customer=customer, since=clock.today().replace(day=1))
    form = TermsForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        saved = services.save_terms(form.save(commit=False), by=clerk(request))
        messages.success(request, f"{customer.name} の請求条件を保存しました（{saved.sentence}）。")
        return redirect("party:customer", customer.number)
    context = {
        "form": form,
        "customer": customer,
        "is_new": terms is None,
        "cancel_url": reverse("party:customer", args=[customer.number]),
    }
    return render(request, "billing/terms.html", context, status=422 if form.errors else 200)
