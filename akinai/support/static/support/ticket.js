// 閲覧中の合図: the page says whether somebody is writing, and which letter was seen last.
const here = document.querySelector("[data-here]");
const form = document.querySelector("[data-reply-form]");
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target !== here) return;
  const text = form?.querySelector("[data-reply]");
  event.detail.parameters.writing = text && text.value.trim() && document.activeElement === text ? "1" : "0";
  event.detail.parameters.seen = form?.querySelector("[name=seen]")?.value ?? "";
});
