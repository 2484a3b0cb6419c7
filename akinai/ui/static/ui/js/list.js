// 一覧: row keys, selection, filters that answer at once.
const rows = () => [...document.querySelectorAll("table.list tbody tr[data-row]")];
const here = () => document.querySelector("table.list tr.is-here");
const box = (row) => row?.querySelector(".select input");

function stand(row) {
  here()?.classList.remove("is-here");
  if (!row) return;
  row.classList.add("is-here");
  row.scrollIntoView({ block: "nearest" });
}
function move(step) {
  const all = rows(), at = all.indexOf(here());
  stand(all[Math.min(Math.max(at + step, 0), all.length - 1)] ?? all[0]);
}
document.addEventListener("list:next", () => move(1));
document.addEventListener("list:previous", () => move(-1));
document.addEventListener("list:select", () => box(here())?.click());
document.addEventListener("list:select-page", () => document.querySelector("[data-select-page]")?.click());
document.addEventListener("list:open", () => { const url = here()?.dataset.url; if (url) location.assign(url); });
document.addEventListener("list:next-page", () => document.querySelector(".pager [rel=next]")?.click());
document.addEventListener("list:previous-page", () => document.querySelector(".pager [rel=prev]")?.click());

// A press anywhere on the row opens it; text can still be marked, links and boxes keep their meaning.
document.addEventListener("click", (event) => {
  const row = event.target.closest("table.list tr[data-url]");
  if (!row || event.target.closest("a, button, input, label, summary, .select, form") || String(getSelection())) return;
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.url, "_blank", "noopener");
  else location.assign(row.dataset.url);
});

// 選択
let last = null;
function count() {
  const form = document.getElementById("bulk");
  if (!form) return;
  const results = document.getElementById("results");
  const boxes = rows().map(box).filter(Boolean), chosen = boxes.filter((one) => one.checked);
  const every = form.elements.all.value === "1";
  const total = Number(results.dataset.total);
  form.dataset.count = every ? (results.dataset.exact ? String(total) : "1,000 以上") : String(chosen.length);
  document.querySelector("[data-chosen]").textContent = Number(form.dataset.count) ? Number(form.dataset.count).toLocaleString("ja-JP") : form.dataset.count;
  const page = document.querySelector("[data-select-page]");
  page.checked = boxes.length > 0 && chosen.length === boxes.length;
  page.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  const all = document.querySelector("[data-select-all]");
  all.hidden = every || !page.checked || total <= boxes.length || !results.dataset.exact;
  all.textContent = `条件に合う ${total.toLocaleString("ja-JP")} 件すべてを選択`;
  document.querySelectorAll("[data-page-only]").forEach((one) => { one.disabled = every; });
}
const setAll = (value) => { const form = document.getElementById("bulk"); if (form) form.elements.all.value = value; };
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-page]")) rows().forEach((row) => { box(row).checked = event.target.checked; });
  else if (!event.target.matches(".list .select input")) return;
  setAll("");
  count();
});
document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.matches(".list tbody .select input")) {
    const all = rows().map(box), at = all.indexOf(target);
    if (event.shiftKey && last !== null && all[last]) {
      all.slice(Math.min(last, at), Math.max(last, at) + 1).forEach((one) => { one.checked = target.checked; });
      count();
    }
    last = at;
  } else if (target.matches(".list tbody .select")) box(target.parentElement)?.click();
  else if (target.matches("[data-select-all]")) { setAll("1"); count(); }
  else if (target.matches("[data-select-none]")) { setAll(""); rows().forEach((row) => { box(row).checked = false; }); count(); }
});

// 絞り込み: empty fields stay out of the address; what the form shows follows what it says.
document.addEventListener("htmx:configRequest", (event) => {
  const form = event.target.closest?.("[data-filters]");
  if (!form) return;
  const sent = event.detail.formData ?? event.detail.parameters;
  for (const name of new Set([...sent.keys()])) {
    const kept = sent.getAll(name).filter((value) => value !== "");
    sent.delete(name);
    kept.forEach((value) => sent.append(name, value));
  }
});
document.addEventListener("change", (event) => {
  const filter = event.target.closest(".filter");
  if (!filter) return;
  // A day typed by hand replaces a named period.
  filter.querySelectorAll("[data-preset].is-on").forEach((one) => one.classList.remove("is-on"));
});
document.addEventListener("click", (event) => {
  const preset = event.target.closest("[data-preset]");
  if (!preset) return;
  event.preventDefault();
  const form = preset.form, next = new URL(location);
  [...next.searchParams.keys()].filter((name) => name.startsWith(preset.name) || name === "after" || name === "before").forEach((name) => next.searchParams.delete(name));
  next.searchParams.set(preset.name, preset.value);
  window.htmx.ajax("GET", next.pathname + next.search, { target: "#list", swap: "outerHTML", source: form });
  history.pushState({}, "", next);
});

// Saved conditions, columns and files mean the present address, also after parts were swapped.
document.addEventListener("submit", (event) => {
  event.target.querySelectorAll("[data-here]").forEach((one) => { one.value = location.pathname + location.search; });
  event.target.querySelectorAll("[data-here-query]").forEach((one) => {
    const query = new URLSearchParams(location.search);
    ["after", "before", "size", "export", "encoding"].forEach((name) => query.delete(name));
    query.sort();
    one.value = query.toString();
  });
}, true);
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-export]");
  if (!link) return;
  const next = new URLSearchParams(location.search), own = new URL(link.href).searchParams;
  ["after", "before"].forEach((name) => next.delete(name));
  ["export", "encoding"].forEach((name) => (own.has(name) ? next.set(name, own.get(name)) : next.delete(name)));
  link.href = `${location.pathname}?${next}`;
  link.closest("details").open = false;
});
document.addEventListener("htmx:afterSwap", () => { last = null; count(); });
count();
