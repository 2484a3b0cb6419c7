// 出荷指示: a PDF opens in a tab of its own; when the clerk comes back, the steps tell it. A fresh label file is saved at once.
let printed = false;
for (const form of document.querySelectorAll('form[target="_blank"]')) {
  form.addEventListener("submit", () => { printed = true; });
}
document.addEventListener("visibilitychange", () => {
  if (printed && document.visibilityState === "visible") location.reload();
});

const fresh = document.querySelector("a[data-save]");
if (fresh) {
  history.replaceState(null, "", location.pathname); // a reload must not save it once more
  fresh.click();
}
