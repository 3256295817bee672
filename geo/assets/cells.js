/* Thousands of cells on canvases: the one that is seen moves with the map, and the next is drawn out of sight, little by little. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const MARGIN = 0.1; // of the view to each side that a picture covers: with each change the browser takes over the whole of it
  const SLICE = 10; // milliseconds of a frame for the picture to come
  const PACE = [100, 400]; // cells that are drawn in a frame: at the least, and in the first
  const FEW = 24; // cells that are mended one by one; more, all together within their bounds
  const LINE = 1.2, REACH = 2; // pixels: the width of a cell's line, and how far beyond its corners it may be seen
  const SMOOTH = 0.6; // pixels by which its line may leave its corners, as Leaflet does it

  /** The parts of one rectangle that lie outside another, all in whole pixels. */
  const beyond = (now, was) => {
    if (!now.overlaps(was)) return [now];
    const { min, max } = now, top = Math.max(min.y, was.min.y), bottom = Math.min(max.y, was.max.y);
    return [
      [min.x, min.y, max.x, top], [min.x, bottom, max.x, max.y],
      [min.x, top, was.min.x, bottom], [was.max.x, top, max.x, bottom],
    ].filter(([left, up, right, down]) => left < right && up < down).map(([left, up, right, down]) => L.bounds([left, up], [right, down]));
  };

  /** What was drawn of one part of the map at one zoom; `origin` and `bounds` as in Leaflet, in pixels. */
  class Picture {
    constructor(pane, again) {
      Object.assign(this, { zoom: null, paths: [], tasks: [], blank: true });
      this.canvas = NS.html("canvas", { class: "leaflet-zoom-animated" });
      this.canvas.style.display = "none";
      this.canvas.addEventListener("contextrestored", again); // the browser may throw away what it held
      this.pen = this.canvas.getContext("2d");
      pane.append(this.canvas);
    }

    isOf({ zoom, origin, bounds }) {
      return this.isBeside({ zoom, origin }) && this.bounds.min.equals(bounds.min) && this.bounds.max.equals(bounds.max);
    }

    /** Whether it differs from a view by whole pixels only. */
    isBeside({ zoom, origin }) {
      return this.zoom === zoom && this.origin.equals(origin);
    }

    /** Begin a view, with all of another picture that can stay. */
    take({ zoom, origin, bounds }, from) {
      const { canvas, pen } = this, fine = L.Browser.retina ? 2 : 1, { x, y } = bounds.getSize(), { min } = bounds;
      const kept = from.isBeside({ zoom, origin }) && from.canvas.width > 0 && from.canvas.height > 0;
      Object.assign(this, { zoom, origin, bounds, paths: kept ? from.paths : [], blank: !kept });
      if (canvas.width !== x * fine || canvas.height !== y * fine) {
        Object.assign(canvas, { width: x * fine, height: y * fine });
        Object.assign(canvas.style, { width: `${x}px`, height: `${y}px` });
      }
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.globalAlpha = 1;
      pen.clearRect(0, 0, canvas.width, canvas.height);
      if (kept) pen.drawImage(from.canvas, (from.bounds.min.x - min.x) * fine, (from.bounds.min.y - min.y) * fine);
      pen.setTransform(fine, 0, 0, fine, -min.x * fine, -min.y * fine);
      Object.assign(pen, { lineWidth: LINE, lineJoin: "round" });
      this.tasks = (kept ? beyond(bounds, from.bounds) : [bounds]).map((within) => ({ within }));
    }

    /** Stand where the map shows this part, as large as it shows it. */
    stand(map, center = map.getCenter(), zoom = map.getZoom()) {
      const corner = map.unproject(this.origin.add(this.bounds.min), this.zoom);
      const at = map._latLngToNewLayerPoint(corner, zoom, center); // Leaflet gives no other way to where things will be
      L.DomUtil.setTransform(this.canvas, zoom === this.zoom ? at.round() : at, map.getZoomScale(zoom, this.zoom));
    }
  }

  NS.Cells = class {
    /** `cells` are lists of rings [[lon, lat], ...]; none is painted yet. */
    constructor(map, cells, pane) {
      this.map = map;
      // Projected once: in pixels of zoom 0.
      const open = (ring) => (String(ring[0]) === String(ring.at(-1)) ? ring.slice(0, -1) : ring);
      this.rings = cells.map((rings) => rings.map((ring) => open(ring).map(([lon, lat]) => map.project([lat, lon], 0))));
      this.boxes = this.rings.map((rings) => L.bounds(rings.flat()));
      Object.assign(this, { inks: new Array(cells.length).fill(null), strengths: new Array(cells.length).fill(1), torn: new Set(), frame: new NS.Frame(() => this.draw()), rest: new NS.Later(...NS.ZOOMED, () => this.frame.ask()), zooming: false, pace: PACE[1] });
      const pictures = [0, 1].map(() => new Picture(map.getPane(pane), () => this.renew()));
      Object.assign(this, { shown: pictures[0], spare: pictures[1], coming: null });
      this.speck = NS.html("canvas", { width: 1, height: 1 }).getContext("2d");
      map.on("zoom viewreset", () => this.shown.zoom !== null && this.shown.stand(map));
      map.on("zoomanim", ({ center, zoom }) => {
        Object.assign(this, { zooming: true, coming: null }); // its view is gone before it is drawn
        if (this.shown.zoom !== null) this.shown.stand(map, center, zoom);
      });
      map.on("zoomend", () => { this.zooming = false; });
      map.on("moveend", () => this.zooming || this.begin());
      window.addEventListener("beforeprint", () => this.finish());
      this.begin();
    }

    /** Whether what is seen is what the map shows, at its zoom. */
    get settled() {
      return !this.coming && !this.torn.size && !this.zooming;
    }

    /** Give a cell its paint, a colour or a CanvasPattern, null for none; `later` where `renew` will draw it. */
    paint(cell, ink, later = false) {
      const before = this.inks[cell];
      this.inks[cell] = ink;
      if (later || (ink === null && before === null)) return;
      if (ink === null || this.strengths[cell] < 1) this.tear(cell);
      // Its paint covers what stood there.
      else for (const picture of [this.shown, this.coming]) if (picture && !picture.blank && this.isWithin(cell, picture, picture.bounds)) this.fill(cell, picture);
    }

    /** Let a cell step back: below 1, a faded face without a line, for that would be seen upon it. */
    fade(cell, strength) {
      if (strength === this.strengths[cell]) return;
      this.strengths[cell] = strength;
      this.tear(cell);
    }

    /** Draw everything anew: all inks are others. */
    renew() {
      const { shown } = this;
      if (!shown.blank) {
        shown.tasks = [{ within: shown.bounds }];
        this.work(shown, Infinity);
      }
      this.torn.clear();
      this.coming = null;
      if (!this.zooming) this.begin();
    }

    /** Draw at once what is left to draw. */
    finish() {
      this.mend();
      if (this.coming) this.goOn(Infinity);
    }

    /** What the map shows now, and some more to each side. */
    view() {
      const { map } = this, size = map.getSize(), min = map.containerPointToLayerPoint(size.multiplyBy(-MARGIN)).round();
      return { zoom: map.getZoom(), origin: map.getPixelOrigin(), bounds: L.bounds(min, min.add(size.multiplyBy(1 + 2 * MARGIN)).round()) };
    }

    /** The map has moved: go for the picture of its view, whatever was to come. */
    begin() {
      const view = this.view();
      this.mend();
      this.coming = null;
      if (!this.shown.blank && this.shown.isOf(view)) return;
      this.coming = this.spare;
      this.coming.take(view, this.shown);
      if (this.shown.blank || this.shown.isBeside(view)) this.frame.ask();
      else this.rest.ask();
    }

    draw() {
      this.mend();
      // The first is awaited by nobody who would look at another meanwhile.
      if (this.coming && !this.rest.isDue) this.goOn(this.shown.blank ? Infinity : this.pace);
    }

    /** Draw some of the picture to come, and show it when it is done. */
    goOn(count) {
      const { coming, shown } = this, began = performance.now();
      if (!this.work(coming, count)) {
        const took = this.clock(coming) - began;
        this.pace = Math.round(Math.max(PACE[0], this.pace * Math.min(2, Math.max(0.5, SLICE / took))));
        return this.frame.ask();
      }
      coming.stand(this.map);
      coming.canvas.style.display = "";
      shown.canvas.style.display = "none";
      Object.assign(this, { shown: coming, spare: shown, coming: null });
      return undefined;
    }

    /** What is drawn of a cell is to be taken away, and what lies there drawn again. */
    tear(cell) {
      this.torn.add(cell);
      this.frame.ask();
    }

    mend() {
      const cells = [...this.torn];
      this.torn.clear();
      for (const picture of [this.shown, this.coming]) {
        if (!cells.length || !picture || picture.blank) continue;
        const places = cells.filter((cell) => this.isWithin(cell, picture, picture.bounds)).map((cell) => this.place(cell, picture));
        const all = places.length > FEW ? [L.bounds(places.flatMap(({ min, max }) => [min, max]))] : places;
        picture.tasks.push(...all.map((within) => ({ within })));
      }
      if (this.shown.tasks.length) this.work(this.shown, Infinity);
    }

    /** Go through a picture's tasks for so many cells; whether all are done. */
    work(picture, count) {
      const { pen, tasks } = picture;
      let left = count;
      picture.blank = false;
      while (tasks.length) {
        const task = tasks[0], { min, max } = task.within;
        const corner = [min.x, min.y, max.x - min.x, max.y - min.y];
        if (!task.cells) {
          pen.clearRect(...corner);
          task.cells = [...this.inks.keys()].filter((cell) => this.isWithin(cell, picture, task.within)).reverse();
        }
        pen.save();
        pen.beginPath();
        pen.rect(...corner); // whole pixels: no seam is seen
        pen.clip();
        for (; task.cells.length && left > 0; left -= 1) this.fill(task.cells.pop(), picture);
        pen.restore();
        if (task.cells.length) return false;
        tasks.shift();
      }
      return true;
    }

    /** The time when all that was drawn is on the canvas: the browser puts it off until it is looked at. */
    clock({ canvas }) {
      this.speck.drawImage(canvas, 0, 0, 1, 1, 0, 0, 1, 1);
      return performance.now();
    }

    fill(cell, picture) {
      const ink = this.inks[cell], strength = this.strengths[cell], { pen, paths } = picture;
      if (ink === null) return;
      const path = paths[cell] || (paths[cell] = this.path(cell, picture));
      pen.globalAlpha = strength;
      pen.fillStyle = ink;
      pen.fill(path, "evenodd");
      if (strength < 1) return;
      pen.strokeStyle = ink; // the line covers the hair of land that antialiasing leaves between two cells
      pen.stroke(path);
    }

    path(cell, { zoom, origin }) {
      const scale = this.map.getZoomScale(zoom, 0), path = new Path2D();
      for (const ring of this.rings[cell]) {
        const corners = ring.map((point) => point.multiplyBy(scale)._round()._subtract(origin));
        L.LineUtil.simplify(corners, SMOOTH).forEach(({ x, y }, at) => path[at ? "lineTo" : "moveTo"](x, y));
        path.closePath();
      }
      return path;
    }

    /** Where a cell may be seen, in the whole pixels of a picture. */
    place(cell, { zoom, origin }) {
      const scale = this.map.getZoomScale(zoom, 0), { min, max } = this.boxes[cell];
      return L.bounds(min.multiplyBy(scale).subtract(origin).subtract([REACH, REACH]).floor(), max.multiplyBy(scale).subtract(origin).add([REACH, REACH]).ceil());
    }

    isWithin(cell, { zoom, origin }, { min, max }) {
      const scale = this.map.getZoomScale(zoom, 0), { min: least, max: most } = this.boxes[cell];
      return least && most.x * scale - origin.x + REACH > min.x && least.x * scale - origin.x - REACH < max.x
        && most.y * scale - origin.y + REACH > min.y && least.y * scale - origin.y - REACH < max.y;
    }
  };
})();
