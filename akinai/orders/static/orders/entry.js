// 電話注文: rows that grow, goods with price and stock, the buyer filled in, and what it all comes to.
import { suggest } from "./suggest.js";
import "./postal.js";

const form = document.querySelector("[data-entry]");
const list = form.querySelector("[data-rows]");
const count = document.getElementById(`id_${list.dataset.rows}-TOTAL_FORMS`);
const yen = (amount) => `¥${amount.toLocaleString("ja-JP")}`;
const number = (text) => Number((text ?? "").normalize("NFKC").replace(/[,¥\\円\s]/g, "") || NaN);
const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const rows = () => [...list.querySelectorAll("[data-row]")];
const shown = () => rows().filter((row) => !row.hidden);

// ---- 明細

function listen(row) {
  const code = field(row, "code");
  suggest(code);
  code.addEventListener("suggest:chosen", (event) => { put(row, event.detail); field(row, "quantity").select(); });
  code.addEventListener("change", () => look(row));
  code.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (!code.value.trim()) return;
    event.preventDefault();
    event.stopPropagation();
    suggest(code).close();
    scan(row);
  });
  row.querySelector("[data-remove]").addEventListener("click", () => remove(row));
}
// A barcode reader types the number and Enter. The input is free again at once, so that the next one may follow before
// the goods of this one are found.
const scanned = [];
let isScanning = false;
async function scan(row) {
  const code = field(row, "code");
  const text = code.value.normalize("NFKC").trim();
  if (!/^\d{8,14}$/.test(text)) {
    if (await look(row)) field(row, "quantity").select();
    return;
  }
  clear(row);
  scanned.push(text);
  code.focus();
  if (isScanning) return;
  isScanning = true;
  while (scanned.length) await take(scanned.shift());
  isScanning = false;
}
async function take(text) {
  const answer = await fetch(`${field(rows()[0], "code").dataset.suggest}?q=${text}`).catch(() => null);
  const found = answer?.ok ? (await answer.json()).items[0] : null;
  const same = found && shown().find((one) => one.dataset.value === found.value);
  if (same) {
    field(same, "quantity").value = (number(field(same, "quantity").value) || 0) + 1;
    tell(same);
    add();
    return;
  }
  const row = spare();
  const typing = document.activeElement?.closest("[data-row]");
  list.insertBefore(row, typing && !typing.dataset.value ? typing : blank());
  row.hidden = false;
  if (found) put(row, found);
  else { field(row, "code").value = text; unknown(row, "見つかりません"); }
}
async function look(row) {
  const code = field(row, "code");
  const text = code.value.trim();
  if (!text) { clear(row); add(); return null; }
  if (text === row.dataset.value) return JSON.parse(row.dataset.goods);
  const found = await suggest(code).ask();
  if (!found) return null;
  const one = found.exact || found.items.length === 1 ? found.items[0] : null;
  if (one) put(row, one);
  else {
    unknown(row, found.items.length ? `${found.items.length} 件あります。候補から選んでください` : "見つかりません");
  }
  return one;
}
function unknown(row, text) {
  forget(row);
  row.dataset.unknown = "1";
  const name = row.querySelector("[data-name]");
  name.textContent = text;
  name.dataset.tone = "bad";
  add();
}
function put(row, one) {
  forget(row);
  field(row, "code").value = one.value;
  Object.assign(row.dataset, { value: one.value, price: one.price_yen, rate: one.rate, free: one.free, goods: JSON.stringify(one) });
  if (!field(row, "quantity").value) field(row, "quantity").value = "1";
  field(row, "unit_price_yen").placeholder = one.price_yen.toLocaleString("ja-JP");
  tell(row);
  blank();
  add();
}
// 在庫: what is free beside what is wanted.
function tell(row) {
  const shownName = row.querySelector("[data-name]");
  if (!row.dataset.goods) return;
  const one = JSON.parse(row.dataset.goods);
  const wanted = number(field(row, "quantity").value) || 0;
  const missing = Math.max(wanted - one.free, 0);
  const stock = document.createElement("em");
  stock.textContent = missing ? `${missing.toLocaleString("ja-JP")} 点不足（残り ${one.free.toLocaleString("ja-JP")}）` : `残り ${one.free.toLocaleString("ja-JP")}`;
  stock.dataset.tone = missing ? "warn" : "good";
  const name = document.createElement("span");
  name.textContent = one.title + (one.rate === 8 ? " ※" : "") + (one.is_sold ? "" : "（販売終了）");
  shownName.replaceChildren(name, stock);
  delete shownName.dataset.tone;
  row.dataset.missing = missing;
}
function forget(row) {
  for (const name of ["value", "price", "rate", "free", "goods", "missing", "unknown"]) delete row.dataset[name];
  field(row, "unit_price_yen").placeholder = "";
}
function clear(row) {
  forget(row);
  for (const input of row.querySelectorAll("input, textarea")) input.value = "";
  for (const select of row.querySelectorAll("select")) select.selectedIndex = 0;
  const name = row.querySelector("[data-name]");
  name.replaceChildren();
  delete name.dataset.tone;
}
function remove(row) {
  const next = shown()[shown().indexOf(row) + 1];
  clear(row);
  if (shown().length > 1) row.hidden = true;
  field(next ?? blank(), "code").focus();
  add();
}
// The row that waits for the next goods: always one, at the end.
function blank() {
  const last = shown().at(-1);
  if (last && !last.dataset.value && !last.dataset.unknown) return last;
  const row = spare();
  list.append(row);
  row.hidden = false;
  return row;
}
// A row that nobody sees yet: one of those that came with the page, else a new one.
function spare() {
  const found = rows().find((row) => row.hidden);
  if (found) return found;
  const box = document.createElement("div");
  box.innerHTML = form.querySelector("[data-line]").innerHTML.replaceAll("__prefix__", count.value);
  const row = box.firstElementChild;
  row.hidden = true;
  count.value = Number(count.value) + 1;
  list.append(row);
  listen(row);
  return row;
}

