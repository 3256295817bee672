/* Names on the map: of places in English, in Arabic or in both, and of countries; none upon another. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const LINE = 16; // height of a name, pixels at 100 % text
  const ARABIC = 1.08; // letters of Arabic beside English ones of the same height, as in the stylesheet
  const APART = 5; // pixels between a name in English and the same in Arabic, as in the stylesheet
  const SMALL = 80; // pixels up to which a country's name may reach over its borders

  const written = ([text, arabic]) => (arabic ? NS.html("span", { class: "dl-in-arabic", lang: "ar", dir: "rtl" }, text) : NS.html("span", {}, text));

  NS.Names = class {
    /** Names go into a pane; `reach(item)` is how far an item's symbol reaches, pixels. */
    constructor(pane, reach) {
      Object.assign(this, { pane, reach, labels: "", countries: new Map() });
    }

    /** The ways in which a place's name can be written, the wanted first: each a list of lines of [text, whether it is Arabic]. */
    writings({ name, arabic }) {
      const english = [name, false], other = [arabic, true];
      if (!arabic || !this.labels) return [[[english]]];
      return this.labels === "ar" ? [[[other]]] : [[[english, other]], [[english], [other]], [[english]]];
    }

    /** A name as it stands in a note. */
    words(place) {
      return this.writings(place)[0].flat().map(([text, arabic], at) => [at ? " " : null, written([NS.capital(text), arabic])]);
    }

    /** Write the names of some items in the space that is left, the weightiest first. */
    arrange(space, { scale, fonts }, items) {
      const weight = ({ place, span }) => place.rank * 10 + (span ? (span.background ? 6 : 0) : 8);
      for (const item of [...items].sort((one, two) => weight(one) - weight(two))) {
        const size = (item.place.rank === 1 ? 13.5 : item.place.rank === 4 ? 11.5 : 12.5) * scale;
        const bold = item.span && !item.span.background;
        const font = `${bold ? 650 : 450} ${size}px ${fonts}`;
        const [box, lines, width] = this.place(space, item, font, scale);
        if (!item.label) item.label = this.pane.appendChild(NS.html("span", { class: "dl-name", "aria-hidden": "true" }));
        const named = `dl-name${box ? "" : " dl-left-out"}${bold ? " dl-strong" : ""}`;
        if (item.label.className !== named) item.label.className = named;
        const key = `${size} ${width} ${this.labels} ${lines.length}`;
        if (item.labelKey !== key) {
          item.labelKey = key;
          NS.show(item.label, lines.map((line) => NS.html("span", { class: "dl-line" }, line.map(written))));
          Object.assign(item.label.style, { fontSize: `${size}px`, width: `${width}px`, height: `${LINE * scale * lines.length}px`, lineHeight: `${LINE * scale}px` });
        }
        if (box) NS.stand(item.label, { x: box.left, y: box.top });
      }
    }

    /** Where a name can stand, in the first of its writings that has room: [box or null, its lines, width]. */
    place(space, item, font, scale) {
      const writings = this.writings(item.place);
      const wide = (line) => line.reduce((sum, [text, arabic]) => sum + NS.widthOf(text, font) * (arabic ? ARABIC : 1), (line.length - 1) * APART * scale);
      let width = 0;
      for (const lines of writings) {
        width = Math.ceil(Math.max(...lines.map(wide))) + 4;
        const box = space.first(NS.around(item.point, width, LINE * scale * lines.length, this.reach(item) + 2), item.place.rank === 1);
        if (box) return [box, lines, width];
      }
      return [null, writings.at(-1), width];
    }

    /** Write the names of countries where they have room; `noted` are names that a note has already. */
    arrangeCountries(space, { fonts, stands }, noted) {
      const standing = new Set();
      for (const { name, layer, points, covers } of stands) {
        if (noted.some((note) => note.includes(name.toLowerCase()))) continue;
        const width = NS.widthOf(name, `500 11.5px ${fonts}`) * (layer === "country" ? 1.3 : 1) + 8;
        const boxes = layer === "country"
          ? points.filter(({ x, y }) => width < SMALL || (covers(x - width * 0.4, y) && covers(x + width * 0.4, y)))
            .map(({ x, y }) => ({ left: x - width / 2, right: x + width / 2, top: y - 8, bottom: y + 8 }))
          : points.flatMap((point) => [...NS.around(point, width, 16, 14), ...NS.away(point, width, 16, [24, 40])]);
        const box = space.first(boxes);
        if (!box) continue;
        if (!this.countries.has(name)) {
          const made = NS.html("span", { class: `dl-ground-name dl-ground-${layer}`, "aria-hidden": "true" }, name);
          made.style.width = `${width}px`;
          this.countries.set(name, this.pane.appendChild(made));
        }
        const node = this.countries.get(name);
        standing.add(node);
        NS.stand(node, { x: box.left, y: box.top });
      }
      for (const node of this.countries.values()) node.classList.toggle("dl-left-out", !standing.has(node));
    }
  };
})();
