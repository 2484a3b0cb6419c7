// The phone number that is being typed names the caller; the form's own hidden field gives way to the choice.
const hidden = document.querySelector("input[type=hidden][name=customer]");
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.matches("[data-caller]") && hidden) hidden.disabled = Boolean(event.target.querySelector("[name=customer]"));
});

// 折り返し: the usual promises by one press.
const two = (number) => String(number).padStart(2, "0");
document.querySelector(".call-soon")?.addEventListener("click", (event) => {
  const button = event.target.closest("button"), field = document.getElementById(event.currentTarget.dataset.for);
  if (!button || !field) return;
  const at = new Date(Date.now() + Number(button.dataset.in ?? 0) * 60000);
  const [hours, minutes] = button.dataset.at?.split(":") ?? [two(at.getHours()), two(at.getMinutes())];
  field.value = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${hours}:${minutes}`;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

// Ctrl+Enter keeps the memo, wherever the cursor stands.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) document.querySelector(".form-foot .primary")?.click();
});