// ---- 合計

const sums = form.querySelector("[data-sums]");
let quoted = 0, timer = 0;
// An empty charge is the one of the fee table (charge.js keeps it in data-proposed).
const amountOf = (name) => { const input = form.querySelector(`[name$="-${name}"]`); return number(input?.value || input?.dataset.proposed) || 0; };
// のし・ラッピング of the rows: what the chosen options come to.
function gifts() {
  let sum = 0;
  for (const row of shown()) {
    let mine = 0;
    for (const input of row.querySelectorAll("[data-gift-yen]")) mine += (number(input.value) || 0) * Number(input.dataset.giftYen);
    const told = row.querySelector("[data-gift-sum]");
    if (told) told.textContent = mine ? yen(mine) : "";
    if (row.dataset.value) sum += mine;
  }
  return sum;
}
function add() {
  let goods = 0, short = 0;
  const byRate = {};
  for (const row of shown()) {
    const typed = field(row, "unit_price_yen").value;
    const sum = number(field(row, "quantity").value) * (typed ? number(typed) : Number(row.dataset.price || NaN));
    const known = Number.isFinite(sum) && row.dataset.value;
    row.querySelector("[data-subtotal]").textContent = known ? yen(sum) : "–";
    if (!known) continue;
    goods += sum;
    byRate[row.dataset.rate] = (byRate[row.dataset.rate] ?? 0) + sum;
    short += Number(row.dataset.missing) > 0 ? 1 : 0;
  }
  const fees = { shipping_yen: amountOf("shipping_yen"), cod_fee_yen: isCod() ? amountOf("cod_fee_yen") : 0, wrapping_yen: amountOf("wrapping_yen") + gifts() };
  const discount = amountOf("discount_yen");
  const total = goods + Object.values(fees).reduce((a, b) => a + b, 0) - discount;
  write("goods", goods);
  Object.assign(sums.dataset, { goodsYen: goods, wrappingYen: fees.wrapping_yen, discountYen: discount });
  form.dispatchEvent(new CustomEvent("entry:summed"));
  for (const [name, amount] of Object.entries(fees)) write(name, amount);
  write("discount_yen", -discount);
  write("total", Math.max(total, 0), true);
  warn("short", short ? `${short} 商品の在庫が足りません。登録すると「引当待ち」になり、入荷で自動で進みます。` : "");
  warn("discount", total < 0 ? "値引が合計金額より大きくなっています。" : "");
  clearTimeout(timer);
  timer = setTimeout(() => quote(byRate, Object.values(fees).reduce((a, b) => a + b, 0), discount), 250);
}
function write(name, amount, always = false) {
  for (const line of form.querySelectorAll(`[data-sum="${name}"]`)) {
    if (line.closest("[data-optional]")) line.closest("[data-optional]").hidden = !amount && !always;
    line.textContent = amount < 0 ? `▲${yen(-amount)}` : yen(amount);
  }
}
function warn(name, text) {
  const line = sums.querySelector(`[data-warn="${name}"]`);
  line.hidden = !text;
  line.querySelector("span").textContent = text;
}
async function quote(byRate, fees, discount) {
  const mine = ++quoted;
  const goods = Object.entries(byRate).map(([rate, amount]) => `${rate}:${amount}`).join(",");
  const answer = await fetch(`${sums.dataset.quote}?goods=${goods}&fees=${fees}&discount=${discount}`).catch(() => null);
  if (!answer?.ok || mine !== quoted) return;
  const { taxes } = await answer.json();
  const line = ({ rate, tax_yen, gross_yen }) => {
    const row = document.createElement("div");
    const [title, value] = [document.createElement("dt"), document.createElement("dd")];
    title.textContent = `うち消費税 ${rate}%${rate === 8 ? " ※" : ""}`;
    value.textContent = yen(tax_yen);
    value.title = `${rate}%対象 ${yen(gross_yen)}`;
    row.append(title, value);
    return row;
  };
  sums.querySelector("[data-taxes]").replaceChildren(...taxes.map(line));
}

