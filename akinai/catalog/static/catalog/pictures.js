// 商品画像: grab a picture and put it where it belongs; the order is kept as soon as it is let go.
const list = document.querySelector("[data-pictures]");
const items = () => [...list.querySelectorAll("[data-image]")];
let held = null, before = "";
const order = () => items().map((item) => item.dataset.image).join(",");

async function keep() {
  const body = new URLSearchParams({ order: order() });
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const answer = await fetch(list.dataset.orderUrl, { method: "POST", body, headers: { "X-CSRFToken": token } });
  // The page knows best: counters, the first picture, and what somebody else did meanwhile.
  location.assign(answer.url || location.href);
}
if (list && items().length > 1) {
  for (const item of items()) item.draggable = true;
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-image]");
    before = order();
    event.dataTransfer.effectAllowed = "move";
    held?.classList.add("is-held");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-image]");
    if (!held || !over) return;
    event.preventDefault();
    if (over === held) return;
    const box = over.getBoundingClientRect();
    over[event.clientX < box.left + box.width / 2 ? "before" : "after"](held);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    held?.classList.remove("is-held");
    held = null;
    if (order() !== before) keep();
  });
}
