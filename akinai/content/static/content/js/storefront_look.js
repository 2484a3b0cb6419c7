// 店舗の下見: the frame beside the form shows the shop with what is typed, before anything is kept.
const box = document.querySelector("[data-look]");
const form = document.querySelector("form[data-guard]");
const frame = box.querySelector("iframe");
const stage = box.querySelector("[data-look-stage]");
const refusal = box.querySelector("[data-look-refusal]");
const shown = box.dataset.fields.split(" ");
const WIDTHS = { narrow: 390, wide: 1280 };
let waiting = 0, asked = 0;

async function refresh() {
  const turn = ++asked;
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", ...shown]) body.append(name, form.elements[name]?.value ?? "");
  const answer = await fetch(box.dataset.address, { method: "POST", body }).catch(() => null);
  if (turn !== asked) return;
  if (!answer?.ok) { refusal.textContent = "下見を新しくできませんでした。通信を確かめて、もう一度入力してください。"; refusal.hidden = false; return; }
  const told = await answer.json();
  refusal.textContent = told.refusal;
  refusal.hidden = !told.refusal;
  frame.contentWindow.location.replace(told.address);
}
function soon() { clearTimeout(waiting); waiting = setTimeout(refresh, 400); }
form.addEventListener("input", (event) => { if (shown.includes(event.target.name)) soon(); });

function fit() {
  const width = WIDTHS[box.querySelector("[name=look_width]:checked").value];
  const scale = Math.min(1, stage.clientWidth / width);
  frame.style.width = `${width}px`;
  frame.style.scale = `${scale}`;
  frame.style.height = `${stage.clientHeight / scale * 3}px`;
  frame.style.marginBottom = `${stage.clientHeight * 3 * (1 - 1 / scale)}px`;
}
box.addEventListener("change", (event) => { if (event.target.name === "look_width") { stage.scrollTop = 0; fit(); } });
box.addEventListener("toggle", fit);
new ResizeObserver(fit).observe(stage);
box.querySelector("[data-look-widths]").hidden = false;
if (matchMedia("(min-width: 1180px)").matches) box.open = true;
if (form.querySelector(".error")) refresh();
