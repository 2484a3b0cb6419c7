// The frame: theme, menu, drop-downs, toasts, confirmation, badges. Works with the page as it came from the server.
const root = document.documentElement;
root.classList.add("js");
const year = 60 * 60 * 24 * 365;
const remember = (name, value) => { document.cookie = `${name}=${value};path=/;max-age=${value ? year : 0};samesite=lax`; };

// 明るさ: press to turn to the other one.
document.querySelector("[data-theme-toggle]")?.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  remember("theme", root.dataset.theme);
});

// メニュー: width on the desk, drawer on the phone.
const nav = document.getElementById("nav");
document.querySelector("[data-fold]")?.addEventListener("click", () => {
  remember("nav", document.body.classList.toggle("nav-narrow") ? "narrow" : "");
});
nav?.addEventListener("toggle", () => {
  const folded = [...nav.querySelectorAll("[data-section]:not([open])")].map((one) => one.dataset.section);
  remember("folded", folded.join(".") || "none");
}, true);
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href="#nav"], .nav-close, .nav-veil');
  if (!link || !nav) return;
  event.preventDefault();
  const open = link.getAttribute("href") === "#nav";
  nav.classList.toggle("is-open", open);
  if (open) nav.querySelector("a[aria-current], .nav-section a")?.focus();
});

// Drop-downs: one at a time, closed by a press elsewhere or Escape.
const closeMenus = (except) => document.querySelectorAll("details.menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  nav?.classList.remove("is-open");
  const open = document.querySelector("details.menu[open]");
  if (open) { closeMenus(); open.querySelector("summary").focus(); }
});
// A drop-down never leaves the window.
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details.menu") || !menu.open) return;
  const list = menu.querySelector(".menu-list");
  menu.classList.remove("end-now");
  if (list.getBoundingClientRect().right > innerWidth - 8) { list.style.left = "auto"; list.style.right = "0"; }
}, true);

// Dialogs
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) openDialog(opener.dataset.open);
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  if (event.target.matches("dialog[open]")) event.target.close();
});
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("opened"));
}
window.addEventListener("akinai:open", (event) => openDialog(event.detail));

// 通知
const toasts = document.getElementById("toasts");
export function toast({ message, level = "info", way_out: wayOut = "" }) {
  const made = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  made.dataset.level = level;
  made.querySelector("p").textContent = wayOut ? `${message}\n${wayOut}` : message;
  if (level === "error") made.setAttribute("role", "alert");
  toasts.append(made);
  leaveLater(made);
}
const leave = (shown) => { shown.classList.add("is-leaving"); setTimeout(() => shown.remove(), 220); };
// Errors stay until they are read.
function leaveLater(shown) {
  const seconds = { success: 5, info: 6, warning: 12 }[shown.dataset.level];
  if (seconds) setTimeout(() => leave(shown), seconds * 1000);
}
toasts?.querySelectorAll(".toast").forEach(leaveLater);
toasts?.addEventListener("click", (event) => { if (event.target.closest("[data-dismiss]")) leave(event.target.closest(".toast")); });
document.body.addEventListener("toast", (event) => {
  const told = event.detail.messages ?? (event.detail.value ? [].concat(event.detail.value) : [event.detail]);
  told.forEach((one) => toast(typeof one === "string" ? { message: one } : one));
});
document.body.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Trigger")) return;
  const status = event.detail.xhr.status;
  const message = status === 403 ? "この操作の権限がありません。" : "画面を読み込めませんでした。開き直してください。";
  toast({ message, level: "error" });
});
document.body.addEventListener("htmx:sendError", () => toast({ message: "サーバーにつながりません。通信を確かめてください。", level: "error" }));

// 確認: data-confirm on a form or on the button that submits it. The second submit carries the same button.
const confirmDialog = document.getElementById("confirm");
document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  const asks = [button, form].find((one) => one?.dataset.confirm);
  if (!asks || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(asks, form).then((yes) => {
    if (!yes) return;
    form.dataset.confirmed = "1";
    form.requestSubmit(button ?? undefined);
    delete form.dataset.confirmed;
  });
}, true);
function ask(asks, form) {
  const count = form.dataset.count ?? "";
  document.getElementById("confirm-text").textContent = asks.dataset.confirm.replaceAll("{count}", count);
  confirmDialog.querySelector("[data-yes]").textContent = asks.dataset.confirmLabel || "実行する";
  confirmDialog.dataset.tone = asks.dataset.confirmTone ?? "";
  confirmDialog.showModal();
  return new Promise((answer) => {
    const yes = confirmDialog.querySelector("[data-yes]");
    // What cannot be undone should not happen by a stray Enter.
    (asks.dataset.confirmTone === "bad" ? confirmDialog.querySelector("[data-close]") : yes).focus();
    yes.onclick = () => { answer(true); confirmDialog.close(); };
    confirmDialog.onclose = () => answer(false);
  });
}

// メニューの件数: after the page, then once a minute while it is looked at.
const badges = [...document.querySelectorAll("[data-badge]")];
async function fillBadges() {
  if (document.hidden) return;
  const answer = await fetch("/office/ui/badges/", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const values = await answer.json();
  for (const badge of badges) {
    const value = values[badge.dataset.badge];
    badge.hidden = !value;
    badge.textContent = typeof value === "number" && value > 999 ? "999+" : value ?? "";
  }
}
if (badges.length) { fillBadges(); setInterval(fillBadges, 60_000); }
