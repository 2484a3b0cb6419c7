// 補償: only what the chosen kind needs is shown. Without this script everything stands there with its title.
const kind = document.getElementById("id_kind");
const yen = document.getElementById("id_yen")?.closest(".field");
function show() {
  for (const part of document.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== kind.value;
  if (yen) yen.hidden = kind.value === "reship" || kind.value === "coupon";
}
kind?.addEventListener("change", show);
if (kind) show();
