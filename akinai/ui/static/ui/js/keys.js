// キー操作: single keys, ignored while a person types.
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true], dialog[open]");
let waitingForPlace = 0;
const open = (id) => window.dispatchEvent(new CustomEvent("akinai:open", { detail: id }));
const send = (name) => document.dispatchEvent(new CustomEvent(`list:${name}`));

function focusSearch() {
  const field = document.querySelector("[data-list-search]") ?? document.getElementById("global-search");
  field?.focus();
  field?.select();
}
const acts = {
  "/": focusSearch, "?": () => open("help"), j: () => send("next"), k: () => send("previous"), x: () => send("select"),
  X: () => send("select-page"), o: () => send("open"), "]": () => send("next-page"), "[": () => send("previous-page"),
  g: () => { waitingForPlace = Date.now(); },
};
function go(key) {
  const link = document.querySelector(`.nav [data-go="${CSS.escape(key)}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}
// この画面のキー: told by the buttons and fields that bear one.
document.getElementById("help")?.addEventListener("opened", () => {
  const place = document.getElementById("help-here");
  const rows = [...document.querySelectorAll("main [data-key]:not([disabled])")].map((one) => {
    const row = document.createElement("div"), key = document.createElement("dt"), word = document.createElement("dd"), cap = document.createElement("kbd");
    cap.textContent = one.dataset.key;
    word.textContent = one.getAttribute("aria-label") ?? (one.labels?.[0] ?? one).textContent.replace("必須", "").trim();
    key.append(cap);
    row.append(key, word);
    return row;
  });
  place.hidden = !rows.length;
  place.querySelector("dl").replaceChildren(...rows);
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open("palette"); return; }
  if (event.key === "Escape" && typing(event.target)) { event.target.blur?.(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || typing(event.target)) return;
  const place = Date.now() - waitingForPlace < 1500;
  waitingForPlace = 0;
  if (place && go(event.key)) { event.preventDefault(); return; }
  if (event.key === "Enter") { if (event.target === document.body || event.target.id === "main") send("open"); return; }
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
  if (button?.matches("input, select, textarea")) { event.preventDefault(); button.focus(); button.select?.(); return; }
  if (button) { event.preventDefault(); button.click(); return; }
  if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
});
