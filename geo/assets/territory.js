/* Who holds which cell. Only what changes from one moment to the next is drawn again. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const MODELLED = 1, BACKGROUND = 2;
  const CANVAS_FROM = 700; // cells above which a canvas scrubs, pans and zooms faster than SVG

  NS.Territory = class {
    constructor(map, story, theme) {
      Object.assign(this, { map, story, theme, modelled: true, background: true });
      NS.picturePane(map, "dl-cells", 300);
      this.canvas = story.cells.length > CANVAS_FROM;
      this.cells = this.canvas ? new NS.Cells(map, story.cells, "dl-cells") : null;
      const renderer = L.svg({ pane: "dl-cells", padding: 0.5 });
      this.shapes = this.canvas ? [] : story.cells.map((rings) => L.polygon(rings.map(NS.turned), {
        pane: "dl-cells", renderer, interactive: false, stroke: false, fill: false, fillOpacity: 1, opacity: 1, weight: 1.2,
        lineJoin: "round", smoothFactor: 0.6,
      }).addTo(map));
      this.aged = story.actors.length * 3; // added to the number of a style: the same, aged
      this.styles = new Array(story.cells.length).fill(-1);
      this.turns = NS.turnsOf((known) => story.cell_days[known]);
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
})();
