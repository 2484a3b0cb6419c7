// 項目を本文に入れる: a press puts the field where the cursor stands.
const place = document.querySelector("[data-insert]");
place?.addEventListener("click", (event) => {
  const name = event.target.closest("[data-field]")?.dataset.field;
  const text = document.querySelector(place.dataset.insert);
  if (!name || !text) return;
  text.setRangeText(`{${name}}`, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
});
