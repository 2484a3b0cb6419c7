// 表で編集: arrows and Enter walk, Excel's clipboard fills cells, Ctrl+D copies from above, Esc takes back.
const table = document.querySelector("[data-grid]");
const form = table.closest("form");
const told = document.querySelector("[data-changed]");
const cells = () => [...table.querySelectorAll("input[data-was]")];
const place = (field) => [field.closest("tr").rowIndex, field.closest("td").cellIndex];
const at = (row, column) => table.rows[row]?.cells[column]?.querySelector("input[data-was]");

function below(field, step) {
  const [row, column] = place(field);
  for (let next = row + step; next > 0 && next < table.rows.length; next += step) {
    const found = at(next, column);
    if (found) return found;
  }
  return null;
}
function go(field) { if (field) { field.focus(); field.select(); } }

// Amounts show commas while nobody types in them (forms.js); they are no change.
const text = (field) => (field.dataset.yen === undefined ? field.value.trim() : field.value.trim().replaceAll(",", ""));
function mark(field) { field.closest("td").classList.toggle("is-changed", text(field) !== field.dataset.was); }
function count() {
  const changed = cells().filter((field) => text(field) !== field.dataset.was);
  told.textContent = changed.length ? `${changed.length} か所を変えました` : "";
}
function put(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
table.addEventListener("input", (event) => { if (event.target.dataset.was !== undefined) { mark(event.target); count(); } });

table.addEventListener("keydown", (event) => {
  const field = event.target;
  if (field.dataset.was === undefined || event.isComposing) return;
  if (event.key === "Enter") { event.preventDefault(); go(below(field, event.shiftKey ? -1 : 1)); }
  else if (event.key === "ArrowDown" && !field.list) { event.preventDefault(); go(below(field, 1)); }
  else if (event.key === "ArrowUp" && !field.list) { event.preventDefault(); go(below(field, -1)); }
  else if (event.key === "Escape") { event.preventDefault(); put(field, field.dataset.was); field.select(); }
  else if (event.key.toLowerCase() === "d" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    const above = below(field, -1);
    if (above) { put(field, above.value); go(below(field, 1) || field); }
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
});
// What Excel puts on the clipboard: rows by line, cells by tab, a cell with a line break or tab in quotes.
function parsed(text) {
  const rows = [[]];
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (const [, quoted, bare, end] of plain.matchAll(/(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))([\t\n]|$)/g)) {
    rows.at(-1).push((quoted === undefined ? bare : quoted.replaceAll('""', '"').replace(/\s*\n\s*/g, " ")).trim());
    if (end === "\n") rows.push([]);
    if (end === "") break;
  }
  return rows;
}
table.addEventListener("paste", (event) => {
  const field = event.target;
  const pasted = event.clipboardData.getData("text/plain");
  if (field.dataset.was === undefined || !/[\t\n]/.test(pasted.trim())) return;
  event.preventDefault();
  const [row, column] = place(field);
  const last = table.rows[0].cells.length;
  let filled = 0, left = 0;
  parsed(pasted).forEach((values, down) => values.forEach((value, right) => {
    const target = column + right < last ? at(row + down, column + right) : null;
    if (target) { put(target, value); filled += 1; } else left += 1;
  }));
  told.textContent += `（${filled} か所に貼り付け${left ? `、${left} か所は表の外か書けない欄` : ""}）`;
});
// Only what was changed is sent, however many rows are shown.
form.addEventListener("submit", () => {
  for (const field of cells()) {
    const same = text(field) === field.dataset.was && !field.closest("td").classList.contains("has-error");
    field.disabled = same;
    field.nextElementSibling.disabled = same;
  }
});
window.addEventListener("pageshow", () => { for (const field of cells()) { field.disabled = false; field.nextElementSibling.disabled = false; mark(field); } count(); });
table.querySelector("[aria-invalid]")?.focus();
