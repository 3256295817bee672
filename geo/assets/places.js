/* Places on the map: symbols that are buttons, names, notes of places that are known only roughly. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const AREAS = new Set(["country", "continent", "province", "region", "district"]);
  const SETTLEMENTS = new Set(["city", "town", "village"]);
  const NEAR = 2; // the precision of a place of which only the town is told that it is near
  const ABREAST = 16; // pixels from a town's symbol that another symbol keeps
  const UNDRAWN = new Set(["country", "continent"]);
  const RING = 16; // pixels that the ring round the chosen symbol reaches
  const MOVED = 50; // milliseconds by which names may follow a move of the map: the frame in which it moves has enough to do
  const SOUTH = 25; // by how much a degree of latitude raises a symbol: less in all than its kind does
  const TOUCH = 44; // pixels of a symbol that answer to a finger

  /** A point that keeps off the symbols of towns, in its own direction. */
  const abreast = (from, towns) => towns.reduce((point, town) => {
    const away = from.subtract(town.point), far = Math.hypot(away.x, away.y);
    return far < ABREAST ? town.point.add(far > 0 ? away.multiplyBy(ABREAST / far) : L.point(ABREAST, 0)) : point;
  }, from);

  /** A marker that has a transform, and so costs the browser a layer, only while the map zooms. */
  const Marker = L.Marker.extend({
    _setPos(point) {
      this._icon._leaflet_pos = point;
      this._icon.style.transform = "";
      NS.stand(this._icon, point);
    },

    /** Farther south lies above, as Leaflet has it, but by the place and not by the pixel: a number that no move changes. */
    _initIcon() {
      L.Marker.prototype._initIcon.call(this);
      this._icon.style.zIndex = this.options.zIndexOffset + Math.round((90 - this._latlng.lat) * SOUTH);
    },

    _animateZoom({ zoom, center }) {
      const { x, y } = this._map._latLngToNewLayerPoint(this._latlng, zoom, center).round().subtract(this._icon._leaflet_pos);
      this._icon.style.transform = `translate(${x}px, ${y}px)`;
    },
  });

  NS.Places = class {
    constructor(map, story, theme, { open, overlays, basemap }) {
      Object.assign(this, { map, story, theme, open, overlays, basemap, events: true, background: true, chosen: null, key: "" });
      map.createPane("dl-names").style.zIndex = 560;
      this.names = map.getPane("dl-names");
      this.writer = new NS.Names(this.names, (item) => this.reach(item));
      this.notes = new NS.Notes(this.names, this.writer);
      this.happenings = new NS.Events(map, story, this.names);
      this.items = story.places.map((place, index) => this.item(place, index));
      this.turns = NS.turnsOf((known) => this.items.map(({ index }) => [index, this.turning(index, known)]));
      map.on("zoomstart", () => this.names.classList.add("dl-moving"));
      const later = new NS.Later(MOVED, 4 * MOVED, () => this.moment && !this.measured && this.arrange());
      map.on("moveend zoomend resize", () => {
        this.measured = null;
        later.ask();
      });
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
        item.button = NS.html("button", { type: "button", class: "dl-place", "data-at": index, onclick: press });
        item.marker = new Marker(item.latlng, {
          keyboard: false, zIndexOffset: (5 - place.rank) * 10000 + (SETTLEMENTS.has(place.kind) ? 5000 : 0),
          icon: L.divIcon({ className: "dl-marker", html: item.button, iconSize: [TOUCH, TOUCH] }),
        });
        L.DomEvent.disableClickPropagation(item.button);
      } else if (!UNDRAWN.has(place.kind)) {
        item.note = NS.html("button", { type: "button", class: "dl-note", "data-at": index, onclick: () => this.open(index, item.note) });
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

    /** Mark the place whose card is open; null marks none. A place of which nothing is seen gets a ring where it lies. */
    select(index) {
      this.chosen = index;
      this.items.forEach((item) => [item.button, item.note].forEach((node) => node && node.classList.toggle("dl-chosen", item.index === index)));
      if (this.moment) this.arrange();
    }

    ring() {
      const item = this.chosen === null ? null : this.items[this.chosen];
      if (this.here) this.here.remove();
      this.here = null;
      if (!item || UNDRAWN.has(item.place.kind) || (item.shown && !(item.note && item.note.classList.contains("dl-left-out")))) return;
      const mark = NS.html("span", { class: "dl-here" }, NS.svg("svg", { viewBox: "-16 -16 32 32", width: 32, height: 32, "aria-hidden": "true", focusable: "false" },
        NS.svg("circle", { r: 11 }), NS.svg("path", { d: "M0,-15 v8 M0,7 v8 M-15,0 h8 M7,0 h8" })));
      this.here = new Marker(item.latlng, { keyboard: false, interactive: false, icon: L.divIcon({ className: "dl-marker", html: mark, iconSize: [32, 32] }) }).addTo(this.map);
    }

    /** Write the names in English, in Arabic ("ar") or in both. */
    write(labels) {
      if (labels === this.writer.labels) return;
      this.writer.labels = labels;
      for (const item of this.items) if (item.note && item.shown) this.notes.draw(item);
      if (this.moment) this.arrange();
    }

    spanAt(index, moment) {
      const span = this.story.spanOf(index, moment);
      return span && span.background && !this.background ? null : span;
    }

    isSpokenOf(index, moment) {
      return (this.story.byPlace.get(index) || []).some((claim) =>
        !this.story.isBackground(claim) && this.story.isKnown(claim, moment) && this.story.claims[claim].reported <= moment.day);
    }

    /** The days [[day], ...] from which on something else may be drawn of a place. */
    turning(index, known) {
      const { story } = this, days = (story.byPlace.get(index) || []).map((claim) => story.claims[claim].reported);
      for (const span of story.spans[known].get(index) || []) days.push(span.day, span.end, NS.agedFrom(story, span));
      for (const { place, day, end } of story.events) if (place === index) days.push(day, end);
      return days.map((day) => [day]);
    }

    draw(moment, all = false) {
      const shows = [moment.known, this.events, this.background].join();
      const turned = all || shows !== this.shows ? this.items.keys() : this.turns(moment.known).between(this.day, moment.day);
      Object.assign(this, { moment, shows, day: moment.day });
      const events = this.events ? this.story.eventsAt(moment) : [];
      const eventful = new Set(events.map((event) => event.place));
      let moved = all; // whether anything takes room that took none, or the other way round
      for (const index of turned) {
        const item = this.items[index], span = this.spanAt(index, moment);
        const shown = item.exact ? Boolean(span) || this.isSpokenOf(index, moment) : Boolean(item.note) && (Boolean(span) || eventful.has(index));
        const aged = NS.isAged(this.story, span, moment);
        if (!all && shown === item.shown && span === item.span && aged === item.aged) continue;
        Object.assign(item, { shown, span, aged });
        if (item.exact) this.drawSymbol(item, all);
        else if (item.note) this.notes.draw(item);
        const room = !shown ? "" : item.note ? `${Boolean(span)} ${item.note.textContent}` : `${Boolean(span)} ${Boolean(span && span.background)} ${this.reach(item)}`;
        if (room === item.room) continue;
        item.room = room;
        moved = true;
        for (const node of [item.note, shown ? null : item.label]) if (node) node.classList.add("dl-left-out"); // until it is known where it can stand
      }
      const key = events.map((event) => this.story.events.indexOf(event)).join();
      this.happening = events;
      this.pending = this.pending || moved || key !== this.key;
      this.key = key;
      if (all) this.settle();
    }

    /** Put names, notes and events in order for what is drawn, if anything of it takes another room. */
    settle() {
      if (this.pending) this.arrange();
    }

    drawSymbol(item, all) {
      if (item.shown !== this.map.hasLayer(item.marker)) item.marker[item.shown ? "addTo" : "removeFrom"](this.map);
      if (!item.shown) return;
      const words = this.words(item), look = NS.look(item.span, item.aged);
      if (all || look !== item.look) {
        const given = [this.theme, item.place.kind, item.place.rank, item.span, item.aged];
        if (item.button.firstChild) NS.become(item.button.firstChild, NS.symbolModel(...given));
        else item.button.append(NS.symbol(...given));
      }
      item.look = look;
      if (words === item.button.title) return;
      item.button.setAttribute("aria-label", words);
      item.button.title = words;
    }

    words({ place, span, aged }) {
      if (!span) return `${NS.capital(place.name)}: named, nothing said of who holds it`;
      return `${NS.capital(place.name)}: ${this.story.statusWords(span)}${aged ? `; not confirmed since ${NS.days.plain(span.confirmed)}` : ""}`;
    }

    /** Give everything its place: symbols stand where they stand, then events, notes, names, countries. */
    arrange() {
      this.pending = false;
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
        space.takeSymbol(item.point, this.reach(item));
      }
      for (const item of shown) {
        if (!item.note) continue;
        if (item.place.precision === NEAR) item.point = abreast(item.point, towns); // it is near a town, and not that town
        item.end = space.keep(item.point, 6); // where its leader line will end
      }
      this.notes.begin();
      const named = shown.filter((item) => item.exact);
      const eventful = new Set((this.happening || []).map((event) => event.place));
      const first = named.filter(({ place, index, span }) => place.rank === 1 && (eventful.has(index) || (span && !span.background)));
      this.writer.arrange(space, this.measured, first);
      this.happenings.arrange(this.happening || [], space);
      this.writer.arrange(space, this.measured, named.filter((item) => item.span && !first.includes(item)));
      this.notes.arrange(space, shown.filter((item) => item.note && item.span), this.measured.scale);
      this.writer.arrange(space, this.measured, named.filter((item) => !item.span && !first.includes(item)));
      this.notes.arrange(space, shown.filter((item) => item.note && !item.span), this.measured.scale);
      for (const item of this.items) if (item.label && !item.shown) item.label.classList.add("dl-left-out");
      this.writer.arrangeCountries(space, this.measured, shown.filter((item) => item.note).map((item) => item.place.name.toLowerCase()));
      this.names.classList.remove("dl-moving");
      this.ring();
    }

    /** An airport or the like gives way to the town that it would cover. */
    moveAbreast(item, towns) {
      const point = abreast(item.point, towns), shift = point.subtract(item.point);
      item.button.style.transform = shift.x || shift.y ? `translate(${shift.x.toFixed(1)}px, ${shift.y.toFixed(1)}px)` : "";
      item.point = point;
    }

    /** How far a symbol reaches from its middle, pixels; the ring of the one that is chosen stands round it. */
    reach({ span, place, index }) {
      const bare = !span ? 6 : span.status === "under_attack" ? 12 : (span.background ? 6 : 8) + (place.rank === 1 ? 1 : 0);
      return index === this.chosen ? Math.max(bare, RING) : bare;
    }
  };
})();
