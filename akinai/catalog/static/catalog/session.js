// 登録にかかった時間: seconds in which hands were at work on the form; pauses of over a minute and hidden pages don't count.
const field = document.querySelector("[data-active]");
const PAUSE = 60_000;
let last = Date.now(), worked = Number(field.value) * 1000;
const touch = () => {
  const now = Date.now();
  if (now - last < PAUSE) worked += now - last;
  last = now;
};
for (const name of ["keydown", "pointerdown", "input", "wheel"]) document.addEventListener(name, touch, { passive: true });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") last = Date.now(); else touch(); });
field.form.addEventListener("submit", () => { touch(); field.value = Math.max(1, Math.round(worked / 1000)); });
