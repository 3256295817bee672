/* Who holds which cell, and the front between them. Only what changes from one moment to the next is drawn again. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const MODELLED = 1, BACKGROUND = 2;
  const CANVAS_FROM = 2000; // cells above which a canvas pans and zooms faster than SVG
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

  NS.Territory = class {
    constructor(map, story, theme) {
      Object.assign(this, { map, story, theme, modelled: true, background: true });
      map.createPane("dl-cells").style.zIndex = 300;
      this.canvas = story.cells.length > CANVAS_FROM;
      const renderer = (this.canvas ? L.canvas : L.svg)({ pane: "dl-cells", padding: 0.5 });
      this.shapes = story.cells.map((rings) => L.polygon(rings.map(turn), {
        pane: "dl-cells", renderer, interactive: false, stroke: false, fill: false, fillOpacity: 1, opacity: 1, weight: 1.2,
        lineJoin: "round", smoothFactor: 0.6,
      }).addTo(map));
      this.styles = new Array(story.cells.length).fill(-1);
      this.changes = story.cell_days.map((entries) => {
        const table = new Array(story.cells.length).fill(null);
        for (const [cell, changes] of entries) table[cell] = changes;
        return table;
      });
    }

    /** Draw a moment; `all` draws the unchanged too, after a change of theme. Returns how many cells were drawn again. */
    draw(moment, all = false) {
      const table = this.changes[moment.known];
      let drawn = 0;
      for (let cell = 0; cell < table.length; cell += 1) {
        const change = table[cell] && changeAt(table[cell], moment.day);
        let style = -1;
        if (change && change[1] >= 0 && this.isShown(change[2])) style = change[1] * 3 + change[2];
        if (style === this.styles[cell] && !all) continue;
        this.styles[cell] = style;
        this.restyle(cell, style);
        drawn += 1;
      }
      return drawn;
    }

    isShown(tier) {
      if (tier === MODELLED) return this.modelled;
      return tier !== BACKGROUND || this.background;
    }

    restyle(cell, style) {
      if (style < 0) return this.shapes[cell].setStyle({ stroke: false, fill: false });
      const actor = Math.floor(style / 3), tier = style % 3;
      const paint = this.canvas ? this.theme.plain(actor, tier) : this.theme.paint(actor, tier);
      // The line has the paint of the face: it covers the hair of land that antialiasing leaves between two cells.
      return this.shapes[cell].setStyle({ stroke: true, color: paint, fill: true, fillColor: paint });
    }
  };

  NS.Front = class {
    constructor(map, story) {
      Object.assign(this, { map, story, visible: true, key: null });
      map.createPane("dl-front").style.zIndex = 360;
      const renderer = L.svg({ pane: "dl-front", padding: 0.5 });
      const line = (kind) => L.polyline([], { pane: "dl-front", renderer, interactive: false, className: `dl-front ${kind}`, smoothFactor: 0.8 }).addTo(map);
      this.casing = line("dl-front-casing");
      this.dashed = line("dl-front-dashed");
      this.solid = line("dl-front-solid");
    }

    draw(moment) {
      const kinds = [[], [], []];
      if (this.visible) {
        for (const [edge, changes] of this.story.edge_days[moment.known]) {
          const change = changeAt(changes, moment.day);
          if (change) kinds[change[1]].push(edge);
        }
      }
      const key = `${kinds[1]}|${kinds[2]}`;
      if (key === this.key) return;
      this.key = key;
      const dashed = this.joined(kinds[1]), solid = this.joined(kinds[2]);
      this.casing.setLatLngs([...dashed, ...solid]);
      this.dashed.setLatLngs(dashed);
      this.solid.setLatLngs(solid);
    }

    /** Edges joined end to end into lines, so that dashes run on from one edge to the next. */
    joined(edges) {
      const name = ([lon, lat]) => `${lon.toFixed(4)} ${lat.toFixed(4)}`;
      const free = new Set(edges);
      const ends = new Map();
      const at = (point) => {
        if (!ends.has(point)) ends.set(point, []);
        return ends.get(point);
      };
      for (const edge of edges) {
        const line = this.story.edges[edge];
        at(name(line[0])).push(edge);
        at(name(line.at(-1))).push(edge);
      }
      const grow = (line) => {
        for (;;) {
          const end = name(line.at(-1));
          const next = ends.get(end).find((edge) => free.has(edge));
          if (next === undefined) return line;
          free.delete(next);
          const more = this.story.edges[next];
          line.push(...(name(more[0]) === end ? more.slice(1) : more.slice(0, -1).reverse()));
        }
      };
      const lines = [];
      while (free.size) {
        const [first] = free;
        free.delete(first);
        const half = grow([...this.story.edges[first]]);
        lines.push(turn(grow(half.reverse())));
      }
      return lines;
    }
  };
})();
