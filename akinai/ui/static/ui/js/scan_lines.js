// 明細の読み取り: each scan adds one piece to its line, or starts a new line. Nothing is sent until the form is.
// Codes are asked one after another, so that a fast reader's pieces all count and stay in order.
const desk = document.querySelector("[data-scan-desk]");
const field = desk?.querySelector("input[data-scan]");
const lines = field && document.getElementById(field.dataset.lines);
const told = desk?.querySelector("[data-scan-told]");
let asked = Promise.resolve();

const first = (row) => row.trim().split(/\t| +/)[0].normalize("NFKC").toUpperCase();

function counted(text, goods) {
  const codes = goods.codes.map((code) => code.normalize("NFKC").toUpperCase());
  const rows = text.split("\n").filter((row) => row.trim());
  const at = rows.findIndex((row) => codes.includes(first(row)));
  if (at < 0) return { pieces: 1, text: [...rows, `${goods.code}\t1`].join("\n") + "\n" };
  const [name, pieces = "1", ...rest] = rows[at].trim().split(rows[at].includes("\t") ? "\t" : /\s+/);
  const more = (Number(pieces.normalize("NFKC").replaceAll(",", "")) || 0) + 1;
  rows[at] = [name, more, ...rest].join("\t");
  return { pieces: more, text: rows.join("\n") + "\n" };
}
function say(text, isBad) {
  told.textContent = text;
  told.classList.toggle("is-bad", isBad);
}
async function take(code) {
  try {
    const answer = await fetch(`${desk.dataset.scanUrl}?code=${encodeURIComponent(code)}`, { headers: { Accept: "application/json" } });
    const goods = await answer.json();
    if (!answer.ok) return say(goods.message, true);
    const after = counted(lines.value, goods);
    lines.value = after.text;
    lines.dispatchEvent(new Event("input", { bubbles: true }));
    say(`${goods.name}　${after.pieces} 点`, false);
  } catch {
    say(`「${code}」を照会できませんでした。通信を確かめて、もう一度読み取ってください。`, true);
  }
}
field?.addEventListener("scan", (event) => {
  event.preventDefault();
  const code = event.detail.code.trim();
  field.value = "";
  field.focus();
  asked = asked.then(() => take(code));
});
