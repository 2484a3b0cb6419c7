// 折り返しまでの残り: counted down while the page is open.
function words(until) {
  const minutes = Math.floor((new Date(until) - Date.now()) / 60000);
  const span = Math.abs(minutes);
  const told = span >= 1440 ? `${Math.floor(span / 1440)}日` : span >= 60 ? `${Math.floor(span / 60)}時間${span % 60}分` : `${span}分`;
  return [minutes < 0 ? `${told} 超過` : `あと ${told}`, minutes < 0 ? "bad" : minutes < 60 ? "warn" : minutes < 240 ? "info" : ""];
}
function tick() {
  for (const one of document.querySelectorAll("[data-until]")) {
    const [told, tone] = words(one.dataset.until);
    one.textContent = told;
    one.dataset.tone = tone;
  }
}
tick();
setInterval(tick, 20000);
document.addEventListener("htmx:afterSettle", tick);
