/* Leaflet's drawings in SVG: after a zoom what stands is scaled at once, and drawn anew when the reader rests. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const SLICE = 6; // milliseconds of a frame for drawings that are to be drawn anew
  const { _initPath: begin, _update: place, getEvents: events, onRemove: end } = L.SVG.prototype;
  const behind = new Set();

  const frame = new NS.Frame(() => {
    if (rest.isDue) return;
    const began = performance.now();
    for (const drawing of behind) {
      if (drawing._map._animatingZoom) return; // it asks again when it ends
      drawing.catchUp();
      if (performance.now() - began > SLICE) break;
    }
    if (behind.size) frame.ask();
  });
  const rest = new NS.Later(...NS.ZOOMED, () => frame.ask());
  /** Draw at once what is to be drawn anew. */
  NS.drawAnew = () => behind.forEach((drawing) => drawing.catchUp());
  window.addEventListener("beforeprint", NS.drawAnew);

  L.SVG.include({
    getEvents() {
      const { zoomend, ...others } = events.call(this);
      return { ...others, viewreset: this.follow, moveend: this.follow };
    },

    /** Whether it was drawn for what the map shows now, but for a pan. */
    isTrue() {
      return this._zoom === this._map.getZoom() && this.origin.equals(this._map.getPixelOrigin());
    },

    /** The map has moved: a drawing that is true moves along, another stands in for the one to come. */
    follow() {
      if (this.isTrue()) {
        this._update();
        return;
      }
      this._onZoom();
      behind.add(this);
      rest.ask();
    },

    /** Draw anew, if need be. */
    catchUp() {
      behind.delete(this);
      if (this.isTrue()) return;
      for (const path of Object.values(this._layers)) path._project();
      this._update();
    },

    _initPath(path) {
      this.catchUp(); // beside what is of another zoom it would stand elsewhere
      begin.call(this, path);
    },

    // Leaflet moves each drawing by a transform in three dimensions, which makes it a layer of its own to the browser: eight of
    // them, each larger than the window. They stand still but for a zoom. The cells are a layer by their pane.
    _update() {
      place.call(this);
      if (this._map._animatingZoom && this.origin) return; // as Leaflet does
      const { x, y } = this._container._leaflet_pos;
      Object.assign(this._container.style, { transform: `translate(${x}px, ${y}px)`, transformOrigin: "0 0" });
      this.origin = this._map.getPixelOrigin();
    },

    onRemove() {
      behind.delete(this);
      end.call(this);
    },
  });
})();
