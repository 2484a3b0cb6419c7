// お届けの見通し: asked again whenever address, goods, day or time of day change.
const box = document.querySelector("[data-outlook]");
const form = box?.closest("form");
const shown = box?.querySelector("[data-outlook-shown]");
const value = (end) => form.querySelector(`[name$="${end}"]`)?.value ?? "";
let timer = 0, asked = 0;

// The parcel goes to the other address where one is ticked.
function to(name) {
  if (!form.querySelector('[name="buyer-postal_code"]')) return value(name);
  const part = form.querySelector('[name$="-to_other"]')?.checked ? "ship" : "buyer";
  return form.querySelector(`[name="${part}-${name}"]`)?.value ?? "";
}
function goods() {
  if (box.dataset.goods) return box.dataset.goods;
  return [...form.querySelectorAll("[data-row]")].filter((row) => row.dataset.value)
    .map((row) => `${row.dataset.value}:${(row.querySelector('[name$="-quantity"]')?.value ?? "").normalize("NFKC").replace(/\D/g, "") || 1}`).join(",");
}
async function ask() {
  const mine = ++asked;
  const code = to("postal_code"), prefecture = to("prefecture");
  if (!code && !prefecture) { box.hidden = true; return; }
  const query = new URLSearchParams({ code, prefecture, city: to("city"), wish: value("delivery_on"), slot: value("delivery_slot"), carrier: value("carrier"), goods: goods() });
  const answer = await fetch(`${box.dataset.outlook}?${query}`).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  shown.innerHTML = await answer.text();
  box.hidden = false;
}
const soon = () => { clearTimeout(timer); timer = setTimeout(ask, 350); };
if (box) {
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("suggest:chosen", soon);
  form.addEventListener("focusout", soon);
  soon();
}
