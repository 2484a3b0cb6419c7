// 商品のSKUの表: rows are added on the spot; Enter (a reader ends with it) goes on to the next cell instead of sending.
const table = document.querySelector("[data-skus]");
const pattern = document.querySelector("[data-sku-row]");
const total = document.querySelector("[name=sku-TOTAL_FORMS]");
const most = Number(document.querySelector("[name=sku-MAX_NUM_FORMS]")?.value || 200);
const COPIED = ["price_yen", "cost", "shelf", "weight_g"];
const cell = (row, name) => row?.querySelector(`[name$="-${name}"]`);

const more = document.querySelector("[data-more-skus]");
if (more) more.type = "button"; // Enter in a field above must save, not add a row
more?.addEventListener("click", () => {
  const at = Number(total.value);
  if (at >= most) return;
  table.tBodies[0].insertAdjacentHTML("beforeend", pattern.innerHTML.replaceAll("__prefix__", at));
  total.value = at + 1;
  cell(table.tBodies[0].lastElementChild, "code").focus();
});
// Variants of one product mostly cost the same and lie side by side: a new code takes over what is still empty.
table?.addEventListener("change", (event) => {
  if (!event.target.name.endsWith("-code") || !event.target.value.trim()) return;
  const row = event.target.closest("tr");
  for (const name of COPIED) {
    const field = cell(row, name);
    if (field && !field.value) field.value = cell(row.previousElementSibling, name)?.value || "";
  }
});
table?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.target.type === "checkbox") return;
  event.preventDefault();
  const fields = [...table.querySelectorAll("input:not([type=hidden], [type=checkbox])")];
  fields[fields.indexOf(event.target) + 1]?.focus();
});
