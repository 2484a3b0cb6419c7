// 閲覧を数える: one small message per page, to this shop only, without cookies. Who asks not to be followed is not.
(() => {
  const page = document.currentScript?.dataset.page;
  const refuses = navigator.doNotTrack === "1" || navigator.globalPrivacyControl === true;
  if (!page || refuses || !navigator.sendBeacon) return;
  const tell = () => {
    const timing = performance.getEntriesByType("navigation")[0];
    const campaign = new URLSearchParams();
    for (const [name, value] of new URLSearchParams(location.search)) if (name.startsWith("utm_")) campaign.set(name, value.slice(0, 80));
    const told = { p: page, r: document.referrer.slice(0, 500), q: campaign.toString(), t: String(Math.round(timing?.domContentLoadedEventEnd ?? 0)) };
    navigator.sendBeacon("/b/", new URLSearchParams(told));
  };
  const when = () => (document.prerendering ? document.addEventListener("prerenderingchange", tell, { once: true }) : tell());
  if (document.readyState === "complete") when();
  else addEventListener("load", when, { once: true });
})();
