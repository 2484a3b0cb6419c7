// 郵便番号 → 住所: fills prefecture and city of the same form part; what a person typed differently stays.
const part = (input, name) => document.getElementById(input.id.replace(/postal_code$/, name));
export async function fillAddress(input) {
  const code = input.value.normalize("NFKC").replace(/\D/g, "");
  if (code.length !== 7) return;
  const answer = await fetch(`${input.dataset.postal}?code=${code}`).catch(() => null);
  if (!answer?.ok) return;
  const { code: formatted, towns } = await answer.json();
  if (!towns.length) return;
  input.value = formatted;
  const prefecture = part(input, "prefecture");
  const city = part(input, "city");
  if (!prefecture.value || prefecture.dataset.filled) { prefecture.value = towns[0].prefecture; prefecture.dataset.filled = "1"; }
  if (!city.value || city.dataset.filled === city.value) { city.value = towns[0].city; city.dataset.filled = city.value; }
  if (document.activeElement === input || document.activeElement === prefecture) part(input, "line1")?.focus();
}
for (const input of document.querySelectorAll("[data-postal]")) {
  input.addEventListener("input", () => { if (input.value.normalize("NFKC").replace(/\D/g, "").length === 7) fillAddress(input); });
  input.addEventListener("change", () => fillAddress(input));
}
