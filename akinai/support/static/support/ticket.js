// 閲覧中の合図: the page says whether somebody is writing, and which letter was seen last.
const here = document.querySelector("[data-here]");
const form = document.querySelector("[data-reply-form]");
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target !== here) return;
  const text = form?.querySelector("[data-reply]");
  event.detail.parameters.writing = text && text.value.trim() && document.activeElement === text ? "1" : "0";
  event.detail.parameters.seen = form?.querySelector("[name=seen]")?.value ?? "";
});

// 定型文とマクロ: the macro uses the order that is chosen beside the letter; the chooser is ready for the next letter.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "letter-text") return;
  const chooser = document.querySelector("[data-letter]");
  if (chooser) chooser.value = "";
  document.querySelector("[data-reply]")?.focus();
});
document.querySelector("[data-macro-form]")?.addEventListener("submit", (event) => {
  event.target.elements.order.value = form?.elements.order?.value ?? "";
}, true);

// Ctrl+Enter sends, as in every mail program.
form?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.querySelector("[data-send]").click();
});
