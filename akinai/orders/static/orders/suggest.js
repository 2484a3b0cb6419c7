// 候補: a list of suggestions under inputs with data-suggest (an address that answers {items: [{value, title, about, …}]}).
// Choosing sends `suggest:chosen` with the item. Arrow keys, Enter and Escape work as everywhere.
let made = 0;

export class Suggest {
  constructor(input) {
    this.input = input;
    this.items = [];
    this.at = -1;
    this.asked = 0;
    const box = document.createElement("div");
    box.className = "suggest";
    input.before(box);
    box.append(input);
    this.list = document.createElement("ul");
    this.list.className = "suggest-list";
    this.list.hidden = true;
    this.list.id = `suggest-${++made}`;
    this.list.setAttribute("role", "listbox");
    box.append(this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": this.list.id })) input.setAttribute(name, value);
    input.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.show(), 180); });
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-at]");
      if (row) this.choose(this.items[Number(row.dataset.at)]);
    });
  }
  async ask() {
    const text = this.input.value.trim();
    const mine = ++this.asked;
    if (!text) return { items: [] };
    const answer = await fetch(`${this.input.dataset.suggest}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } }).catch(() => null);
    const found = answer?.ok ? await answer.json() : { items: [] };
    return mine === this.asked ? found : null; // an older question was overtaken
  }
  async show() {
    const found = await this.ask();
    if (!found || document.activeElement !== this.input) return;
    this.items = found.items;
    this.at = -1;
    this.list.replaceChildren(...this.items.map((one, at) => this.row(one, at)));
    if (!this.items.length && this.input.value.trim().length > 1) {
      const none = document.createElement("li");
      none.className = "suggest-none";
      none.textContent = this.input.dataset.none ?? "見つかりません";
      this.list.append(none);
    }
    this.list.hidden = !this.list.childElementCount;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
  }
  row(one, at) {
    const row = document.createElement("li");
    row.setAttribute("role", "option");
    row.id = `${this.list.id}-${at}`;
    row.dataset.at = at;
    const title = document.createElement("strong");
    title.textContent = one.title;
    const about = document.createElement("span");
    about.textContent = one.about;
    row.append(title, about);
    if ("side" in one) {
      const side = document.createElement("em");
      side.textContent = one.side;
      row.append(side);
    }
    if ("free" in one) {
      const free = document.createElement("em");
      free.textContent = one.free ? `残り ${one.free.toLocaleString("ja-JP")}` : "在庫なし";
      free.dataset.tone = one.free ? "good" : "warn";
      row.append(free);
    }
    return row;
  }
  press(event) {
    if (event.isComposing) return;
    if (event.key === "Escape" && !this.list.hidden) { this.close(); event.stopPropagation(); }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.list.hidden) { this.show(); return; }
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.mark((this.at + step + this.items.length) % (this.items.length || 1));
    }
    if (event.key === "Enter" && this.at >= 0 && !this.list.hidden) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.choose(this.items[this.at]);
    }
  }
  mark(at) {
    this.at = at;
    for (const row of this.list.children) row.setAttribute("aria-selected", String(Number(row.dataset.at) === at));
    this.input.setAttribute("aria-activedescendant", this.items[at] ? `${this.list.id}-${at}` : "");
    this.list.children[at]?.scrollIntoView({ block: "nearest" });
  }
  choose(one) {
    if (!one) return;
    this.input.value = one.value;
    this.close();
    this.input.dispatchEvent(new CustomEvent("suggest:chosen", { bubbles: true, detail: one }));
  }
  close() {
    clearTimeout(this.timer);
    this.asked++;
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

const all = new WeakMap();
export function suggest(input) {
  if (!all.has(input)) all.set(input, new Suggest(input));
  return all.get(input);
}
for (const input of document.querySelectorAll("[data-suggest]")) if (!input.closest("template")) suggest(input);
