/* Places on the map: symbols that are buttons, names, notes of places that are known only roughly, events of the day. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const AREAS = new Set(["country", "continent", "province", "region", "district"]);
  const UNDRAWN = new Set(["country", "continent"]);
  const TOUCH = 44; // pixels of a symbol that answer to a finger
  const LINE = 16; // height of a name, pixels at 100 % text

  NS.Places = class {
    constructor(map, story, theme, { open, overlays, basemap }) {
      Object.assign(this, { map, story, theme, open, overlays, basemap, events: true, background: true, key: "" });
      for (const [pane, height] of [["dl-arrows", 420], ["dl-names", 560]]) map.createPane(pane).style.zIndex = height;
      this.names = map.getPane("dl-names");
      this.leaders = NS.svg("svg", { class: "dl-leaders", width: 1, height: 1, "aria-hidden": "true", focusable: "false" });
      this.names.append(this.leaders);
      this.renderer = L.svg({ pane: "dl-arrows", padding: 0.5 });
      this.arrows = L.layerGroup().addTo(map);
      this.items = story.places.map((place, index) => this.item(place, index));
      this.countries = [];
      map.on("zoomstart", () => this.names.classList.add("dl-moving"));
      map.on("moveend zoomend resize", () => this.moment && this.arrange());
    }

    item(place, index) {
      const exact = place.precision === 1 && !AREAS.has(place.kind);
      const item = { place, index, exact, latlng: L.latLng(place.lat, place.lon), span: undefined, label: null };
      const press = (event) => this.press(item, event);
      if (exact) {
        item.button = NS.html("button", { type: "button", class: "dl-place", onclick: press });
        item.marker = L.marker(item.latlng, {
          keyboard: false, zIndexOffset: (5 - place.rank) * 1000,
          icon: L.divIcon({ className: "dl-marker", html: item.button, iconSize: [TOUCH, TOUCH] }),
        });
        L.DomEvent.disableClickPropagation(item.button);
      } else if (!UNDRAWN.has(place.kind)) {
        item.note = NS.html("button", { type: "button", class: "dl-note", onclick: () => this.open(index, item.note) });
        L.DomEvent.disableClickPropagation(item.note);
      }
      return item;
    }

    /** Of symbols that lie under one finger, the nearest is meant. */
    press(item, event) {
      let meant = item;
      if (event.detail > 0) {
        const rect = this.map.getContainer().getBoundingClientRect();
        const point = L.point(event.clientX - rect.left, event.clientY - rect.top);
        const far = (other) => this.map.latLngToContainerPoint(other.latlng).distanceTo(point);
        for (const other of this.items) if (other.shown && other.exact && far(other) < far(meant)) meant = other;
      }
      this.open(meant.index, meant.button);
    }

    buttonOf(index) {
      const item = this.items[index];
      return item.shown ? item.button || item.note : null;
    }

    /** Mark the place whose card is open; null marks none. */
    select(index) {
      this.items.forEach((item) => [item.button, item.note].forEach((node) => node && node.classList.toggle("dl-chosen", item.index === index)));
    }

    spanAt(index, moment) {
      const span = this.story.spanOf(index, moment);
      return span && span.background && !this.background ? null : span;
    }

    isSpokenOf(index, moment) {
      return (this.story.byPlace.get(index) || []).some((claim) =>
        !this.story.isBackground(claim) && this.story.isKnown(claim, moment) && this.story.claims[claim].reported <= moment.day);
    }

    draw(moment, all = false) {
      this.moment = moment;
      const events = this.events ? this.story.eventsAt(moment) : [];
      const eventful = new Set(events.map((event) => event.place));
      let changed = all;
      for (const item of this.items) {
        const span = this.spanAt(item.index, moment);
        const shown = item.exact ? Boolean(span) || this.isSpokenOf(item.index, moment) : Boolean(item.note) && (Boolean(span) || eventful.has(item.index));
        if (!all && shown === item.shown && span === item.span) continue;
        changed = true;
        Object.assign(item, { shown, span });
        if (item.exact) this.drawSymbol(item);
        else if (item.note) this.drawNote(item);
      }
      const key = events.map((event) => this.story.events.indexOf(event)).join();
      if (changed || key !== this.key) {
        this.key = key;
        this.happening = events;
        this.arrange();
      }
    }

    drawSymbol(item) {
      if (item.shown !== this.map.hasLayer(item.marker)) item.marker[item.shown ? "addTo" : "removeFrom"](this.map);
      if (!item.shown) return;
      const words = this.words(item);
      NS.show(item.button, NS.symbol(this.theme, item.place.kind, item.place.rank, item.span));
      item.button.setAttribute("aria-label", words);
      item.button.title = words;
    }

    drawNote(item) {
      if (!item.shown) return item.note.remove();
      const said = item.span ? item.span.words : "";
      NS.show(item.note, NS.html("span", { class: "dl-note-name" }, item.place.name), said ? NS.html("span", { class: "dl-note-words" }, said) : null);
      if (!item.note.isConnected) this.names.append(item.note);
      return undefined;
    }

    words({ place, span }) {
      if (!span) return `${place.name}: named, nothing said of who holds it`;
      const denied = span.disputed.map((actor) => this.story.actors[actor].short).join(", ");
      return `${place.name}: ${span.words || span.status}${denied ? `; disputed by ${denied}` : ""}`;
    }

    /** Give everything its place: symbols stand where they stand, then events, notes, names, countries. */
    arrange() {
      const size = this.map.getSize(), corner = this.map.containerPointToLayerPoint([0, 0]);
      const space = new NS.Space({ left: corner.x + 2, top: corner.y + 2, right: corner.x + size.x - 2, bottom: corner.y + size.y - 2 });
      for (const box of this.overlays()) {
        space.take({ left: box.left + corner.x, right: box.right + corner.x, top: box.top + corner.y, bottom: box.bottom + corner.y });
      }
      const shown = this.items.filter((item) => item.shown);
      for (const item of shown) {
        item.point = this.map.latLngToLayerPoint(item.latlng);
        if (item.exact) space.takeRound(item.point, this.reach(item));
      }
      this.leaders.replaceChildren();
      this.arrangeEvents(space);
      this.arrangeNotes(space, shown.filter((item) => item.note));
      this.arrangeNames(space, shown.filter((item) => item.exact));
      this.arrangeCountries(space);
      this.names.classList.remove("dl-moving");
    }

    reach({ span, place }) {
      if (!span) return 6;
      if (span.status === "under_attack") return 12;
      return (span.background ? 6 : 8) + (place.rank === 1 ? 1 : 0);
    }

    arrangeEvents(space) {
      this.names.querySelectorAll(".dl-event").forEach((node) => node.remove());
      this.arrows.clearLayers();
      for (const event of this.happening || []) {
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
        L.DomUtil.setPosition(node, L.point(box.left, box.top));
        this.names.append(node);
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

    arrangeNotes(space, items) {
      for (const item of items) {
        const width = item.note.offsetWidth, height = item.note.offsetHeight;
        const box = space.first(NS.away(item.point, width, height, [26, 48, 76, 110]));
        item.note.classList.toggle("dl-left-out", !box);
        if (!box) continue;
        L.DomUtil.setPosition(item.note, L.point(box.left, box.top));
        const end = NS.nearest(box, item.point);
        const ends = { x1: item.point.x, y1: item.point.y, x2: end.x, y2: end.y };
        this.leaders.append(NS.svg("line", { ...ends, class: "dl-leader-casing" }), NS.svg("line", { ...ends, class: "dl-leader" }),
          NS.svg("path", { d: `M${item.point.x - 4},${item.point.y} h8 M${item.point.x},${item.point.y - 4} v8`, class: "dl-leader" }));
      }
    }

    arrangeNames(space, items) {
      const scale = parseFloat(getComputedStyle(this.map.getContainer()).fontSize) / 16 || 1;
      const weight = ({ place, span }) => place.rank * 10 + (span ? (span.background ? 6 : 0) : 8);
      const fonts = getComputedStyle(this.names).fontFamily;
      for (const item of [...items].sort((one, two) => weight(one) - weight(two))) {
        const size = (item.place.rank === 1 ? 13.5 : item.place.rank === 4 ? 11.5 : 12.5) * scale;
        const bold = item.span && !item.span.background;
        const width = NS.widthOf(item.place.name, `${bold ? 650 : 450} ${size}px ${fonts}`) + 4;
        const box = space.first(NS.around(item.point, width, LINE * scale, this.reach(item) + 2));
        if (!item.label) item.label = this.names.appendChild(NS.html("span", { class: "dl-name", "aria-hidden": "true" }, item.place.name));
        item.label.className = `dl-name${box ? "" : " dl-left-out"}${bold ? " dl-strong" : ""}`;
        item.label.style.fontSize = `${size}px`;
        item.label.style.width = `${width}px`;
        item.label.style.height = item.label.style.lineHeight = `${LINE * scale}px`;
        if (box) L.DomUtil.setPosition(item.label, L.point(box.left, box.top));
      }
      for (const item of this.items) if (item.label && !item.shown) item.label.classList.add("dl-left-out");
    }

    arrangeCountries(space) {
      this.countries.forEach((node) => node.remove());
      this.countries = [];
      const fonts = getComputedStyle(this.names).fontFamily;
      for (const { name, layer, points } of this.basemap.stands()) {
        const width = NS.widthOf(name, `500 11.5px ${fonts}`) * (layer === "country" ? 1.3 : 1) + 8;
        const boxes = layer === "country"
          ? points.map(({ x, y }) => ({ left: x - width / 2, right: x + width / 2, top: y - 8, bottom: y + 8 }))
          : points.flatMap((point) => [...NS.around(point, width, 16, 14), ...NS.away(point, width, 16, [24, 40])]);
        const box = space.first(boxes);
        if (!box) continue;
        const node = NS.html("span", { class: `dl-ground-name dl-ground-${layer}`, "aria-hidden": "true" }, name);
        node.style.width = `${width}px`;
        L.DomUtil.setPosition(node, L.point(box.left, box.top));
        this.names.append(node);
        this.countries.push(node);
      }
    }
  };
})();
