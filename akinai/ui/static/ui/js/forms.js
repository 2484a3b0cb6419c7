// 入力: sent once, not lost by accident, files dropped in.
document.documentElement.classList.add("js");
const dirty = new WeakSet();
let unsaved = null;

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) { dirty.add(form); unsaved = form; }
});
window.addEventListener("beforeunload", (event) => {
  if (unsaved?.isConnected && dirty.has(unsaved)) event.preventDefault();
});

// The pressed button turns; a second press does nothing. Back from the cache it works again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  dirty.delete(form);
  const button = event.submitter;
  form.dataset.sent = "1";
  // After this turn, so that the button's own name and value are still sent.
  setTimeout(() => button?.classList.add("is-busy"));
  // A file as the answer leaves the page where it is.
  setTimeout(() => wake(form), 8000);
});
const wake = (form) => { delete form.dataset.sent; document.querySelectorAll(".is-busy").forEach((one) => one.classList.remove("is-busy")); };
window.addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(wake); });
document.addEventListener("htmx:afterRequest", (event) => { const form = event.target.closest?.("form"); if (form) wake(form); });

document.querySelector("[data-focus]")?.focus();

// Full-width digits become plain ones when the field is left, so that the clerk sees what will be read.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("input.amount")) return;
  field.value = field.value.normalize("NFKC").replace(/[¥\\円,\s]/g, "").replace(/^[▲△−ー]/, "-");
});

// 金額: 12,340 while nobody types, 12340 while somebody does.
const plainYen = (field) => { if (/^-?[\d,]+$/.test(field.value)) field.value = field.value.replaceAll(",", ""); };
function groupYen(field) {
  if (field === document.activeElement || !/^-?\d{4,15}$/.test(field.value)) return;
  field.value = field.value.replace(/\B(?=(\d{3})+$)/g, ",");
}
const groupAll = (root) => root.querySelectorAll?.("input[data-yen]").forEach(groupYen);
document.addEventListener("focusin", (event) => {
  if (!event.target.matches?.("input[data-yen]") || !event.target.value.includes(",")) return;
  plainYen(event.target);
  event.target.select();
});
// After every other script has read the plain digits.
document.addEventListener("focusout", (event) => { if (event.target.matches?.("input[data-yen]")) setTimeout(() => groupYen(event.target)); });
document.addEventListener("htmx:load", (event) => groupAll(event.target));
groupAll(document);

// ファイルの受け皿
const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3)).toLocaleString("ja-JP")} KB` : `${(bytes / 1e6).toFixed(1)} MB`);
function tell(zone) {
  const list = zone.querySelector(".dropzone-files"), input = zone.querySelector("input[type=file]");
  list.replaceChildren(...[...input.files].map((file) => {
    const line = document.createElement("li"), note = document.createElement("small");
    note.textContent = size(file.size);
    line.append(file.name, note);
    return line;
  }));
}
document.querySelectorAll("[data-dropzone]").forEach((zone) => {
  const input = zone.querySelector("input[type=file]");
  input.addEventListener("change", () => tell(zone));
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("is-over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    const all = new DataTransfer(), many = input.multiple;
    [...(many ? input.files : []), ...event.dataTransfer.files].slice(0, many ? undefined : 1).forEach((file) => all.items.add(file));
    input.files = all.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
// A file dropped beside the field must not replace the page.
if (document.querySelector("[data-dropzone]")) ["dragover", "drop"].forEach((name) => window.addEventListener(name, (event) => event.preventDefault()));
