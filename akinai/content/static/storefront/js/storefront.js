// 店舗の小さな手伝い. Everything works without it. Its names are its own: pages have scripts beside it.
"use strict";
{
  document.addEventListener("change", (event) => { if (event.target.matches("[data-submit]")) event.target.form.requestSubmit(); });
  const wrong = !location.hash && document.querySelector("main [aria-invalid=true]");
  if (wrong) wrong.focus();
  const box = document.querySelector("[data-facets-box]");
  if (box && matchMedia("(min-width: 60rem)").matches) box.open = true;
  const facets = document.querySelector("[data-facets]");
  if (facets) facets.addEventListener("change", () => { if (matchMedia("(min-width: 60rem)").matches) facets.requestSubmit(); });

  const gallery = document.querySelector("[data-gallery]");
  let turnTo = () => {};
  if (gallery) {
    const thumbs = [...gallery.querySelectorAll(".s-gallery-thumbs a")];
    const pictures = [...gallery.querySelectorAll(".s-gallery-picture")];
    gallery.classList.toggle("is-switched", thumbs.length > 0);
    const show = (at) => {
      pictures.forEach((one, n) => { one.hidden = n !== at; });
      thumbs.forEach((one, n) => (n === at ? one.setAttribute("aria-current", "true") : one.removeAttribute("aria-current")));
    };
    if (thumbs.length) show(0);
    thumbs.forEach((one, at) => one.addEventListener("click", (event) => { event.preventDefault(); show(at); }));
    // The one picture that tells of a chosen value (色: 藍) in its words.
    if (thumbs.length) turnTo = (values) => {
      for (const value of values) {
        const telling = pictures.flatMap((one, n) => (one.querySelector("img")?.alt.includes(value) ? [n] : []));
        if (telling.length === 1) { show(telling[0]); return; }
      }
    };
  }

  const buy = document.querySelector("[data-buy]");
  const told = buy && buy.querySelector("[data-variant-data]");
  if (told) {
    const variants = JSON.parse(told.textContent);
    const list = buy.querySelector("[data-variants]");
    const axes = buy.querySelector("[data-axes]");
    const radio = (code) => list.querySelector(`input[value="${code}"]`);
    const current = () => variants.find((one) => radio(one.sku).checked) || variants[0];
    const tell = () => {
      const one = current();
      for (const price of document.querySelectorAll("[data-price]")) price.textContent = one.price;
      for (const price of document.querySelectorAll("[data-plan-price]")) price.textContent = one.plan;
      const former = document.querySelector("[data-former]");
      if (former) { former.hidden = !one.former; former.querySelector("s").textContent = `${one.former}円`; former.querySelector(".s-off").textContent = `${one.off}%引き`; }
      const stock = document.querySelector("[data-stock]");
      stock.className = `s-stock s-stock-${one.tone}`;
      stock.querySelector("[data-stock-word]").textContent = one.word;
      stock.querySelector("[data-stock-note]").textContent = one.note;
      const quantity = buy.querySelector("[name=quantity]");
      if (quantity) { quantity.max = one.most || 1; if (+quantity.value > one.most) quantity.value = Math.max(1, one.most); }
      for (const button of document.querySelectorAll("[data-buy-row] button, [data-sticky-button]")) button.disabled = !one.most;
      turnTo(one.values.length ? one.values : [radio(one.sku).labels[0].firstElementChild.firstChild.textContent]);
    };
    // When it arrives and what its parcel costs is asked again; the answer to an older choice is dropped.
    let asked = 0;
    const tellFacts = async () => {
      const mine = ++asked, here = `?sku=${encodeURIComponent(current().code)}`;
      const facts = document.querySelector("[data-facts]");
      history.replaceState(null, "", here);
      facts.setAttribute("aria-busy", "true");
      const answer = await fetch(`${here}&part=facts`).then((told) => (told.ok ? told.text() : "")).catch(() => "");
      const fresh = new DOMParser().parseFromString(answer, "text/html").querySelector("[data-facts]");
      if (mine !== asked) return;
      if (fresh) facts.replaceWith(fresh); else location.reload();
    };
    if (axes) {
      const picks = [...axes.querySelectorAll("input")];
      picks.forEach((pick) => { pick.name = `axis-${pick.dataset.axis}`; pick.setAttribute("form", "axes-only"); });
      const mark = () => {
        const values = current().values;
        for (const pick of picks) {
          const at = +pick.dataset.axis;
          pick.checked = values[at] === pick.value;
          const fitting = variants.filter((one) => one.values[at] === pick.value && one.values.every((value, n) => n === at || value === values[n]));
          pick.parentElement.classList.toggle("is-out", !fitting.some((one) => one.most));
        }
      };
      axes.addEventListener("change", (event) => {
        const at = +event.target.dataset.axis;
        const values = current().values.map((value, n) => (n === at ? event.target.value : value));
        const score = (one) => one.values.filter((value, n) => value === values[n]).length + (one.most ? .5 : 0);
        const found = variants.filter((one) => one.values[at] === event.target.value).sort((a, b) => score(b) - score(a))[0];
        if (found) radio(found.sku).checked = true;
        mark(); tell(); tellFacts();
      });
      axes.hidden = false; list.hidden = true; mark();
    }
    list.addEventListener("change", () => { tell(); tellFacts(); });
    tell();
  }
}
