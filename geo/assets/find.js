/* Finding a place by any of its spellings. The keys under which two writings meet are those of `geo/spelling.py`, made smaller. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const MOST = 8; // places offered at once
  const TYPO = 4; // letters from which one of them may be wrong
  const ARTICLES = new Set("al el ul il ar er as es ash esh ech at et ett ath eth ad ed adh edh az ez an en aj ej ess enn the".split(" "));
  const LETTERS = {
    ə: "a", ı: "i", ø: "o", æ: "ae", œ: "oe", ł: "l", đ: "d", ð: "d", þ: "th", ħ: "h", ß: "ss",
    ٱ: "ا", ى: "ي", ی: "ي", ې: "ي", ة: "ه", ہ: "ه", ھ: "ه", ک: "ك", ڪ: "ك", ء: "", ـ: "",
  };
  const ONE = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");

  /** A name without case, accents, apostrophes and hyphens, the forms of Arabic letters made one. */
  const folded = (text) => text.normalize("NFKD").toLowerCase().replace(/\p{M}|\p{Cf}/gu, "").replace(ONE, (letter) => LETTERS[letter])
    .replace(/['’‘ʼʻʿʾ`´′ʹʽˈ.·]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  /** The same without articles. */
  const bare = (text) => {
    const words = text.split(" ");
    return (words.length > 1 ? words.filter((word) => !ARTICLES.has(word)) : words).map((word) => word.replace(/^ال(?=.{3})/u, "")).join(" ");
  };

  /** Whether some beginning of a name is at most one letter away from a text: one more, one less, another, or two swapped. */
  const isNear = (text, name) => {
    const at = [...text].findIndex((letter, index) => letter !== name[index]);
    if (at < 0) return true;
    if (at === 0 && Math.abs(text.length - name.length) > 1) return false; // without its first letter a beginning is near to nearly everything
    const rest = text.slice(at), other = name.slice(at);
    return other.startsWith(rest.slice(1)) || other.slice(1).startsWith(rest) || other.slice(1).startsWith(rest.slice(1))
      || (rest.length > 1 && other.startsWith(rest[1] + rest[0] + rest.slice(2)));
  };

  const EQUAL = 0, NEAR = 4;
  /** How well a key answers to a text: 0 it is it, 1 it begins so, 2 a word of it does, 3 it has it, 4 nearly; else Infinity. */
  const match = (text, key) => {
    if (!text || !key) return Infinity;
    if (key === text) return EQUAL;
    if (key.startsWith(text)) return 1;
    if (key.includes(` ${text}`)) return 2;
    if (text.length > 2 && key.includes(text)) return 3;
    return text.length >= TYPO && isNear(text, key) ? NEAR : Infinity;
  };

  NS.Finder = class {
    /** `spanAt(place)` tells what is shown of a place now. */
    constructor(story, spanAt) {
      this.spanAt = spanAt;
      this.entries = story.places.map((place, index) => ({
        index, place,
        keys: [...new Set([place.name, place.arabic, ...(place.aliases || [])].filter(Boolean))].map((name) => ({ name, key: folded(name), bare: bare(folded(name)) })),
      }));
    }

    /** Places for a text, the best first: [{place, index, name}]; `name` is the spelling that was met. */
    find(text) {
      const whole = folded(text), short = bare(whole);
      if (!short) return [];
      const found = [];
      for (const { index, place, keys } of this.entries) {
        let best = Infinity, met = null;
        for (const { name, key, bare: plain } of keys) {
          const score = Math.min(match(whole, key), match(short, plain));
          if (score < best) [best, met] = [score, name];
        }
        if (best < Infinity) found.push({ place, index, name: met, order: [best === EQUAL ? 0 : best === NEAR ? 2 : 1, this.spanAt(index) ? 0 : 1, best, place.rank] });
      }
      const before = (one, two) => one.order.map((value, at) => value - two.order[at]).find((difference) => difference !== 0) || one.place.name.localeCompare(two.place.name, "en");
      const sure = found.some(({ order }) => order[0] < 2);
      return found.filter(({ order }) => !sure || order[0] < 2).sort(before).slice(0, MOST);
    }
  };

  NS.Find = class {
    /** `open(place, opener)` opens a card; `spanAt(place)` tells what is shown of a place now. */
    constructor(story, theme, { open, spanAt }) {
      Object.assign(this, { story, theme, open, spanAt, found: [], at: -1 });
      this.finder = new NS.Finder(story, spanAt);
      this.input = NS.html("input", {
        type: "text", class: "dl-find-input", role: "combobox", placeholder: "Find a place", "aria-label": "Find a place", "aria-expanded": "false",
        "aria-controls": "dl-found", "aria-autocomplete": "list", "aria-keyshortcuts": "/", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
        enterkeyhint: "go", maxlength: 80, dir: "auto", oninput: () => this.look(), onkeydown: (event) => this.key(event), onblur: () => this.shut(),
      });
      this.list = NS.html("ul", { id: "dl-found", class: "dl-found", role: "listbox", "aria-label": "Places found", hidden: true });
      this.none = NS.html("p", { class: "dl-found dl-found-none", hidden: true }, "No place of that name on this map.");
      this.said = NS.html("p", { class: "dl-unseen", role: "status" });
      const glass = NS.svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, class: "dl-icon", "aria-hidden": "true", focusable: "false" },
        NS.svg("path", { d: "M7,2.2 a4.8,4.8 0 1 1 -.01,0z M10.6,10.6 L14,14" }));
      this.node = NS.html("div", { class: "dl-find", role: "search" }, glass, this.input, NS.html("kbd", { "aria-hidden": "true" }, "/"), this.list, this.none, this.said);
      document.addEventListener("keydown", (event) => this.call(event));
    }

    /** The stroke leads here from everywhere but a field that takes it as a letter. */
    call(event) {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest && event.target.closest("input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")) return;
      event.preventDefault();
      this.input.focus();
      this.input.select();
    }

    look() {
      const text = this.input.value.trim();
      this.found = text ? this.finder.find(text) : [];
      this.show(this.found.length ? 0 : -1);
      this.none.hidden = !text || this.found.length > 0;
      const count = this.found.length;
      this.said.textContent = !text ? "" : count ? `${count} place${count === 1 ? "" : "s"} found. ${NS.capital(this.found[0].place.name)}.` : this.none.textContent;
    }

    show(at) {
      this.at = at;
      NS.show(this.list, this.found.map((entry, index) => this.option(entry, index, index === at)));
      this.list.hidden = !this.found.length;
      this.input.setAttribute("aria-expanded", String(this.found.length > 0));
      if (at < 0) this.input.removeAttribute("aria-activedescendant");
      else {
        this.input.setAttribute("aria-activedescendant", `dl-found-${at}`);
        this.list.children[at].scrollIntoView({ block: "nearest" });
      }
    }

    option({ place, index, name }, at, chosen) {
      const span = this.spanAt(index);
      const arabic = place.arabic ? NS.html("span", { class: "dl-found-other", lang: "ar", dir: "rtl" }, place.arabic) : null;
      const other = name !== place.name && name !== place.arabic ? NS.html("span", { class: "dl-found-other", dir: "auto" }, name) : null;
      return NS.html("li", {
        id: `dl-found-${at}`, role: "option", class: "dl-found-place", "aria-selected": String(chosen),
        onpointerdown: (event) => event.preventDefault(), onclick: () => this.choose(at),
      }, NS.symbol(this.theme, place.kind, 2, span), NS.html("span", { class: "dl-found-words" },
        NS.html("span", { class: "dl-found-name" }, NS.capital(place.name), other ? [" ", other] : null, arabic ? [" ", arabic] : null),
        NS.html("span", { class: "dl-found-status" }, span ? span.words || span.status : "nothing said of who holds it")));
    }

    key(event) {
      const count = this.found.length;
      if (event.key === "Escape") {
        if (!this.input.value) this.input.blur();
        this.input.value = "";
        this.shut();
      } else if (event.key === "Enter") {
        if (this.at >= 0) this.choose(this.at);
      } else if (count && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        this.show((this.at + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    }

    choose(at) {
      const { index } = this.found[at];
      this.input.value = "";
      this.shut();
      this.open(index, this.input);
    }

    shut() {
      this.found = [];
      this.none.hidden = true;
      this.said.textContent = "";
      this.show(-1);
    }
  };
})();
