// 移動と検索 (Ctrl+K): the server answers, arrows choose, Enter opens.
const dialog = document.getElementById("palette");
const input = document.getElementById("palette-input");
const list = document.getElementById("palette-list");
const options = () => [...list.querySelectorAll("a")];
const mark = (next) => {
  options().forEach((option) => { option.classList.toggle("is-here", option === next); option.setAttribute("aria-selected", option === next); });
  next?.scrollIntoView({ block: "nearest" });
};
dialog?.addEventListener("opened", () => { input.value = ""; window.htmx?.trigger(input, "open"); });
list?.addEventListener("htmx:afterSwap", () => mark(options()[0]));
input?.addEventListener("keydown", (event) => {
  const all = options(), at = all.findIndex((option) => option.classList.contains("is-here"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
  } else if (event.key === "Enter" && !event.isComposing && all[at]) {
    event.preventDefault();
    location.assign(all[at].href);
  }
});
