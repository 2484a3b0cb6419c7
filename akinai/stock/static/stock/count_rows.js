// 数を読み取りで足す: each scan adds one piece to the field of its row. Nothing is sent until the form is.
const desk = document.querySelector("[data-count-desk]");
const told = desk?.querySelector("[data-scan-told]");
const rows = [...(desk?.querySelectorAll("[data-codes]") ?? [])];

const folded = (text) => text.normalize("NFKC").trim().toUpperCase();
const field = (row) => row.querySelector("input");

function judge(row) {
  const { value, dataset } = field(row);
  row.classList.toggle("is-right", value !== "" && value === dataset.expected);
  row.classList.toggle("is-other", value !== "" && value !== dataset.expected);
}
function say(text, isBad) {
  told.textContent = text;
  told.classList.toggle("is-bad", isBad);
}
function take(code) {
  const row = rows.find((one) => one.dataset.codes.split(" ").filter(Boolean).some((mine) => folded(mine) === folded(code)));
  if (!row) return say(`「${code}」はこの伝票にありません。別にして確かめてください。`, true);
  const input = field(row);
  input.value = (Number(input.value.normalize("NFKC").replaceAll(",", "")) || 0) + 1;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  for (const one of rows) one.classList.toggle("is-last", one === row);
  row.scrollIntoView({ block: "center" });
  say(`${code}　${input.value} 点`, false);
}
desk?.addEventListener("input", (event) => {
  const row = event.target.closest("[data-codes]");
  if (row) judge(row);
});
desk?.querySelector("[data-fill-all]")?.addEventListener("click", () => {
  for (const row of rows) {
    field(row).value = field(row).dataset.expected;
    judge(row);
  }
});
desk?.querySelector("[data-scan]")?.addEventListener("scan", (event) => {
  event.preventDefault();
  event.target.value = "";
  take(event.detail.code.trim());
});
