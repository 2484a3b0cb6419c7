// アンケートの分岐, at once: the same tree as on the server (surveys/branching.py), over what stands on the page.
(() => {
  const form = document.querySelector("[data-survey]");
  if (!form) return;
  const known = JSON.parse(form.dataset.known || "{}");
  const sets = [...form.querySelectorAll("[data-code]")];

  const answerOf = (set) => {
    const fields = [...set.querySelectorAll("input:not([type=hidden]), textarea")];
    const name = `q-${set.dataset.code}`;
    const chosen = fields.filter((one) => one.checked).map((one) => (one.name === name ? one.value : `${one.name.slice(name.length + 1)}:${one.value}`));
    const typed = fields.filter((one) => !["radio", "checkbox"].includes(one.type) && one.name === name).map((one) => one.value.trim()).join("");
    const number = parseFloat((chosen[0] ?? typed).normalize("NFKC").replaceAll(",", ""));
    return { chosen, number: Number.isNaN(number) ? null : number, said: chosen.length > 0 || typed !== "" };
  };
  const nothing = { chosen: [], number: null, said: false };
  const holds = (tree, given) => {
    if (tree.all) return tree.all.every((one) => holds(one, given));
    if (tree.any) return tree.any.some((one) => holds(one, given));
    if (tree.not) return !holds(tree.not, given);
    if (!tree.q) return true;
    const answer = given[tree.q] || nothing;
    if (tree.op === "answered") return answer.said;
    if (tree.op === "is") return answer.chosen.includes(String(tree.value));
    if (answer.number === null) return false;
    return tree.op === "gte" ? answer.number >= Number(tree.value) : answer.number <= Number(tree.value);
  };
  const refresh = () => {
    const here = new Set(sets.map((set) => set.dataset.code));
    const given = Object.fromEntries(Object.entries(known).filter(([code]) => !here.has(code)));
    for (const set of sets) {
      const isAsked = !set.dataset.when || holds(JSON.parse(set.dataset.when), given);
      set.hidden = set.disabled = !isAsked;
      given[set.dataset.code] = isAsked ? answerOf(set) : nothing;
    }
  };
  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  refresh();
  (document.querySelector("[data-wrong] input:not([type=hidden]), [data-wrong] textarea") || { focus() {} }).focus();
})();
