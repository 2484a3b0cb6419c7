// 送料表: what the table says of goods and address, asked again whenever they change. An empty field stands for it.
const box = document.querySelector("[data-charge]");
const form = box?.closest("form");
const sums = form?.querySelector("[data-sums]");
const input = (name) => form.querySelector(`[name$="-${name}"]`);
const yen = (amount) => `¥${amount.toLocaleString("ja-JP")}`;
const typed = (field) => field.value.normalize("NFKC").replace(/[,¥\\円\s]/g, "");
let timer = 0, asked = 0, before = "";

// The parcel goes to the other address where one is ticked.
function to(name) {
  const part = form.querySelector('[name$="-to_other"]')?.checked ? "ship" : "buyer";
  return form.querySelector(`[name="${part}-${name}"]`)?.value ?? "";
}
function propose(field, amount) {
  if (!field) return;
  if (amount == null) { delete field.dataset.proposed; field.placeholder = ""; return; }
  field.dataset.proposed = amount;
  field.placeholder = amount.toLocaleString("ja-JP");
}
// The reason is asked for where a typed charge differs from the table's.
function askWhy() {
  const reason = input("charge_reason")?.closest(".field");
  if (!reason) return;
  const differs = ["shipping_yen", "cod_fee_yen"].map(input).some((field) => field?.dataset.proposed && field.value.trim() && typed(field) !== field.dataset.proposed);
  reason.hidden = !differs && !reason.querySelector("input").value && !reason.querySelector(".error");
}
// Where no table says the charge, the clerk types one or ticks that there is none.
function askWhether(isUnknown) {
  const tick = input("takes_no_charge")?.closest(".field");
  if (tick) tick.hidden = !isUnknown && !tick.querySelector("input").checked;
}
// The codes of the goods: how cold they travel decides the charge.
const goods = () => [...form.querySelectorAll("[data-code]")].map((field) => field.value.trim()).filter(Boolean).slice(0, 60).join("\n");
async function ask() {
  const query = new URLSearchParams({ code: to("postal_code"), prefecture: to("prefecture"), city: to("city"), goods_yen: sums.dataset.goodsYen ?? 0, besides: sums.dataset.wrappingYen ?? 0, discount: sums.dataset.discountYen ?? 0, cod: input("payment").value === "cod" ? 1 : 0, goods: goods() }).toString();
  if (query === before) return;
  before = query;
  const mine = ++asked;
  const answer = await fetch(`${box.dataset.charge}?${query}`).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const found = await answer.json();
  propose(input("shipping_yen"), found.yen);
  propose(input("cod_fee_yen"), found.cod_yen);
  askWhether(Boolean(found.told) && found.yen == null);
  box.hidden = !found.told;
  const parts = found.yen == null ? [] : [yen(found.yen), found.cod_yen == null ? "" : `＋代引手数料 ${yen(found.cod_yen)}`];
  const amount = document.createElement("strong"), why = document.createElement("span");
  amount.textContent = parts.filter(Boolean).join(" ");
  why.className = "why";
  why.textContent = found.told ?? "";
  if (found.yen == null) why.dataset.tone = "warn";
  box.querySelector("[data-charge-shown]").replaceChildren(amount, " ", why);
  askWhy();
  form.dispatchEvent(new CustomEvent("charge:proposed"));
}
const soon = () => { clearTimeout(timer); timer = setTimeout(ask, 300); };
if (box) {
  for (const name of ["input", "change", "entry:summed", "suggest:chosen"]) form.addEventListener(name, () => { askWhy(); soon(); });
  askWhy();
  askWhether(false);
  soon();
}
