// 差額: sums follow the amounts while they are typed. The server computes them again.
const yen = (text) => Number(text.normalize("NFKC").replace(/[¥\\円,\s]/g, "")) || 0;
const shown = (value) => (value < 0 ? "▲" : "") + "¥" + Math.abs(value).toLocaleString("ja-JP");

function count(form) {
  const amounts = [...form.querySelectorAll("[data-amount]")];
  const taken = amounts.reduce((sum, field) => sum + yen(field.value), 0);
  const total = form.querySelector("[data-taken]");
  if (total) total.textContent = shown(taken);
  if (!form.dataset.left) return;
  const rest = Number(form.dataset.left) - taken;
  const short = amounts.reduce((sum, field) => sum + Math.max(0, Number(field.closest("tr").querySelector("[data-owed]").dataset.owed) - yen(field.value)), 0);
  form.querySelector("[data-rest]").textContent = (rest > 0 ? "+" : "") + shown(rest).replace("¥", "");
  form.querySelector("[data-short]").textContent = shown(short);
  form.querySelector("[data-rest-row]").classList.toggle("is-wrong", rest < 0);
  form.querySelectorAll("[data-if-rest]").forEach((one) => { one.hidden = rest <= 0; });
  form.querySelectorAll("[data-if-short]").forEach((one) => { one.hidden = short <= 0; });
  form.querySelector("[data-match]").disabled = rest < 0;
}
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-amount]")) count(event.target.form);
});
// What was typed before this file had arrived counts too.
new Set([...document.querySelectorAll("[data-amount]")].map((field) => field.form)).forEach(count);
