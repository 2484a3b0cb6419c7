// 店舗のページの点検: small checks of accessibility and markup. Runs in the page; answers a list of sentences.
() => {
  const found = [];
  const seen = (e) => { const box = e.getBoundingClientRect(); return box.width > 0 && box.height > 0 && getComputedStyle(e).visibility !== "hidden" && !e.closest("[hidden], details:not([open]) > :not(summary)"); };
  const name = (e) => `${e.tagName.toLowerCase()}${e.id ? "#" + e.id : ""}${e.className && e.className.baseVal === undefined ? "." + String(e.className).split(" ")[0] : ""}「${(e.textContent || e.value || "").trim().slice(0, 20)}」`;
  const words = (e) => (e.getAttribute("aria-label") || e.textContent || e.getAttribute("title") || [...e.querySelectorAll("img")].map((i) => i.alt).join("")).trim();
  if (document.documentElement.lang !== "ja") found.push("html に lang=ja がありません");
  for (const tag of ["header", "main", "footer"]) if (!document.querySelector(tag)) found.push(`${tag} がありません`);
  if (document.querySelectorAll("main").length > 1) found.push("main が2つあります");
  if (!document.title.trim()) found.push("title が空です");
  const skip = document.querySelector("a[href='#main']");
  if (!skip || document.body.querySelector("a, button, input") !== skip) found.push("最初のリンクが本文への移動ではありません");
  const heads = [...document.querySelectorAll("h1, h2, h3, h4")].filter(seen);
  if (heads.filter((h) => h.tagName === "H1").length !== 1) found.push(`h1 が ${heads.filter((h) => h.tagName === "H1").length} 個です`);
  const inMain = heads.filter((h) => h.closest("main"));
  inMain.forEach((h, at) => { if (at && +h.tagName[1] > +inMain[at - 1].tagName[1] + 1) found.push(`見出しの段が飛んでいます: ${name(h)}`); });
  for (const image of document.querySelectorAll("img")) {
    if (!image.hasAttribute("alt")) found.push(`alt がありません: ${image.src}`);
    if (!image.getAttribute("width") || !image.getAttribute("height")) found.push(`画像の幅と高さがありません: ${image.src}`);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!(field.labels && field.labels.length) && !field.getAttribute("aria-label") && !field.getAttribute("aria-labelledby")) found.push(`ラベルがありません: ${name(field)} ${field.name}`);
    for (const id of (field.getAttribute("aria-describedby") || "").split(" ").filter(Boolean)) if (!document.getElementById(id)) found.push(`aria-describedby の先がありません: ${id}`);
  }
  for (const one of document.querySelectorAll("a[href], button")) if (seen(one) && !words(one) && !one.closest("[aria-hidden=true]")) found.push(`名前のないリンク・ボタン: ${one.outerHTML.slice(0, 80)}`);
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) found.push(`id が重なっています: ${id}`);
  for (const one of document.querySelectorAll("[style], [onclick], [onchange], [onsubmit]")) found.push(`要素に style か on… があります: ${name(one)}`);
  for (const one of document.querySelectorAll("main a[href], main button, main input:not([type=hidden]), main select, header a[href], header summary")) {
    if (!seen(one) || getComputedStyle(one).display === "inline" || one.closest("[aria-hidden=true]")) continue;
    let box = one.getBoundingClientRect();
    if (one.labels && one.labels[0]) { const label = one.labels[0].getBoundingClientRect(); if (label.height > box.height) box = label; }
    if (box.width < 24 || box.height < 24) found.push(`押す所が 24px より小さい（${Math.round(box.width)}×${Math.round(box.height)}）: ${name(one)}`);
  }
  const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); return [m[0], m[1], m[2], m[3] === undefined ? 1 : m[3]]; };
  const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = (e) => { for (let one = e; one; one = one.parentElement) { const c = parse(getComputedStyle(one).backgroundColor); if (c[3] > .95) return c; if (getComputedStyle(one).backgroundImage !== "none") return null; } return [255, 255, 255, 1]; };
  const poor = new Set();
  for (const one of document.querySelectorAll("body *")) {
    if (![...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || !seen(one) || one.closest("[aria-hidden=true], script, style, :disabled")) continue;
    const style = getComputedStyle(one), back = ground(one), front = parse(style.color);
    if (!back || front[3] < 1) continue;
    const [high, low] = [light(front), light(back)].sort((a, b) => b - a), ratio = (high + .05) / (low + .05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && +style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) poor.add(`コントラストが ${ratio.toFixed(1)}: ${name(one)}`);
  }
  found.push(...[...poor].slice(0, 10));
  if (document.documentElement.scrollWidth > innerWidth) found.push(`横にはみ出しています（${document.documentElement.scrollWidth} > ${innerWidth}）`);
  return found;
}
