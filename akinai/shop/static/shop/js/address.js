// 郵便番号から住所 while somebody types. Without this script the button beside the field does the same.
"use strict";
for (const box of document.querySelectorAll("[data-postal]")) {
  const input = box.querySelector("input");
  const part = box.closest("fieldset");
  const field = (name) => part.querySelector(`[name$="${name}"]`);
  let asked = "";
  input.addEventListener("input", async () => {
    const code = input.value.normalize("NFKC").replace(/[^0-9]/g, "");
    if (code.length !== 7 || code === asked) return;
    asked = code;
    try {
      const answer = await (await fetch(`${box.dataset.postal}?code=${code}`)).json();
      if (code !== asked) return;
      // The focus stays: a Tab that was on its way would jump over 番地.
      box.querySelector("[data-postal-said]").textContent = answer.towns.length ? "住所を入れました。続けて番地をご入力ください。" : "この郵便番号の住所が見つかりません。ご住所をそのままご入力ください。";
      if (!answer.towns.length) return;
      field("prefecture").value = answer.towns[0].prefecture;
      field("city").value = answer.towns[0].city;
    } catch { /* the button is still there */ }
  });
}
