/* What part of the map is seen: the whole as the story gives it, a view that the address names, or where the reader's hand led. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const FRAME = "M2,6 V2 h4 M10,2 h4 v4 M14,10 v4 h-4 M6,14 h-4 v-4";
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  NS.View = class {
    /**
     * `isNarrow()` tells whether all stands in one column, `edge()` where beside the day a wide view begins, pixels; `settled()` is
     * called when the reader has moved the map. `text` is the view as an address says it, "" the whole.
     */
    constructor(map, story, basemap, { isNarrow, edge, settled }) {
      Object.assign(this, { map, story, basemap, isNarrow, edge, settled, text: "", moved: false, byHand: false, own: false });
      Object.assign(map.options, { zoomSnap: 0.1, zoomDelta: 0.5, wheelPxPerZoomLevel: 90, minZoom: 3, maxZoom: 13, worldCopyJump: false });
      this.yieldToPage();
      if (map.zoomControl) map.zoomControl.remove();
      if (calm()) {
        map.options.inertia = false;
        map._zoomAnimated = false; // Leaflet reads its option for this only when the map is made
      }
      const zoom = L.control.zoom({ position: isNarrow() ? "bottomright" : "topright", zoomInTitle: "Zoom in", zoomOutTitle: "Zoom out" }).addTo(map);
      zoom.getContainer().append(this.wholeButton());
      L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 90 }).addTo(map);
      this.followHand();
    }

    /** The wheel and one finger move the page; the wheel with Ctrl, and two fingers, move the map. */
    yieldToPage() {
      const { map } = this, container = map.getContainer();
      map.scrollWheelZoom.disable();
      container.addEventListener("wheel", (event) => {
        if (event.ctrlKey || event.metaKey) map.scrollWheelZoom.enable();
        else map.scrollWheelZoom.disable();
      }, { capture: true, passive: true });
      if (!matchMedia("(pointer: coarse)").matches) return;
      container.style.touchAction = "pan-x pan-y";
      map.dragging.disable();
    }

    /** Only where the reader's own hand led is a view that an address keeps; what the map does by itself is none. */
    followHand() {
      const { map } = this;
      const begun = () => { if (!this.own) this.moved = this.byHand = true; };
      map.on("dragstart zoomstart", begun);
      map.getContainer().addEventListener("keydown", (event) => { if (event.key.startsWith("Arrow") && event.target === map.getContainer()) begun(); });
      map.on("moveend", () => {
        if (!this.byHand || this.own) return;
        this.byHand = false;
        this.text = NS.viewText(map);
        this.settled();
      });
    }

    /** A button beside those of the zoom that shows the whole again. */
    wholeButton() {
      const whole = NS.html("button", {
        type: "button", class: "dl-whole", "aria-label": "Show the whole map", title: "Show the whole map", onclick: () => { this.show(""); this.settled(); },
      }, NS.svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, class: "dl-icon", "aria-hidden": "true", focusable: "false" }, NS.svg("path", { d: FRAME })));
      L.DomEvent.disableClickPropagation(whole);
      return whole;
    }

    /** The map goes no farther than the base map is drawn. */
    bound() {
      const home = this.basemap.drawn;
      if (!home) return;
      const bounds = L.latLngBounds([[home[1], home[0]], [home[3], home[2]]]);
      this.map.setMaxBounds(bounds.pad(0.05));
      this.map.setMinZoom(Math.min(this.map.getZoom(), this.map.getBoundsZoom(bounds)));
    }

    /** Show a view as an address says it; "" is the whole. */
    show(text) {
      const found = NS.viewOf(text);
      this.text = text;
      this.byHand = false;
      this.moved = Boolean(found);
      if (!found) return this.whole();
      this.own = true;
      this.map.setView([found.lat, found.lng], found.zoom, { animate: false });
      this.own = false;
      return undefined;
    }

    whole() {
      const { south, west, north, east } = this.story.view;
      const size = this.map.getSize(), wide = !this.isNarrow();
      this.own = true;
      this.map.fitBounds([[south, west], [north, east]], {
        animate: false, paddingTopLeft: [wide ? size.x * 0.06 : 4, wide ? size.y * 0.05 : 6], paddingBottomRight: [wide ? size.x * 0.12 : 4, 6],
      });
      this.centre(wide);
      this.own = false;
    }

    /** On a wide screen there is room beside the view: give it to the rest of the country. */
    centre(wide) {
      const home = this.basemap.home;
      if (!home || !wide) return;
      const { map } = this, zoom = map.getZoom(), size = map.getSize();
      const x = (lon) => map.project([0, lon], zoom).x;
      const middle = map.project(map.getCenter(), zoom);
      const [left, right] = [x(home[0]), x(home[2])];
      const edge = Math.max(size.x * 0.2, this.edge()); // where the view begins: beside the day
      let at = x(this.story.view.west) - edge + size.x / 2;
      if (right - left < size.x * 0.82) at = Math.min(at, (left + right) / 2 + size.x * 0.03);
      else if (at < middle.x || right < middle.x + size.x / 2) return;
      map.setView(map.unproject([at, middle.y], zoom), zoom, { animate: false });
    }

    /** Move the map so that a place is seen in its upper part, `share` of its height, with some room round it. */
    reveal({ lat, lon }, share) {
      const size = this.map.getSize(), low = size.y * share, at = this.map.latLngToContainerPoint([lat, lon]);
      if (at.x > size.x * 0.1 && at.x < size.x * 0.9 && at.y > low * 0.14 && at.y < low * 0.86) return;
      this.map.panBy([at.x - size.x / 2, at.y - low / 2], { animate: !calm() });
    }
  };
})();
