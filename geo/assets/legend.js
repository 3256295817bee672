/* What the colours, the textures and the outlines mean; the layers that can be left out have a switch in their row. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const ROOMY = 62.5; // letters' heights of the window; narrower, or with larger letters, an open legend would cover the map
  const isRoomy = () => window.innerWidth >= ROOMY * (parseFloat(getComputedStyle(document.documentElement).fontSize) || 16);
  const SWITCHED = new Set(["modelled", "background"]); // tiers that a reader may leave out

  NS.Legend = class {
    /** `switched(layer, on)` is called when the reader switches a layer. */
    constructor(story, theme, switched) {
      Object.assign(this, { story, theme, switched, off: new Set(), layers: [] });
      let roomy = isRoomy();
      this.sides = NS.html("ul", { class: "dl-keys" });
      this.certainty = NS.html("ul", { class: "dl-keys dl-two" });
      this.areas = NS.html("ul", { class: "dl-keys" });
      this.means = NS.html("dl", { class: "dl-terms" });
      this.node = NS.html("details", { class: "dl-legend", open: roomy },
        NS.html("summary", {}, "Legend"),
        NS.html("div", { class: "dl-legend-body", tabindex: 0, role: "region", "aria-label": "Legend" },
          NS.html("h2", {}, "Who holds it"), this.sides,
          NS.html("h2", {}, "How sure that is"), this.certainty,
          NS.html("h2", {}, "Shown on the map"), this.areas,
          NS.html("details", { class: "dl-meanings" }, NS.html("summary", {}, "What these words mean"), this.means)));
      window.addEventListener("resize", () => {
        if (isRoomy() === roomy) return;
        roomy = !roomy;
        this.node.open = roomy;
      });
      this.ages = story.states.some((entries) => entries.some(({ spans }) => spans.some((span) => NS.isAged(story, span, { day: span.end - 1 }))));
      theme.onChange(() => this.draw());
      this.draw();
    }

    /** Sides that hold, contest or deny anything in the story, in its order. */
    get appearing() {
      const seen = new Set();
      for (const entries of this.story.states) {
        for (const { spans } of entries) for (const span of spans) [span.holder, span.contender, ...span.disputed].forEach((actor) => seen.add(actor));
      }
      return this.story.actors.map((_, index) => index).filter((index) => seen.has(index));
    }

    /** The kinds of events that the story tells, the most frequent first. */
    get kinds() {
      const count = new Map();
      for (const { kind } of this.story.events) count.set(kind, (count.get(kind) || 0) + 1);
      return [...count.keys()].sort((one, two) => count.get(two) - count.get(one));
    }

    /** Put one more choice after the layers. */
    add(node) {
      if (node) this.areas.after(node);
    }

    swatch(fill) {
      return this.drawing(NS.svg("rect", { x: 0.5, y: 0.5, width: 23, height: 15, fill }));
    }

    drawing(...parts) {
      return NS.svg("svg", { class: "dl-swatch", viewBox: "0 0 24 16", width: 24, height: 16, "aria-hidden": "true", focusable: "false" }, parts);
    }

    line(kind) {
      return this.drawing(NS.svg("path", { d: "M0,8 h24", class: `dl-front ${kind}` }));
    }

    row(symbol, label) {
      return NS.html("li", {}, symbol, NS.html("span", {}, label));
    }

    /** Show as switched off what the address asks for: ids parted by commas. */
    switchOff(ids) {
      this.off = new Set(ids.split(",").filter(Boolean));
      this.draw();
    }

    /** A row with a switch. */
    layer(id, symbol, label) {
      if (!this.layers.includes(id)) this.layers.push(id);
      const box = NS.html("input", {
        type: "checkbox", checked: !this.off.has(id), onchange: () => {
          this.off[box.checked ? "delete" : "add"](id);
          this.switched(id, box.checked);
        },
      });
      return NS.html("li", {}, NS.html("label", {}, symbol, NS.html("span", {}, label), box));
    }

    /** What an aged status is called; nothing where the story has none on any day. */
    get lapse() {
      const days = this.story.fades_after_days;
      return days && this.ages ? `Not confirmed for more than ${days === 1 ? "a day" : `${days} days`}` : "";
    }

    /** The symbol of an aged place on the paint of an aged area. */
    aged(actor) {
      const symbol = NS.symbol(this.theme, "town", 2, { status: "control", holder: actor, contender: null, disputed: [], background: false }, true);
      symbol.setAttribute("x", -3);
      symbol.setAttribute("y", -7);
      return this.drawing(NS.svg("rect", { x: 0.5, y: 0.5, width: 23, height: 15, fill: this.theme.paint(actor, 1, true) }), symbol);
    }

    draw() {
      const { story, theme, appearing, kinds } = this;
      const [one = 0, two = one] = appearing;
      const span = (status, more) => ({ status, holder: one, contender: two, disputed: [], background: false, ...more });
      const symbol = (given) => NS.symbol(theme, "town", 2, given);
      NS.show(this.sides, appearing.map((actor) => this.row(this.swatch(theme.paint(actor, 0)), story.actors[actor].label)));
      NS.show(this.certainty,
        story.statuses.filter(({ id }) => id !== "unknown").map(({ id, label }) => this.row(symbol(span(id)), label)),
        this.row(symbol(span("control", { disputed: [two] })), "Disputed"), this.row(symbol(null), "Named only"));
      NS.show(this.areas,
        story.tiers.map(({ id, label }, tier) => {
          const swatch = this.swatch(theme.paint(one, tier));
          return SWITCHED.has(id) ? this.layer(id, swatch, label) : this.row(swatch, label);
        }),
        this.layer("front", this.drawing(NS.svg("path", { d: "M0,4 h24", class: "dl-front" }), NS.svg("path", { d: "M0,12 h24", class: "dl-front dl-front-dashed" })), "Front line, approximate"),
        this.layer("events", NS.eventSymbol("advancing"), "Events of the day"),
        kinds.length ? NS.html("li", {}, NS.html("ul", { class: "dl-keys dl-two dl-kinds", "aria-label": "Events" }, kinds.map((kind) => this.row(NS.eventSymbol(kind), NS.eventWords(kind))))) : null,
        this.lapse ? this.row(this.aged(one), this.lapse) : null);
      const term = (label, ...means) => NS.html("div", {}, NS.html("dt", {}, label), NS.html("dd", {}, means));
      this.from = NS.html("span", {});
      NS.show(this.means,
        story.statuses.map(({ label, means }) => term(label, means)),
        term("Disputed", "The side whose colour is in the small dot denies it."),
        term("Named only", "Reports name the place; none says who holds it."),
        story.tiers.map(({ id, label, means }) => term(label, means, id === "modelled" ? this.from : null)),
        term("Events of the day", "What is reported of the day and gives no place another holder."),
        term("Front line", "Solid where both sides of it are reported, dashed where only one is. It is approximate everywhere."),
        this.lapse ? term(this.lapse, "Nothing that is reported by then says again what holds. Its symbol has a broken outline, its area is paler and perforated.") : null,
        term("Arrow", "An advance that is reported, to the furthest position that is."));
      if (this.moment) this.follow(this.moment);
    }

    follow(moment) {
      this.moment = moment;
      const count = (this.story.modelled_from[moment.known] || [])[moment.day];
      this.from.textContent = count === undefined ? "" : ` On this day from ${count} reported place${count === 1 ? "" : "s"}.`;
    }
  };
})();
