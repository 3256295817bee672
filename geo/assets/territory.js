/* Who holds which cell, and the front between them. Only what changes from one moment to the next is drawn again. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const MODELLED = 1, BACKGROUND = 2;
  const CANVAS_FROM = 700; // cells above which a canvas scrubs, pans and zooms faster than SVG
  const DASHED = 1, SOLID = 2;
  const WITHIN = 2; // km that the drawn front may leave the edges of cells, as in geo/smoothing.py
  const HIDDEN = 3; // pixels to each side that its stroke covers
  const agesOn = new WeakMap(); // span -> the last day, as an index, on which it is not yet aged
  const turn = (ring) => ring.map(([lon, lat]) => [lat, lon]);

  /** The last change of a sorted list [[day, ...], ...] on or before a day, or null. */
  const changeAt = (changes, day) => {
    let low = 0, high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (changes[middle][0] <= day) low = middle + 1;
      else high = middle;
    }
    return low ? changes[low - 1] : null;
  };

  /** Things [[index, changes], ...] that change on few days: which of them do from one day to another. */
  class Turns {
    constructor(entries, count) {
      this.changes = new Array(count).fill(null);
      this.byDay = new Map();
      this.all = entries.map(([index]) => index);
      for (const [index, changes] of entries) {
        this.changes[index] = changes;
        for (const [day] of changes) {
          if (!this.byDay.has(day)) this.byDay.set(day, []);
          this.byDay.get(day).push(index);
        }
      }
    }

    at(index, day) {
      return this.changes[index] && changeAt(this.changes[index], day);
    }

    /** What may differ between two days; some more than once, all where the days lie far apart. */
    between(one, two) {
      const found = [], last = Math.max(one, two);
      for (let day = Math.min(one, two) + 1; day <= last; day += 1) {
        const turned = this.byDay.get(day);
        if (turned) found.push(...turned);
        if (found.length > this.all.length) return this.all;
      }
      return found;
    }
  }

  /** One `Turns` for each moment of knowledge, made when it is first asked for. */
  const turnsOf = (tables, count) => {
    const made = new Map();
    return (known) => {
      if (!made.has(known)) made.set(known, new Turns(tables[known], count));
      return made.get(known);
    };
  };

  NS.Territory = class {
    constructor(map, story, theme) {
      Object.assign(this, { map, story, theme, modelled: true, background: true });
      NS.picturePane(map, "dl-cells", 300);
      this.canvas = story.cells.length > CANVAS_FROM;
      this.cells = this.canvas ? new NS.Cells(map, story.cells, "dl-cells") : null;
      const renderer = L.svg({ pane: "dl-cells", padding: 0.5 });
      this.shapes = this.canvas ? [] : story.cells.map((rings) => L.polygon(rings.map(turn), {
        pane: "dl-cells", renderer, interactive: false, stroke: false, fill: false, fillOpacity: 1, opacity: 1, weight: 1.2,
        lineJoin: "round", smoothFactor: 0.6,
      }).addTo(map));
      this.aged = story.actors.length * 3; // added to the number of a style: the same, aged
      this.styles = new Array(story.cells.length).fill(-1);
      this.turns = turnsOf(story.cell_days, story.cells.length);
      this.stroked = new Set(); // cells whose path has been given the width of its line
    }

    /** Draw a moment; `all` draws the unchanged too, after a change of theme. Returns how many cells were drawn again. */
    draw(moment, all = false) {
      const turns = this.turns(moment.known), key = [moment.known, this.modelled, this.background].join();
      const cells = all || key !== this.key ? this.styles.keys() : turns.between(this.day, moment.day);
      Object.assign(this, { key, day: moment.day });
      let drawn = 0;
      for (const cell of cells) {
        const change = turns.at(cell, moment.day);
        let style = -1;
        if (change && change[1] >= 0 && this.isShown(change[2])) style = change[1] * 3 + change[2] + (change[3] ? this.aged : 0);
        if (style === this.styles[cell] && !all) continue;
        this.styles[cell] = style;
        this.restyle(cell, style, all);
        drawn += 1;
      }
      if (all && this.cells) this.cells.renew();
      return drawn;
    }

    /** The side (an index into actors) whose paint a cell has at a moment, or -1. */
    holderAt(cell, moment) {
      const change = this.turns(moment.known).at(cell, moment.day);
      return change && change[1] >= 0 && this.isShown(change[2]) ? change[1] : -1;
    }

    isShown(tier) {
      if (tier === MODELLED) return this.modelled;
      return tier !== BACKGROUND || this.background;
    }

    restyle(cell, style, all) {
      const shape = this.shapes[cell], on = style >= 0;
      const aged = style >= this.aged, actor = Math.floor((style % this.aged) / 3), tier = style % 3;
      if (this.cells) {
        this.cells.paint(cell, on ? this.theme.ink(actor, tier, aged) : null, all);
        return;
      }
      const paint = on ? this.theme.paint(actor, tier, aged) : null;
      // The line has the paint of the face: it covers the hair of land that antialiasing leaves between two cells.
      const given = on ? { stroke: true, color: paint, fill: true, fillColor: paint } : { stroke: false, fill: false };
      if (!shape._path || !this.stroked.has(cell)) {
        shape.setStyle(given);
        if (on && shape._path) this.stroked.add(cell);
        return;
      }
      // Leaflet would write all nine attributes of the path anew.
      Object.assign(shape.options, given);
      shape._path.setAttribute("fill", paint || "none");
      shape._path.setAttribute("stroke", paint || "none");
    }
  };

  /** Whether a status was last confirmed more days before the moment shown than the story lets pass; the background has its own day. */
  NS.isAged = (story, span, moment) => {
    if (!story.fades_after_days || !span || span.background || !span.confirmed) return false;
    if (!agesOn.has(span)) agesOn.set(span, NS.days.between(story.days[0], span.confirmed) + story.fades_after_days);
    return moment.day > agesOn.get(span);
  };

  NS.Front = class {
    constructor(map, story) {
      Object.assign(this, { map, story, visible: true, key: null, stretches: [], drawn: new Map(), edges: new Map(), labels: [] });
      this.turns = turnsOf(story.edge_days, story.edges.length);
      // The places that drawing the line may move to neither side of it.
      this.keep = NS.sorted(story.places.filter(({ precision }) => precision === 1).map(({ lon, lat }) => [lon, lat]));
      // The casing of every line lies below the ink of all.
      this.renderers = ["dl-front-casing", "dl-front"].map((pane, at) => {
        NS.picturePane(map, pane, 360 + at);
        return L.svg({ pane, padding: 0.5 });
      });
      const later = new NS.Later(...NS.ZOOMED, () => this.within() !== this.drawnWithin && this.lay());
      map.on("zoomend", () => later.ask());
      window.addEventListener("beforeprint", () => later.isDue && later.now());
    }

    /** How far the line may leave the edges, km: never so far that its stroke would not hide their corners. */
    within() {
      const { south, north } = this.story.view;
      const pixel = (40030.2 / 256 / 2 ** this.map.getZoom()) * Math.cos(((south + north) * Math.PI) / 360);
      return Math.min(WITHIN, HIDDEN * pixel);
    }

    draw(moment) {
      const turns = this.turns(moment.known), key = `${moment.known} ${this.visible}`;
      let changed = false;
      if (key !== this.key) {
        this.labels = new Uint8Array(this.story.edges.length);
        changed = true;
      }
      if (this.visible) {
        for (const edge of changed ? turns.all : turns.between(this.day, moment.day)) {
          const change = turns.at(edge, moment.day), label = change ? change[1] : 0;
          if (label === this.labels[edge]) continue;
          this.labels[edge] = label;
          changed = true;
        }
      }
      Object.assign(this, { key, day: moment.day });
      if (!changed) return;
      this.stretches = turns.all.filter((edge) => this.labels[edge]).map((edge) => ({ edge, label: this.labels[edge], ...this.stretch(edge) }));
      this.lay();
    }

    /** The points of an edge and the names of its ends, made once. */
    stretch(edge) {
      if (!this.edges.has(edge)) this.edges.set(edge, NS.named(this.story.edges[edge]));
      return this.edges.get(edge);
    }

    /** Draw the lines that are new, and take away those that are gone: the map is another, or so near that corners would show. */
    lay() {
      const within = this.within(), before = this.drawn;
      const again = within !== this.drawnWithin;
      Object.assign(this, { drawnWithin: within, drawn: new Map() });
      for (const chain of NS.chains(this.stretches)) {
        const key = chain.parts.map((part) => [this.stretches[part].edge, this.stretches[part].label]).join();
        const kept = !again && before.get(key);
        if (kept) before.delete(key);
        this.drawn.set(key, kept || this.line(NS.drawnChain(chain, this.keep, within)));
      }
      for (const layers of before.values()) layers.forEach((layer) => layer.remove());
    }

    /** The layers of one line: its casing, and the ink of its dashed and its solid stretches. */
    line(stretches) {
      const ends = new Set(stretches.filter(({ label }) => label === SOLID).flatMap(({ points }) => [points[0], points.at(-1)].map(String)));
      // A dashed stretch begins with a dash: let it begin where it goes on from a solid one.
      const begun = ({ label, points }) => (label === DASHED && ends.has(String(points.at(-1))) && !ends.has(String(points[0])) ? [...points].reverse() : points);
      const layer = (of, at, kind) => L.polyline(of.map((stretch) => turn(begun(stretch))), {
        pane: at ? "dl-front" : "dl-front-casing", renderer: this.renderers[at], interactive: false, className: `dl-front ${kind}`, smoothFactor: 0.3, noClip: true,
      }).addTo(this.map);
      const kinds = [[DASHED, "dl-front-dashed"], [SOLID, "dl-front-solid"]].map(([kind, name]) => [stretches.filter(({ label }) => label === kind), name]);
      return [layer(stretches, 0, "dl-front-casing"), ...kinds.filter(([of]) => of.length).map(([of, name]) => layer(of, 1, name))];
    }
  };
})();
