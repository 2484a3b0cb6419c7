// 郵便番号 → 住所: fills prefecture and city of the same form part; what a person typed differently stays.
const part = (input, name) => document.getElementById(input.id.replace(/postal_code$/, name));
async function fill(input) {
  if (input.value.replace(/\D/g, "").length < 7 && !/[０-９]{3}/.test(input.value)) return;
  const answer = await fetch(`${input.dataset.postal}?code=${encodeURIComponent(input.value)}`);
  if (!answer.ok) return;
  const { code, towns } = await answer.json();
  if (!towns.length) return;
  input.value = code;
  const prefecture = part(input, "prefecture");
  const city = part(input, "city");
  if (!prefecture.value || prefecture.dataset.filled) { prefecture.value = towns[0].prefecture; prefecture.dataset.filled = "1"; }
  if (!city.value || city.dataset.filled === city.value) { city.value = towns[0].city; city.dataset.filled = city.value; }
}
for (const input of document.querySelectorAll("[data-postal]")) input.addEventListener("change", () => fill(input));
