/* What happened on a day and changed no control: quiet symbols beside the places, arrows for reported advances. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});

  NS.Events = class {
    /** `pane` takes the symbols. */
    constructor(map, story, pane) {
      Object.assign(this, { map, story, pane, nodes: [] });
      NS.picturePane(map, "dl-arrows", 420);
      this.renderer = L.svg({ pane: "dl-arrows", padding: 0.5 });
      this.arrows = L.layerGroup().addTo(map);
    }

    arrange(events, space) {
      this.nodes.forEach((node) => node.remove());
      this.nodes = [];
      this.arrows.clearLayers();
      for (const event of events) {
        const claim = this.story.claims[event.claim];
        const said = `${NS.eventWords(event.kind)}, ${this.story.places[event.place].name}: ${claim.words}`;
        const point = this.map.latLngToLayerPoint(event.at);
        if (event.from) {
          this.arrow(event, point);
          space.takeRound(point, 8);
        }
        const box = space.first([...NS.around(point, 16, 16, event.from ? 12 : 13), ...NS.away(point, 16, 16, [22, 34])]);
        if (!box) continue;
        const node = NS.html("span", { class: "dl-event", role: "img", "aria-label": said, title: said }, NS.eventSymbol(event.kind));
        space.symbols.push({ x: box.left + 8, y: box.top + 8, reach: 8 });
        NS.stand(node, { x: box.left, y: box.top });
        this.pane.append(node);
        this.nodes.push(node);
      }
    }

    /** A bent arrow from where an advance began to the furthest reported position. */
    arrow(event, tip) {
      const start = this.map.latLngToLayerPoint(event.from);
      const across = L.point(start.y - tip.y, tip.x - start.x).multiplyBy(0.14);
      const bend = start.add(tip).divideBy(2).add(across);
      const curve = Array.from({ length: 13 }, (_, at) => {
        const t = 0.12 + (at / 12) * 0.88;
        return start.multiplyBy((1 - t) ** 2).add(bend.multiplyBy(2 * t * (1 - t))).add(tip.multiplyBy(t * t));
      });
      const back = curve.at(-1).subtract(curve.at(-3));
      const length = Math.hypot(back.x, back.y) || 1;
      const along = back.divideBy(length), side = L.point(-along.y, along.x);
      const head = [tip, tip.subtract(along.multiplyBy(11)).add(side.multiplyBy(5.5)), tip.subtract(along.multiplyBy(11)).subtract(side.multiplyBy(5.5))];
      const degrees = (points) => points.map((point) => this.map.layerPointToLatLng(point));
      const options = { pane: "dl-arrows", renderer: this.renderer, interactive: false };
      curve[curve.length - 1] = tip.subtract(along.multiplyBy(6));
      for (const name of ["dl-arrow dl-arrow-casing", "dl-arrow"]) this.arrows.addLayer(L.polyline(degrees(curve), { ...options, className: name }));
      this.arrows.addLayer(L.polygon(degrees(head), { ...options, className: "dl-arrow-head" }));
    }
  };
})();
