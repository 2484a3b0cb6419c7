// 入荷の読み取り: each scan adds one piece to its line, or starts a new line. Nothing is sent until the form is.
const field = document.querySelector("input[data-scan][data-lines]");
const lines = field && document.getElementById(field.dataset.lines);

function counted(text, code) {
  const rows = text.split("\n").filter((row) => row.trim());
  const at = rows.findIndex((row) => row.trim().split(/\s+/)[0].toUpperCase() === code.toUpperCase());
  if (at < 0) return [...rows, `${code}\t1`].join("\n") + "\n";
  const [name, pieces = "1", ...rest] = rows[at].trim().split(/\s+/);
  rows[at] = [name, Number(pieces) + 1, ...rest].join("\t");
  return rows.join("\n") + "\n";
}
field?.addEventListener("scan", (event) => {
  event.preventDefault();
  lines.value = counted(lines.value, event.detail.code.trim());
  lines.dispatchEvent(new Event("input", { bubbles: true }));
  field.value = "";
  field.focus();
});
