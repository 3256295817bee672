/* The front between the sides: edges of cells -> lines, joined and smoothed -> three paths. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const DASHED = 1, SOLID = 2;
  const WITHIN = 2; // km that the drawn front may leave the edges of cells, as in geo/smoothing.py
  const HIDDEN = 3; // pixels to each side that its stroke covers
  const SMOOTH = 0.3; // pixels by which what is drawn may leave a line, as Leaflet does it
  const KEPT = 2000; // lines that are remembered
  const NOTHING = "M0 0";
  // What a line is drawn with, the casing of all below the ink of any: which of its stretches, and in which pane.
  const KINDS = [
    { name: "dl-front-casing", pane: "dl-front-casing", labels: [DASHED, SOLID] },
    { name: "dl-front-dashed", pane: "dl-front", labels: [DASHED] },
    { name: "dl-front-solid", pane: "dl-front", labels: [SOLID] },
  ];

  /** Any number of bundles {lines: [[[lat, lon], ...], ...]} as one path; what a bundle is at a zoom is written once. */
  const Strokes = L.Path.extend({
    options: { interactive: false },

    initialize(options) {
      L.setOptions(this, options);
      Object.assign(this, { bundles: [], _zooms: 0, _drawn: "" });
    },

    show(bundles) {
      this.bundles = bundles;
      this._renderer.catchUp(); // what is written is of the map's zoom
      return this.redraw();
    },

    _project() {
      this._zooms += 1;
    },

    _update() {
      this._updatePath();
    },

    _updatePath() {
      const drawn = this.bundles.map((bundle) => this._write(bundle)).join("") || NOTHING;
      if (drawn !== this._drawn) this._renderer._setPath(this, drawn);
      this._drawn = drawn;
    },

    _write(bundle) {
      if (bundle.zooms !== this._zooms) {
        const corners = (line) => L.LineUtil.simplify(line.map((point) => this._map.latLngToLayerPoint(point)), SMOOTH);
        const written = bundle.lines.map((line) => `M${corners(line).map(({ x, y }) => `${x} ${y}`).join("L")}`).join("");
        Object.assign(bundle, { written, zooms: this._zooms });
      }
      return bundle.written;
    },
  });

  NS.Front = class {
    constructor(map, story) {
      Object.assign(this, { map, story, visible: true, key: null, stretches: [], edges: new Map(), lines: new Map(), labels: [] });
      this.turns = NS.turnsOf((known) => story.edge_days[known]);
      // The places that drawing the line may move to neither side of it.
      this.keep = NS.sorted(story.places.filter(({ precision }) => precision === 1).map(({ lon, lat }) => [lon, lat]));
      const renderers = Object.fromEntries(["dl-front-casing", "dl-front"].map((pane, at) => {
        NS.picturePane(map, pane, 360 + at);
        return [pane, L.svg({ pane, padding: 0.5 })];
      }));
      this.strokes = KINDS.map(({ name, pane }) => new Strokes({ pane, renderer: renderers[pane], className: `dl-front ${name}` }).addTo(map));
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
      this.stretches = turns.all.filter((edge) => this.labels[edge]).map((edge) => this.stretch(edge, this.labels[edge]));
      this.lay();
    }

    /** The points of an edge, what is told of it, and the names of its ends, made once. */
    stretch(edge, label) {
      const key = `${edge} ${label}`;
      if (!this.edges.has(key)) this.edges.set(key, { key, label, ...NS.named(this.story.edges[edge]) });
      return this.edges.get(key);
    }

    /** Draw the lines, those anew that have not been seen: all where the map is so near that corners would show. */
    lay() {
      const within = this.within();
      if (within !== this.drawnWithin || this.lines.size > KEPT) this.lines.clear();
      this.drawnWithin = within;
      const lines = NS.chains(this.stretches).map((chain) => this.line(chain));
      this.strokes.forEach((strokes, at) => strokes.show(lines.map((line) => line[at])));
    }

    /** A chain as it is drawn: a bundle for each of the kinds. */
    line(chain) {
      const key = chain.parts.map((part) => this.stretches[part].key).join();
      if (!this.lines.has(key)) {
        const stretches = NS.drawnChain(chain, this.keep, this.drawnWithin);
        const ends = new Set(stretches.filter(({ label }) => label === SOLID).flatMap(({ points }) => [points[0], points.at(-1)].map(String)));
        // A dashed stretch begins with a dash: let it begin where it goes on from a solid one.
        const begun = ({ label, points }) => (label === DASHED && ends.has(String(points.at(-1))) && !ends.has(String(points[0])) ? [...points].reverse() : points);
        this.lines.set(key, KINDS.map(({ labels }) => (
          { lines: stretches.filter(({ label }) => labels.includes(label)).map((stretch) => NS.turned(begun(stretch))) })));
      }
      return this.lines.get(key);
    }
  };
})();
