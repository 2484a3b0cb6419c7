// 明細の読み取り: each scan adds one piece to its line, or starts a new line. Nothing is sent until the form is.
// A case counts as its pieces; on a desk with data-lots, goods of another lot get a line of their own.
// Codes are asked one after another, so that a fast reader's pieces all count and stay in order.
const desk = document.querySelector("[data-scan-desk]");
const field = desk?.querySelector("input[data-scan]");
const lines = field && document.getElementById(field.dataset.lines);
const told = desk?.querySelector("[data-scan-told]");
let asked = Promise.resolve();

const first = (row) => row.trim().split(/\t| +/)[0].normalize("NFKC").toUpperCase();

const cells = (row) => row.replace(/^ +|\s+$/g, "").split(row.includes("\t") ? "\t" : / +/);
const LOT = 3;

function counted(text, goods) {
  const codes = goods.codes.map((code) => code.normalize("NFKC").toUpperCase());
  const rows = text.split("\n").filter((row) => row.trim());
  const hasLots = "lots" in desk.dataset, lot = hasLots ? goods.lot : "", inside = goods.pieces ?? 1;
  const sameLot = (row) => !hasLots || (cells(row)[LOT] ?? "").trim() === lot;
  const at = rows.findIndex((row) => codes.includes(first(row)) && sameLot(row));
  if (at < 0) {
    const told = hasLots && (lot || goods.expires_on) ? [goods.code, inside, "", lot, goods.expires_on] : [goods.code, inside];
    return { pieces: inside, text: [...rows, told.join("\t")].join("\n") + "\n" };
  }
  const [name, pieces = "1", ...rest] = cells(rows[at]);
  const more = (Number(pieces.normalize("NFKC").replaceAll(",", "")) || 0) + inside;
  rows[at] = [name, more, ...rest].join("\t");
  return { pieces: more, text: rows.join("\n") + "\n" };
}
function say(text, isBad, url = "", label = "") {
  told.textContent = text;
  told.classList.toggle("is-bad", isBad);
  if (!url) return;
  const way = document.createElement("a");
  way.href = url;
  way.target = "_blank";
  way.textContent = label;
  told.append(" ", way);
}
async function take(code) {
  try {
    const answer = await fetch(`${desk.dataset.scanUrl}?code=${encodeURIComponent(code)}`, { headers: { Accept: "application/json" } });
    const goods = await answer.json();
    if (!answer.ok) return say(goods.message, true, goods.url, goods.label);
    const after = counted(lines.value, goods);
    lines.value = after.text;
    lines.dispatchEvent(new Event("input", { bubbles: true }));
    say([goods.name, goods.lot && `ロット ${goods.lot}`, goods.expires_on && `期限 ${goods.expires_on}`, `${after.pieces} 点`].filter(Boolean).join("　"), false);
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
