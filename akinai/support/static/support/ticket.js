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

// 書きかけ: every other act of the page draws it anew, so what is being written stays in this tab until it is sent or thrown away.
const box = form?.querySelector("[data-reply]");
const place = form && `reply:${form.dataset.draft}`;
function tellKept() {
  const line = document.createElement("p"), drop = document.createElement("button");
  line.className = "muted draft-told";
  line.textContent = "書きかけを戻しました。";
  drop.type = "button";
  drop.className = "button small quiet";
  drop.textContent = "捨てる";
  drop.addEventListener("click", () => { sessionStorage.removeItem(place); box.value = box.defaultValue; line.remove(); box.focus(); });
  line.append(drop);
  form.querySelector("#letter-text").after(line);
}
if (box) {
  const kept = sessionStorage.getItem(place);
  if (kept && !box.value.includes(kept)) {
    box.value = box.value.trim() ? `${kept.trimEnd()}\n\n${box.value}` : kept;
    tellKept();
  }
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[data-reply]")) return;
    if (event.target.value.trim()) sessionStorage.setItem(place, event.target.value);
    else sessionStorage.removeItem(place);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const text = event.target.id === "letter-text" ? event.target.querySelector("[data-reply]")?.value : "";
    if (text) sessionStorage.setItem(place, text);
  });
  // What is refused comes back in the box itself.
  form.addEventListener("submit", () => sessionStorage.removeItem(place));
}

// 取り消せる残り: the letter waits some seconds, and the page says how long.
const letters = [...document.querySelectorAll("[data-leaves]")];
function leave() {
  for (const one of letters) {
    const left = Math.ceil((new Date(one.dataset.leaves) - Date.now()) / 1000);
    one.textContent = left > 0 ? `あと ${left} 秒で送ります` : "まもなく送ります";
  }
}
if (letters.length) { leave(); setInterval(leave, 1000); }
