// 近い答え: they come while somebody writes, and what was opened is counted. Without this script the form asks in a step of its own.
(() => {
  const place = document.querySelector("[data-answers]");
  const box = place && document.getElementById(place.dataset.for);
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  function send(url, fields) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token(), ...fields });
    return fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin", keepalive: true });
  }

  let timer = 0;
  let last = "";
  async function look() {
    const text = box.value.trim();
    if (text.length < 8 || text === last || place.querySelector("details[open]")) return;
    last = text;
    const answer = await send(place.dataset.answers, { text }).catch(() => null);
    if (answer?.status === 200) place.innerHTML = await answer.text();
  }
  box?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 600);
  });

  const hit = (number, kind, from) => send("/faq/hit/", { hit: `${number}:${kind}`, place: from }).catch(() => null);
  document.addEventListener(
    "toggle",
    (event) => {
      const one = event.target;
      const from = one.closest?.("[data-answers-found]");
      if (from && one.open && one.dataset.number) hit(one.dataset.number, "opened", from.dataset.place);
    },
    true,
  );
  const page = document.querySelector("[data-open]");
  if (page) hit(page.dataset.number, "opened", "faq");
})();