// ---- 支払い・送付先

const payment = form.querySelector('[name$="-payment"]');
const isCod = () => payment.value === "cod";
// A quote has no such fee and no other address.
const codFee = form.querySelector('[name$="-cod_fee_yen"]')?.closest(".field");
const toggleCod = () => { if (codFee) { codFee.hidden = !isCod(); if (!isCod()) codFee.querySelector("input").value = ""; } add(); };
payment.addEventListener("change", toggleCod);
const other = form.querySelector("[data-other-address]");
const tick = form.querySelector('[name$="-to_other"]');
const toggleOther = () => { if (other) other.hidden = !tick.checked; };
tick?.addEventListener("change", () => { toggleOther(); if (tick.checked) other.querySelector("input:not([type=hidden])")?.focus(); });

// ---- お客様

const finder = form.querySelector("[data-find-buyer]");
const known = form.querySelector("[data-buyer]");
function fill(part, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const input = form.querySelector(`[name="${part}-${name}"]`);
    if (input) input.value = value;
  }
}
finder.addEventListener("suggest:chosen", (event) => {
  const one = event.detail;
  fill("buyer", one.fields);
  finder.value = "";
  known.hidden = false;
  known.querySelector("[data-buyer-name]").textContent = `${one.title} 様`;
  known.querySelector("[data-buyer-about]").textContent = `${one.number}　${one.orders}`;
  const memo = known.querySelector("[data-buyer-memo]");
  memo.hidden = !one.memo;
  memo.textContent = one.memo;
  const places = known.querySelector("[data-places]");
  places.hidden = !one.others.length || !other;
  places.querySelector("div").replaceChildren(...one.others.map((place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.textContent = `${place.name}（${place.prefecture}${place.city}）`;
    button.addEventListener("click", () => { tick.checked = true; toggleOther(); fill("ship", place); other.scrollIntoView({ block: "center" }); });
    return button;
  }));
  field(shown()[0] ?? blank(), "code").focus();
});

// ---- はじめに

for (const row of rows()) {
  listen(row);
  row.querySelector("[data-remove]").hidden = false;
  if (field(row, "code").value.trim()) look(row);
}
for (const row of rows().slice(1)) row.hidden = !field(row, "code").value.trim() && !row.querySelector(".error");
form.querySelector("[data-line]").content.querySelector("[data-remove]").hidden = false;
blank();
list.addEventListener("input", (event) => { const row = event.target.closest("[data-row]"); if (row) tell(row); add(); });
form.addEventListener("charge:proposed", add);
form.addEventListener("input", (event) => { if (!list.contains(event.target)) add(); });
toggleOther();
toggleCod();
// Enter goes to the next input; the order is sent by its button (or Ctrl+Enter), never by a stray Enter.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey) { event.preventDefault(); form.requestSubmit(); return; }
  if (!event.target.matches("input, select")) return;
  event.preventDefault();
  const inputs = [...form.querySelectorAll("input:not([type=hidden]), select, textarea, button[type=submit]")].filter((one) => one.offsetParent);
  const next = inputs[inputs.indexOf(event.target) + 1];
  next?.focus();
  next?.select?.();
});
