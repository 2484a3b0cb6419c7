// 商品の候補: suggestions for inputs with data-goods; in the entry table also name, price, what is free and the sums.
const yen = (amount) => `¥${amount.toLocaleString("ja-JP")}`;
const number = (text) => Number(text.normalize("NFKC").replace(/[,¥円\s]/g, "") || NaN);
const list = document.getElementById("goods");
const known = new Map();
let timer = 0;

async function ask(input) {
  const text = input.value.trim();
  if (!text) return [];
  const answer = await fetch(`${input.dataset.goods}?q=${encodeURIComponent(text)}`);
  const { goods } = answer.ok ? await answer.json() : { goods: [] };
  for (const one of goods) known.set(one.code, one);
  return goods;
}
async function suggest(input) {
  const goods = await ask(input);
  list?.replaceChildren(...goods.map((one) => new Option(`${one.name}（${yen(one.price_yen)}、残り ${one.free}）`, one.code)));
}
async function settle(input) {
  const row = input.closest("tr");
  if (!row?.querySelector("[data-name]")) return;
  const found = known.get(input.value.trim()) ?? (await ask(input)).find((one, _, all) => all.length === 1);
  if (found) input.value = found.code;
  row.dataset.price = found ? found.price_yen : "";
  row.querySelector("[data-name]").textContent = found ? `${found.name}（残り ${found.free}）` : input.value ? "見つかりません" : "";
  const quantity = row.querySelector("[name$=-quantity]");
  if (found && !quantity.value) quantity.value = "1";
  row.querySelector("[name$=-unit_price_yen]").placeholder = found ? found.price_yen.toLocaleString("ja-JP") : "";
  add();
}
function add() {
  let total = 0;
  for (const row of document.querySelectorAll("[data-lines] tbody tr")) {
    const price = row.querySelector("[name$=-unit_price_yen]").value;
    const sum = number(row.querySelector("[name$=-quantity]").value) * (price ? number(price) : Number(row.dataset.price || NaN));
    row.querySelector("[data-subtotal]").textContent = Number.isFinite(sum) ? yen(sum) : "–";
    total += Number.isFinite(sum) ? sum : 0;
  }
  const shown = document.querySelector("[data-total]");
  if (shown) shown.textContent = total ? yen(total) : "–";
}
function listen(scope) {
  for (const input of scope.querySelectorAll("[data-goods]")) {
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => suggest(input), 250); });
    input.addEventListener("change", () => settle(input));
    if (input.value) settle(input);
  }
}
listen(document);
document.querySelector("[data-lines]")?.addEventListener("input", add);
const more = document.querySelector("[data-add-line]");
if (more) {
  more.hidden = false;
  more.addEventListener("click", () => {
    const table = document.querySelector("[data-lines]");
    const count = document.getElementById(`id_${table.dataset.lines}-TOTAL_FORMS`);
    const row = document.createElement("tbody");
    row.innerHTML = document.querySelector("[data-line]").innerHTML.replaceAll("__prefix__", count.value);
    const made = table.tBodies[0].appendChild(row.firstElementChild);
    count.value = Number(count.value) + 1;
    listen(made);
    made.querySelector("input").focus();
  });
}
const other = document.querySelector("[data-other-address]");
const tick = document.querySelector("[name$=to_other]");
if (other && tick) tick.addEventListener("change", () => { other.hidden = !tick.checked; });
