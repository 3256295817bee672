/* The time map: puts the parts together, and lets them follow the one moment that is shown. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const NARROW = 900; // pixels of the page below which all stands in one column, as in the stylesheet

  NS.TimeMap = class {
    constructor(map, payload, day) {
      this.map = map;
      this.story = new NS.Story(payload);
      const { story } = this;
      this.moment = new NS.Moment(day >= 0 ? day : story.length - 1, story.latest);
      this.root = NS.html("div", { class: "dl" });
      document.body.append(this.root);
      this.theme = new NS.Theme(this.root, story.actors);
      this.build();
      this.settle();
    }

    build() {
      const { story, moment, theme } = this;
      const open = (place, opener) => this.open(place, opener);
      this.trip = new NS.RoundTrip(story, moment, { wanted: (day) => this.wanted(day), themed: (given) => theme.follow(given) });
      this.timeline = new NS.Timeline(story, moment, { moving: () => this.trip.moving(), settled: () => this.trip.settled() });
      this.list = new NS.List(story, theme, { open, goTo: (day) => this.goTo(day) });
      this.card = new NS.Card(story, theme, () => this.close());
      this.legend = new NS.Legend(story, theme, (id, on) => this.layer(id, on));
      this.weekday = NS.html("p", { class: "dl-weekday" });
      this.date = NS.html("p", { class: "dl-date" });
      this.knowledge = NS.html("p", { class: "dl-known" });
      this.dayBox = NS.html("div", { class: "dl-day" }, this.weekday, this.date, this.knowledge);
      this.stage = NS.html("div", { class: "dl-stage" });
      this.side = NS.html("aside", { class: "dl-side", "aria-label": "Reports" },
        NS.html("div", { class: "dl-side-inner", tabindex: 0, role: "region", "aria-label": "Reports of the day" }, this.list.node, this.card.node));
      const container = this.map.getContainer();
      this.root.append(
        NS.html("section", { class: "dl-figure", "aria-label": "Map of who holds what, day by day" }, this.dayBox, this.stage, this.timeline.node, this.legend.node),
        this.side, NS.foot(story));
      this.stage.append(container);
      for (const side of ["width", "height", "left", "top", "position"]) container.style[side] = "";
      container.setAttribute("role", "region");
      container.setAttribute("aria-label", "Map");
    }

    /** Size the map, then draw on it, then keep both in step with the window. */
    settle() {
      const { map, story, theme } = this;
      Object.assign(map.options, { zoomSnap: 0.1, zoomDelta: 0.5, wheelPxPerZoomLevel: 90, minZoom: 3, maxZoom: 13, worldCopyJump: false });
      this.yieldToPage();
      if (map.attributionControl) map.attributionControl.remove();
      if (map.zoomControl) map.zoomControl.remove();
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
        map.options.inertia = false;
        map._zoomAnimated = false; // Leaflet reads its option for this only when the map is made
      }
      L.control.zoom({ position: this.root.clientWidth < NARROW ? "bottomright" : "topright", zoomInTitle: "Zoom in", zoomOutTitle: "Zoom out" }).addTo(map);
      L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 90 }).addTo(map);
      this.size();
      this.view();
      this.basemap = new NS.Basemap(map, story);
      this.view();
      this.territory = new NS.Territory(map, story, theme);
      this.front = new NS.Front(map, story);
      this.places = new NS.Places(map, story, theme, {
        open: (place, opener) => this.open(place, opener), overlays: () => this.overlays(), basemap: this.basemap,
      });
      theme.onChange(() => this.draw(true));
      this.moment.onChange(() => this.draw());
      this.draw();
      this.size(); // again: now the day and the slider have their words, and so their heights
      this.view();
      this.bound();
      map.on("dragstart zoomstart", (event) => { if (!this.viewing) this.moved = true; return event; });
      this.legend.node.addEventListener("toggle", () => this.places.rearrange());
      new ResizeObserver(() => this.trip.fit(Math.ceil(this.root.getBoundingClientRect().height))).observe(this.root);
      let width = window.innerWidth;
      window.addEventListener("resize", () => {
        if (window.innerWidth === width && window.Streamlit) return;
        width = window.innerWidth;
        this.size();
        if (!this.moved) this.view();
      });
      if (document.fonts && document.fonts.ready) document.fonts.ready.then(() => this.places.rearrange());
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

    /** The map goes no farther than the base map is drawn. */
    bound() {
      const home = this.basemap && this.basemap.drawn;
      if (!home) return;
      const bounds = L.latLngBounds([[home[1], home[0]], [home[3], home[2]]]);
      this.map.setMaxBounds(bounds.pad(0.05));
      this.map.setMinZoom(Math.min(this.map.getZoom(), this.map.getBoundsZoom(bounds)));
    }

    /** Give the map the height that lets day and slider stand within the first screen. */
    size() {
      const { height, top } = NS.RoundTrip.window(this.root);
      if (top >= 0 && top < height) this.top = top;
      const phone = this.root.clientWidth < NARROW;
      const around = this.timeline.node.offsetHeight + (phone ? this.dayBox.offsetHeight + 10 : 44);
      const free = height - (this.top === undefined ? 160 : this.top) - around;
      const wide = this.stage.clientWidth;
      const best = Math.max(phone ? 240 : 380, Math.min(free, wide * (phone ? 1.05 : 0.9), 1500));
      this.stage.style.height = `${Math.round(best)}px`;
      this.map.invalidateSize({ animate: false, pan: false });
    }

    view() {
      const { south, west, north, east } = this.story.view;
      const size = this.map.getSize();
      const wide = this.root.clientWidth >= NARROW;
      this.viewing = true;
      this.map.fitBounds([[south, west], [north, east]], {
        animate: false, paddingTopLeft: [wide ? size.x * 0.06 : 4, wide ? size.y * 0.05 : 6], paddingBottomRight: [wide ? size.x * 0.12 : 4, 6],
      });
      this.centre(wide);
      this.viewing = false;
    }

    /** On a wide screen there is room beside the view: give it to the rest of the country. */
    centre(wide) {
      const home = this.basemap && this.basemap.home;
      if (!home || !wide) return;
      const { map } = this, zoom = map.getZoom(), size = map.getSize();
      const x = (lon) => map.project([0, lon], zoom).x;
      const middle = map.project(map.getCenter(), zoom);
      const [left, right] = [x(home[0]), x(home[2])];
      const edge = Math.max(size.x * 0.2, this.dayBox.offsetWidth - 60); // where the view begins: beside the day
      let at = x(this.story.view.west) - edge + size.x / 2;
      if (right - left < size.x * 0.82) at = Math.min(at, (left + right) / 2 + size.x * 0.03);
      else if (at < middle.x || right < middle.x + size.x / 2) return;
      map.setView(map.unproject([at, middle.y], zoom), zoom, { animate: false });
    }

    /** Boxes over the map that names keep clear of, in pixels of its container. */
    overlays() {
      const ground = this.map.getContainer().getBoundingClientRect();
      return [this.dayBox, this.legend.node, ...this.map.getContainer().querySelectorAll(".leaflet-control")].map((node) => {
        const box = node.getBoundingClientRect();
        return { left: box.left - ground.left, right: box.right - ground.left, top: box.top - ground.top, bottom: box.bottom - ground.top };
      }).filter((box) => box.bottom > 0 && box.top < ground.height);
    }

    draw(all = false) {
      const { moment, story } = this;
      const iso = story.days[moment.day];
      this.redrawn = this.territory.draw(moment, all);
      this.front.draw(moment);
      this.places.draw(moment, all);
      this.timeline.draw(moment);
      this.weekday.textContent = NS.days.weekday(iso);
      NS.show(this.date, NS.html("span", {}, NS.days.plain(iso)), " ", NS.html("span", { class: "dl-year" }, NS.days.year(iso)));
      NS.show(this.knowledge, NS.html("span", {}, `${NS.capital(NS.reports(story, moment.day))} this day.`), " ",
        NS.html("span", {}, `With reports up to ${NS.days.full(story.days[story.knownDay(moment)])}`));
      this.legend.follow(moment);
      if (this.card.place === null) this.list.draw(moment);
      else this.card.draw(this.card.place, moment);
    }

    layer(id, on) {
      if (id === "front") this.front.visible = on;
      else if (id === "events") this.places.events = on;
      else this.territory[id] = on;
      if (id === "background") this.places.background = on;
      this.draw(id === "background");
    }

    /** The page asks for a day: follow, and tell nobody. */
    wanted(day) {
      this.timeline.stop();
      this.moment.go({ day });
    }

    goTo(day) {
      this.timeline.stop();
      this.trip.moving();
      this.moment.go({ day });
      this.trip.settled();
      this.list.title.focus({ preventScroll: true });
    }

    open(place, opener) {
      this.opener = opener || document.activeElement;
      this.from = place;
      this.card.draw(place, this.moment);
      this.card.node.hidden = false;
      this.list.node.hidden = true;
      this.side.firstChild.scrollTop = 0;
      const { lat, lon } = this.story.places[place];
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (!this.map.getBounds().pad(-0.12).contains([lat, lon])) this.map.panTo([lat, lon], { animate: !calm });
      this.places.select(place);
      this.card.title.focus();
    }

    close() {
      this.card.node.hidden = true;
      this.list.node.hidden = false;
      this.card.place = null;
      this.places.select(null);
      this.list.draw(this.moment);
      const again = this.opener && this.opener.isConnected ? this.opener : this.list.buttonOf(this.from) || this.places.buttonOf(this.from);
      (again || this.list.title).focus();
    }
  };

  /** The stylesheet is there when its first token is; the page around does not wait for it. */
  const styled = () => new Promise((done) => {
    const began = performance.now();
    const look = () => {
      const token = getComputedStyle(document.documentElement).getPropertyValue("--dl-here");
      const leaflet = getComputedStyle(document.querySelector(".leaflet-pane") || document.body).position;
      if ((token && leaflet === "absolute") || performance.now() - began > 6000) done();
      else setTimeout(look, 16);
    };
    look();
  });

  /** Start on a Leaflet map; `story` is the digest of the payload that it belongs to. */
  NS.start = async ({ map, story }) => {
    try {
      const payload = window.DATELINE;
      if (!payload || payload.digest !== story) throw new Error("the story did not load");
      await styled();
      const asked = NS.RoundTrip.first();
      document.documentElement.classList.add("dl-page");
      NS.stepAside();
      NS.app = new NS.TimeMap(map, payload, asked ? payload.days.indexOf(asked.day) : -1);
      NS.ready();
    } catch (error) {
      NS.fail(error);
    }
  };

  // A published page holds a container for the map and no folium: start there at once.
  const here = document.querySelector("[data-dateline-map]");
  if (here) NS.start({ map: L.map(here, { center: [0, 0], zoom: 3, zoomControl: false, attributionControl: false }), story: here.dataset.datelineMap });
})();
