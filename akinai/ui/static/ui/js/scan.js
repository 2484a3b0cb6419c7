// バーコード: a reader types fast and ends with Enter. What it reads lands in the data-scan field, wherever the focus is.
const field = document.querySelector("input[data-scan]");
const FAST = 45, SHORTEST = 4;
let keys = "", since = 0;

// FNC1 of a GS1 label comes as GS, which keyboards send as Ctrl+].
const GS = "\x1d";
const isGs = (event) => event.ctrlKey && (event.key === "]" || event.key === GS);

function take(code) {
  field.value = code;
  const told = new CustomEvent("scan", { bubbles: true, cancelable: true, detail: { code } });
  if (field.dispatchEvent(told)) field.form?.requestSubmit();
}
if (field) {
  field.focus();
  document.addEventListener("keydown", (event) => {
    if (event.target === field) {
      if (isGs(event)) { event.preventDefault(); field.setRangeText(GS, field.selectionStart, field.selectionEnd, "end"); }
      if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); if (field.value.trim()) take(field.value.trim()); }
      return;
    }
    const now = performance.now();
    if (now - since > FAST) keys = "";
    since = now;
    if (event.key === "Enter" && keys.length >= SHORTEST) {
      event.preventDefault();
      event.stopImmediatePropagation();
      take(keys);
      keys = "";
    } else if (isGs(event)) {
      event.preventDefault();
      keys += GS;
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) keys += event.key;
  }, true);
}
