/* Places on the map: symbols that are buttons, names, notes of places that are known only roughly. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const AREAS = new Set(["country", "continent", "province", "region", "district"]);
  const SETTLEMENTS = new Set(["city", "town", "village"]);
  const ABREAST = 16; // pixels from a town's symbol that another symbol keeps
  const UNDRAWN = new Set(["country", "continent"]);
  const CROSSING = 28; // pixels by which a leader line may be longer to pass one thing less
  const CROSSED = { told: 1, named: 0 }; // things that a leader line may pass; a note that needs more is left to the list
  const FARTHEST = 96; // pixels of a leader line at the most
  const SMALL = 80; // pixels up to which a country's name may reach over its borders
  const TOUCH = 44; // pixels of a symbol that answer to a finger
  const LINE = 16; // height of a name, pixels at 100 % text

  NS.Places = class {
    constructor(map, story, theme, { open, overlays, basemap }) {
      Object.assign(this, { map, story, theme, open, overlays, basemap, events: true, background: true, key: "" });
      map.createPane("dl-names").style.zIndex = 560;
      this.names = map.getPane("dl-names");
      this.leaders = NS.svg("svg", { class: "dl-leaders", width: 1, height: 1, "aria-hidden": "true", focusable: "false" });
      this.names.append(this.leaders);
      this.happenings = new NS.Events(map, story, this.names);
      this.items = story.places.map((place, index) => this.item(place, index));
      this.countries = new Map();
      this.sizes = new Map();
      map.on("zoomstart", () => this.names.classList.add("dl-moving"));
      map.on("moveend zoomend resize", () => this.moment && this.rearrange());
    }

    /** The view is another, or what lies over it: measure it again, then arrange. */
    rearrange() {
      this.measured = null;
      this.arrange();
    }

    /** What asks the browser for its layout, asked once a view and not once a day. */
    measure() {
      const size = this.map.getSize(), corner = this.map.containerPointToLayerPoint([0, 0]);
      return {
        bounds: { left: corner.x + 2, top: corner.y + 2, right: corner.x + size.x - 2, bottom: corner.y + size.y - 2 },
        overlays: this.overlays().map((box) => ({ left: box.left + corner.x, right: box.right + corner.x, top: box.top + corner.y, bottom: box.bottom + corner.y })),
        stands: this.basemap.stands(),
        scale: parseFloat(getComputedStyle(this.map.getContainer()).fontSize) / 16 || 1,
        fonts: getComputedStyle(this.names).fontFamily,
      };
    }

    item(place, index) {
      const exact = place.precision === 1 && !AREAS.has(place.kind);
      const item = { place, index, exact, latlng: L.latLng(place.lat, place.lon), span: undefined, label: null };
      const press = (event) => this.press(item, event);
      if (exact) {
        item.button = NS.html("button", { type: "button", class: "dl-place", onclick: press });
        item.marker = L.marker(item.latlng, {
          keyboard: false, zIndexOffset: (5 - place.rank) * 1000 + (SETTLEMENTS.has(place.kind) ? 500 : 0),
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
      const said = item.span ? `${item.span.words} (${item.span.since_year_only ? NS.days.year(item.span.since) : NS.days.short(item.span.since)})` : "";
      NS.show(item.note, NS.html("span", { class: "dl-note-name" }, NS.capital(item.place.name)), said ? NS.html("span", { class: "dl-note-words" }, said) : null);
      if (!item.note.isConnected) this.names.append(item.note);
      return undefined;
    }

    words({ place, span }) {
      if (!span) return `${NS.capital(place.name)}: named, nothing said of who holds it`;
      const denied = span.disputed.map((actor) => this.story.actors[actor].short).join(", ");
      return `${NS.capital(place.name)}: ${span.words || span.status}${denied ? `; disputed by ${denied}` : ""}`;
    }

    /** Give everything its place: symbols stand where they stand, then events, notes, names, countries. */
    arrange() {
      this.measured = this.measured || this.measure();
      const space = new NS.Space(this.measured.bounds);
      for (const box of this.measured.overlays) space.take(box);
      const shown = this.items.filter((item) => item.shown);
      for (const item of shown) {
        item.point = this.map.latLngToLayerPoint(item.latlng);
      }
      const towns = shown.filter((item) => item.exact && SETTLEMENTS.has(item.place.kind));
      for (const item of shown) {
        if (!item.exact) continue;
        if (!SETTLEMENTS.has(item.place.kind)) this.moveAbreast(item, towns);
        space.takeRound(item.point, this.reach(item));
      }
      for (const item of shown) if (item.note) space.takeRound(item.point, 6); // where its leader line will end
      this.leaders.replaceChildren();
      const named = shown.filter((item) => item.exact);
      const eventful = new Set((this.happening || []).map((event) => event.place));
      const first = named.filter(({ place, index, span }) => place.rank === 1 && (eventful.has(index) || (span && !span.background)));
      this.arrangeNames(space, first);
      this.happenings.arrange(this.happening || [], space);
      this.arrangeNames(space, named.filter((item) => item.span && !first.includes(item)));
      this.arrangeNotes(space, shown.filter((item) => item.note && item.span));
      this.arrangeNames(space, named.filter((item) => !item.span && !first.includes(item)));
      this.arrangeNotes(space, shown.filter((item) => item.note && !item.span));
      for (const item of this.items) if (item.label && !item.shown) item.label.classList.add("dl-left-out");
      this.arrangeCountries(space);
      this.names.classList.remove("dl-moving");
    }

    /** An airport or the like gives way to the town that it would cover, in its own direction. */
    moveAbreast(item, towns) {
      let { point } = item;
      for (const town of towns) {
        const away = point.subtract(town.point), far = Math.hypot(away.x, away.y);
        if (far < ABREAST) point = town.point.add(far > 0 ? away.multiplyBy(ABREAST / far) : L.point(ABREAST, 0));
      }
      const shift = point.subtract(item.point);
      item.button.style.transform = shift.x || shift.y ? `translate(${shift.x.toFixed(1)}px, ${shift.y.toFixed(1)}px)` : "";
      item.point = point;
    }

    reach({ span, place }) {
      if (!span) return 6;
      if (span.status === "under_attack") return 12;
      return (span.background ? 6 : 8) + (place.rank === 1 ? 1 : 0);
    }

    arrangeNotes(space, items) {
      for (const item of items) {
        const [width, height] = this.sizeOf(item);
        const cost = (box) => {
          const end = NS.nearest(box, item.point), crossed = space.crossed(item.point, end);
          const far = Math.hypot(end.x - item.point.x, end.y - item.point.y);
          return far > FARTHEST || crossed > CROSSED[item.span ? "told" : "named"] ? Infinity : far + CROSSING * crossed;
        };
        const box = space.best(NS.away(item.point, width, height, [22, 40, 64, 92, 124]), cost);
        item.note.classList.toggle("dl-left-out", !box);
        if (!box) continue;
        L.DomUtil.setPosition(item.note, L.point(box.left, box.top));
        const end = NS.nearest(box, item.point);
        const ends = { x1: item.point.x, y1: item.point.y, x2: end.x, y2: end.y };
        this.leaders.append(NS.svg("line", { ...ends, class: "dl-leader-casing" }), NS.svg("line", { ...ends, class: "dl-leader" }),
          NS.svg("path", { d: `M${item.point.x - 4},${item.point.y} h8 M${item.point.x},${item.point.y - 4} v8`, class: "dl-leader" }));
      }
    }

    /** Width and height of a note, drawn together to its lines; remembered with its words. */
    sizeOf(item) {
      const key = `${item.note.textContent}|${this.measured.scale}`;
      if (item.sizeKey === key) return item.size;
      item.sizeKey = key;
      if (!this.sizes.has(key)) {
        item.note.style.width = "";
        const range = document.createRange();
        const right = [...item.note.children].flatMap((line) => {
          range.selectNodeContents(line.firstChild);
          return [...range.getClientRects()].map((box) => box.right);
        });
        const width = Math.ceil(Math.max(...right) - item.note.getBoundingClientRect().left) + 5;
        item.note.style.width = `${width}px`;
        this.sizes.set(key, [width, item.note.offsetHeight]);
      }
      item.size = this.sizes.get(key);
      item.note.style.width = `${item.size[0]}px`;
      return item.size;
    }

    arrangeNames(space, items) {
      const { scale, fonts } = this.measured;
      const weight = ({ place, span }) => place.rank * 10 + (span ? (span.background ? 6 : 0) : 8);
      for (const item of [...items].sort((one, two) => weight(one) - weight(two))) {
        const size = (item.place.rank === 1 ? 13.5 : item.place.rank === 4 ? 11.5 : 12.5) * scale;
        const bold = item.span && !item.span.background;
        const width = NS.widthOf(item.place.name, `${bold ? 650 : 450} ${size}px ${fonts}`) + 4;
        const box = space.first(NS.around(item.point, width, LINE * scale, this.reach(item) + 2));
        if (!item.label) item.label = this.names.appendChild(NS.html("span", { class: "dl-name", "aria-hidden": "true" }, item.place.name));
        item.label.className = `dl-name${box ? "" : " dl-left-out"}${bold ? " dl-strong" : ""}`;
        if (item.labelKey !== `${size} ${width}`) {
          item.labelKey = `${size} ${width}`;
          Object.assign(item.label.style, { fontSize: `${size}px`, width: `${width}px`, height: `${LINE * scale}px`, lineHeight: `${LINE * scale}px` });
        }
        if (box) L.DomUtil.setPosition(item.label, L.point(box.left, box.top));
      }
    }

    arrangeCountries(space) {
      for (const node of this.countries.values()) node.classList.add("dl-left-out");
      const { fonts, stands } = this.measured;
      const noted = this.items.filter((item) => item.shown && item.note).map((item) => item.place.name.toLowerCase());
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
          this.countries.set(name, this.names.appendChild(made));
        }
        const node = this.countries.get(name);
        node.classList.remove("dl-left-out");
        L.DomUtil.setPosition(node, L.point(box.left, box.top));
      }
    }
  };
})();
