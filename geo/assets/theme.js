/* Light and dark, and the colours of the sides in each of the three tiers. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  // How much of a side's colour is in a cell; the rest is the colour of the land.
  const STRENGTH = { light: [0.78, 0.4, 0.22], dark: [0.74, 0.42, 0.24] };
  const CONTRAST = [0.34, 0.26, 0.22]; // how much of the ink is in the lines of a texture
  const TILE = 8; // pixels
  const AGED = { plain: 0.62, paint: 0.8, symbol: 0.5 }; // how much of its strength a colour keeps that nothing confirmed for long
  const HOLES = [[2, 6], [6, 2]]; // where an aged area lets the land through

  const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const mix = (one, two, share) => {
    const a = parts(one), b = parts(two);
    return `#${a.map((value, at) => Math.round(value * share + b[at] * (1 - share)).toString(16).padStart(2, "0")).join("")}`;
  };
  const HEX = /^#[0-9a-f]{6}$/i;
  const LINES = {
    diagonal: "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
    back: "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4",
    cross: "M0,8 l8,-8 M0,0 l8,8",
    horizontal: "M0,2 h8 M0,6 h8",
    vertical: "M2,0 v8 M6,0 v8",
  };

  NS.Theme = class {
    constructor(root, actors) {
      this.root = root;
      this.actors = actors;
      this.listeners = [];
      this.made = new Set();
      this.defs = NS.svg("defs");
      root.append(NS.svg("svg", { class: "dl-patterns", width: 0, height: 0, "aria-hidden": "true", focusable: "false" }, this.defs));
      this.defs.append(NS.svg("pattern", { id: "dl-hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        NS.svg("rect", { width: 7, height: 7, class: "dl-hatch-ground" }), NS.svg("rect", { width: 2, height: 7, class: "dl-hatch-line" })));
      this.set(this.guess());
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.told || this.chosen || this.set(this.guess()));
    }

    /** What the page around says by its background, else what the reader's system says. */
    guess() {
      const given = getComputedStyle(document.documentElement).getPropertyValue("--background-color").trim();
      if (window.Streamlit && HEX.test(given)) return this.nameOf(given);
      return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    }

    nameOf(background) {
      return parts(background).reduce((sum, value) => sum + value, 0) < 384 ? "dark" : "light";
    }

    /** Take a theme as Streamlit sends it. */
    follow(given) {
      if (!given) return;
      const background = HEX.test(given.backgroundColor || "") ? this.nameOf(given.backgroundColor) : null;
      this.around = background || (given.base === "dark" ? "dark" : "light");
      this.told = true;
      if (!this.chosen && this.around !== this.name) this.set(this.around);
    }

    /** Take the theme that the reader chose; "" that of the page around, or of the system. */
    choose(name) {
      this.chosen = name;
      const wanted = name || this.around || this.guess();
      if (wanted !== this.name) this.set(wanted);
    }

    set(name) {
      this.name = name;
      this.root.dataset.theme = name;
      document.documentElement.dataset.theme = name;
      const style = getComputedStyle(this.root);
      const token = (key, fallback) => {
        const value = style.getPropertyValue(key).trim();
        return HEX.test(value) ? value : fallback;
      };
      this.land = token("--dl-land", "#faf7ef");
      this.ink = token("--dl-ink", "#1c1b18");
      for (const id of [...this.made]) this.draw(...id.split(" ").map(Number));
      for (const listener of this.listeners) listener();
    }

    onChange(listener) {
      this.listeners.push(listener);
    }

    /** The full colour of a side; paler where it is aged. */
    colour(actor, aged = false) {
      const side = this.actors[actor];
      if (!side) return this.land;
      const given = this.name === "dark" ? side.dark || side.colour : side.colour;
      const full = HEX.test(given) ? given : "#888888";
      return aged ? mix(full, this.land, AGED.symbol) : full;
    }

    /** The paint of a side in a tier: a colour, or the address of its opaque texture. */
    paint(actor, tier, aged = false) {
      const texture = this.actors[actor].texture;
      if (!aged && (!texture || texture === "none")) return this.plain(actor, tier);
      const key = `${actor} ${tier} ${Number(aged)}`;
      if (!this.made.has(key)) {
        this.made.add(key);
        this.draw(actor, tier, Number(aged));
      }
      return `url(#${this.idOf(actor, tier, aged)})`;
    }

    idOf(actor, tier, aged) {
      return `dl-side-${actor}-${tier}${aged ? "-aged" : ""}`;
    }

    /** The same without texture, for a canvas, which knows none. */
    plain(actor, tier, aged = false) {
      return mix(this.colour(actor), this.land, STRENGTH[this.name][tier] * (aged ? AGED.plain : 1));
    }

    draw(actor, tier, aged) {
      const id = this.idOf(actor, tier, aged);
      const ground = mix(this.colour(actor), this.land, STRENGTH[this.name][tier] * (aged ? AGED.paint : 1));
      const line = mix(this.ink, ground, CONTRAST[tier] * (this.name === "dark" ? 0.7 : 1));
      const marks = this.actors[actor].texture === "dots"
        ? [[2, 2], [6, 6]].map(([x, y]) => NS.svg("circle", { cx: x, cy: y, r: 1, fill: line }))
        : NS.svg("path", { d: LINES[this.actors[actor].texture] || "", stroke: line, "stroke-width": 1, fill: "none" });
      const pattern = NS.svg("pattern", { id, width: TILE, height: TILE, patternUnits: "userSpaceOnUse" },
        NS.svg("rect", { width: TILE, height: TILE, fill: ground }), marks,
        aged ? HOLES.map(([x, y]) => NS.svg("circle", { cx: x, cy: y, r: this.name === "dark" ? 1.6 : 1.35, fill: this.land })) : null);
      const old = this.defs.querySelector(`#${id}`);
      if (old) old.replaceWith(pattern);
      else this.defs.append(pattern);
    }
  };
})();
