// 返信に入れる: the answer is put where the cursor stands, with an empty line around it, and nothing that was written is lost.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-insert]");
  const box = button && document.querySelector("[data-reply]");
  if (!box) return;
  const words = button.closest(".found-answer").querySelector("[data-answer-text]").innerText.trim();
  const at = box.selectionEnd ?? box.value.length;
  const before = box.value.slice(0, at).trimEnd();
  const after = box.value.slice(at).trimStart();
  const told = (before ? `${before}\n\n` : "") + words;
  box.value = told + (after ? `\n\n${after}` : "\n");
  box.focus();
  box.setSelectionRange(told.length, told.length);
  box.dispatchEvent(new Event("input", { bubbles: true }));
});
