// The phone number that is being typed names the caller; the form's own hidden field gives way to the choice.
const hidden = document.querySelector("input[type=hidden][name=customer]");
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.matches("[data-caller]") && hidden) hidden.disabled = Boolean(event.target.querySelector("[name=customer]"));
});
