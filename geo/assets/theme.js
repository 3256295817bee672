/* Light and dark, and the colours of the sides in each of the three tiers. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  // How much of a side's colour is in a cell; the rest is the colour of the land.
  const STRENGTH = { light: [0.78, 0.4, 0.22], dark: [0.74, 0.42, 0.24] };
  const CONTRAST = [0.34, 0.26, 0.22]; // how much of the ink is in the lines of a texture
  const TILE = 8; // pixels
  const AGED = 0.8; // how much of its strength an area's colour keeps that nothing confirmed for long
  const PALE = 0.6; // the same of a symbol's, and of one that only the background gives a side
  const HOLES = [[2, 6], [6, 2]]; // where an aged area lets the land through
  const DOTS = [[2, 2], [6, 6]];

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
    horizontal: "M0,1.5 h8 M0,5.5 h8",
    vertical: "M1.5,0 v8 M5.5,0 v8",
  };

  const circles = (places, radius) => places.map(([x, y]) => `M${x - radius},${y} a${radius},${radius} 0 1 0 ${2 * radius},0 a${radius},${radius} 0 1 0 ${-2 * radius},0`).join(" ");

  NS.Theme = class {
    constructor(root, actors) {
      this.root = root;
      this.actors = actors;
      this.chosen = "";
      this.listeners = [];
      this.made = new Set();
      this.inks = new Map();
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
      if (name === this.chosen) return;
      this.chosen = name;
      const wanted = name || this.around || this.guess();
      if (wanted !== this.name) this.set(wanted);
    }

    set(name) {
      this.name = name;
      this.root.dataset.theme = name;
      document.documentElement.dataset.theme = name;
      const style = getComputedStyle(document.documentElement);
      const token = (key, fallback) => {
        const value = style.getPropertyValue(key).trim();
        return HEX.test(value) ? value : fallback;
      };
      this.land = token("--dl-land", "#faf7ef");
      this.black = token("--dl-ink", "#1c1b18");
      this.inks.clear();
      for (const id of [...this.made]) this.draw(...id.split(" ").map(Number));
      for (const listener of this.listeners) listener();
    }

    onChange(listener) {
      this.listeners.push(listener);
    }

    /** The full colour of a side, or the paler one of a symbol. */
    colour(actor, pale = false) {
      const side = this.actors[actor];
      if (!side) return this.land;
      const given = this.name === "dark" ? side.dark || side.colour : side.colour;
      const full = HEX.test(given) ? given : "#888888";
      return pale ? mix(full, this.land, PALE) : full;
    }

    /** Whether a side's paint is one colour throughout. */
    isPlain(actor, aged) {
      const { texture } = this.actors[actor];
      return !aged && (!texture || texture === "none");
    }

    /** The paint of a side in a tier: a colour, or the address of its opaque texture. */
    paint(actor, tier, aged = false) {
      if (this.isPlain(actor, aged)) return this.plain(actor, tier);
      const key = `${actor} ${tier} ${Number(aged)}`;
      if (!this.made.has(key)) {
        this.made.add(key);
        this.draw(actor, tier, Number(aged));
      }
      return `url(#${this.idOf(actor, tier, aged)})`;
    }

    /** The same for a canvas: a colour, or a CanvasPattern. */
    ink(actor, tier, aged = false) {
      if (this.isPlain(actor, aged)) return this.plain(actor, tier);
      const id = this.idOf(actor, tier, aged);
      if (!this.inks.has(id)) this.inks.set(id, this.inked(this.tile(actor, tier, aged)));
      return this.inks.get(id);
    }

    inked({ ground, marks }) {
      const side = Math.round(TILE * Math.max(1, window.devicePixelRatio || 1)); // as fine as the screen
      const canvas = NS.html("canvas", { width: side, height: side }), context = canvas.getContext("2d");
      context.scale(side / TILE, side / TILE);
      context.fillStyle = ground;
      context.fillRect(0, 0, TILE, TILE);
      for (const { d, fill, stroke } of marks) {
        Object.assign(context, { fillStyle: fill, strokeStyle: stroke });
        context[stroke ? "stroke" : "fill"](new Path2D(d));
      }
      const pattern = context.createPattern(canvas, "repeat");
      pattern.setTransform(new DOMMatrix().scale(TILE / side));
      return pattern;
    }

    idOf(actor, tier, aged) {
      return `dl-side-${actor}-${tier}${aged ? "-aged" : ""}`;
    }

    /** The colour of a side in a tier, without its texture. */
    plain(actor, tier) {
      return mix(this.colour(actor), this.land, STRENGTH[this.name][tier]);
    }

    /** One tile of a texture: its ground, and the paths upon it. */
    tile(actor, tier, aged) {
      const ground = mix(this.colour(actor), this.land, STRENGTH[this.name][tier] * (aged ? AGED : 1));
      const line = mix(this.black, ground, CONTRAST[tier] * (this.name === "dark" ? 0.85 : 1));
      const { texture } = this.actors[actor];
      const marks = [texture === "dots" ? { d: circles(DOTS, 1), fill: line } : { d: LINES[texture] || "", stroke: line, fill: "none" }];
      if (aged) marks.push({ d: circles(HOLES, this.name === "dark" ? 1.6 : 1.35), fill: this.land });
      return { ground, marks };
    }

    draw(actor, tier, aged) {
      const id = this.idOf(actor, tier, aged), { ground, marks } = this.tile(actor, tier, aged);
      const pattern = NS.svg("pattern", { id, width: TILE, height: TILE, patternUnits: "userSpaceOnUse" },
        NS.svg("rect", { width: TILE, height: TILE, fill: ground }), marks.map((mark) => NS.svg("path", mark)));
      const old = this.defs.querySelector(`#${id}`);
      if (old) old.replaceWith(pattern);
      else this.defs.append(pattern);
    }
  };
})();
