// 動画: plays on a press, jumps to chapters, and counts one play. Nothing of another service is loaded before the press.
(() => {
  const player = document.getElementById("film");
  if (!player) return;
  const count = (address) => { if (address) navigator.sendBeacon(address); };
  const embed = (from, second) => {
    const frame = document.createElement("iframe");
    const address = second ? from.dataset.embed.replace(/([?&]start=)\d+|(#t=)\d+s/, (_all, start, mark) => (start ? `${start}${second}` : `${mark}${second}s`)) : from.dataset.embed;
    Object.assign(frame, { className: "s-player", id: "film", src: address, title: from.dataset.title, referrerPolicy: "strict-origin-when-cross-origin", allowFullscreen: true });
    frame.allow = "autoplay; fullscreen; picture-in-picture";
    frame.dataset.embed = from.dataset.embed;
    frame.dataset.title = from.dataset.title;
    from.replaceWith(frame);
    frame.focus();
  };
  if (player.matches("a[data-embed]")) {
    player.addEventListener("click", (event) => { event.preventDefault(); count(player.dataset.played); embed(player, 0); });
  }
  if (player.matches("video")) {
    player.addEventListener("play", () => count(player.dataset.played), { once: true });
    const marks = [...document.querySelectorAll("[data-second].s-chapter")];
    player.addEventListener("timeupdate", () => {
      const now = marks.filter((one) => Number(one.dataset.second) <= player.currentTime).pop();
      for (const one of marks) { if (one === now) one.setAttribute("aria-current", "true"); else one.removeAttribute("aria-current"); }
    });
  }
  document.addEventListener("click", (event) => {
    const chapter = event.target.closest("a.s-chapter");
    const film = document.getElementById("film");
    if (!chapter || !film || event.ctrlKey || event.metaKey) return;
    const second = Number(chapter.dataset.second);
    if (film.matches("video")) {
      event.preventDefault();
      film.currentTime = second;
      film.play();
      film.scrollIntoView({ block: "nearest" });
    } else if (film.dataset.embed) {
      event.preventDefault();
      if (film.matches("a")) count(film.dataset.played);
      embed(film, second);
      document.getElementById("film").scrollIntoView({ block: "nearest" });
    }
  });
})();
