/* The time map: puts the parts together, and lets them follow the one moment that is shown. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const NARROW = 900; // pixels of the page below which all stands in one column, as in the stylesheet
  const SHEET = 0.62; // of the map's height that a card covers on a narrow screen
  const NAMED = 80; // milliseconds by which names may follow the colours: no reader misses them
  const REST = 120, LONGEST = 1000; // milliseconds of rest after which the list follows, and without rest: nobody reads one that flickers
  const WANDER = 700; // milliseconds of rest before a move of the map counts as made

  NS.TimeMap = class {
    /** `asked` are the parameters of the address, as they were written. */
    constructor(map, payload, asked) {
      this.map = map;
      this.story = new NS.Story(payload);
      const { story } = this;
      const day = story.days.indexOf(asked.date);
      this.moment = new NS.Moment(day >= 0 ? day : story.length - 1, story.latest);
      this.stance = new NS.Stance(this);
      this.asked = asked;
      this.root = NS.html("div", { class: "dl" });
      (document.querySelector("[data-dateline-home]") || document.body).append(this.root);
      this.fold();
      this.theme = new NS.Theme(this.root, story.actors);
      this.build();
      this.settle();
      const faults = this.stance.follow(asked);
      if (faults.length) this.figure.prepend(NS.notice(faults));
      NS.drawAnew();
      if (this.embedding) this.embedding.draw();
      this.trip.begin();
    }

    build() {
      const { story, moment, theme } = this;
      const open = (place, opener) => this.open(place, opener);
      const state = () => this.stance.state();
      this.trip = new NS.RoundTrip({ state, wanted: (given) => this.wanted(given), themed: (given) => theme.follow(given) });
      const steps = { moving: () => this.trip.moving(), settled: () => this.trip.settled() };
      this.knowledge = new NS.Knowledge(story, moment, { ...steps, resized: () => this.rearrange() });
      this.timeline = new NS.Timeline(story, moment, { ...steps, remarks: () => [this.knowledge.words(moment), this.compare.words(moment)] });
      this.brush = new NS.Brush(this.timeline, story);
      this.compare = new NS.Compare(story, moment, theme, this.timeline, { ...steps, open, resized: () => this.refit() });
      this.list = new NS.List(story, theme, { open, goTo: (day) => this.goTo(day) });
      this.card = new NS.Card(story, theme, { closed: () => this.close(), goTo: (day) => this.goTo(day) });
      this.legend = new NS.Legend(story, theme, (id, on) => { this.layer(id, on); this.trip.settled(); });
      this.choices = new NS.Choices(story, theme, (name, value) => { this.stance.choose(name, value); this.trip.settled(); }, NS.isEmbedded(this.asked));
      this.find = new NS.Find(story, theme, { open, spanAt: (place) => this.places.spanAt(place, this.moment) });
      this.share = new NS.Share(story, state, () => this.paper.print());
      this.hint = NS.html("p", { class: "dl-hint" }, "Drag the slider through the days. Press a place to see who says so.");
      this.bar = NS.html("div", { class: "dl-bar-top" }, this.find.node, this.hint, this.choices.node, this.share.node);
      this.skip = NS.html("button", { type: "button", class: "dl-skip", onclick: () => this.heading().focus() }, "Skip the places on the map");
      this.weekday = NS.html("p", { class: "dl-weekday" });
      this.dayAndMonth = NS.html("span", {});
      this.year = NS.html("span", { class: "dl-year" });
      this.date = NS.html("p", { class: "dl-date" }, this.dayAndMonth, " ", this.year);
      this.dayBox = NS.html("div", { class: "dl-day" }, NS.html("div", { class: "dl-when" }, this.weekday, this.date), this.knowledge.node);
      this.stage = NS.html("div", { class: "dl-stage" });
      this.side = NS.html("aside", { class: "dl-side", "aria-label": "Reports" },
        NS.html("div", { class: "dl-side-inner", tabindex: 0, role: "region", "aria-label": "Reports of the day" }, this.list.node, this.card.node));
      const container = this.map.getContainer();
      // The slider stands before the places in the order of the keyboard, and under the map for the eye.
      this.figure = NS.html("section", { class: "dl-figure", "aria-label": "Map of who holds what, day by day" },
        this.bar, this.dayBox, this.timeline.node, this.stage, this.legend.node);
      this.embedding = NS.isEmbedded(this.asked) ? new NS.Embedding(story, state) : null;
      this.stage.append(this.skip, container);
      this.seat();
      this.root.append(...(this.embedding ? [this.embedding.head] : []), this.figure, this.side, NS.foot(story));
      this.highlight();
      for (const side of ["width", "height", "left", "top", "position"]) container.style[side] = "";
      container.setAttribute("role", "region");
      container.setAttribute("aria-label", "Map");
    }

    /** Write what stands over the map and under it, size the map by that, then draw on it, and keep all in step with the window. */
    settle() {
      const { map, story, theme } = this;
      if (map.attributionControl) map.attributionControl.remove();
      this.basemap = new NS.Basemap(map, story);
      this.view = new NS.View(map, story, this.basemap, { isNarrow: () => this.isNarrow, edge: () => this.dayBox.offsetWidth - 60, settled: () => this.trip.settled(WANDER) });
      this.write();
      this.timeline.measure();
      this.clear();
      this.size();
      this.view.whole();
      this.basemap.draw();
      this.ground = new NS.Ground(map, (window.BACKGROUNDS || {}).offered, { chosen: () => this.trip.settled(), resized: () => this.rearrange() });
      this.legend.add(this.ground.node);
      this.territory = new NS.Territory(map, story, theme);
      this.front = new NS.Front(map, story);
      this.places = new NS.Places(map, story, theme, {
        open: (place, opener) => this.open(place, opener), overlays: () => this.overlays(), basemap: this.basemap,
      });
      this.compare.stand(map, this.territory, this.places);
      this.naming = new NS.Later(NAMED, NAMED, () => this.places.settle());
      this.telling = new NS.Later(REST, LONGEST, () => this.tell());
      theme.onChange(() => this.draw(true));
      this.moment.onChange(() => this.draw());
      this.draw();
      this.view.bound();
      this.stands = true;
      this.follow();
      let { open } = this.legend.node; // one that is made open says so later, too
      this.legend.node.addEventListener("toggle", () => {
        if (open !== this.legend.node.open) this.rearrange();
        open = this.legend.node.open;
      });
      for (const node of [this.timeline.node, this.bar]) new ResizeObserver(() => this.clear() && this.rearrange()).observe(node);
      NS.swiped(this.dayBox, (by) => this.timeline.step(by));
      new ResizeObserver(() => this.trip.fit(Math.ceil(this.root.getBoundingClientRect().height))).observe(this.root);
      let width = window.innerWidth;
      window.addEventListener("resize", () => {
        if (window.innerWidth === width && window.Streamlit) return;
        width = window.innerWidth;
        this.reseat();
        if (!this.view.moved) this.view.whole();
      });
      this.paper = new NS.Paper(this, { state: () => this.stance.state(), arrange: () => this.reseat(), follow: () => { this.rearrange(); this.follow(); } });
      if (document.fonts && document.fonts.status === "loading") document.fonts.ready.then(() => this.rearrange());
    }

    /** Give the map the height that lets day and slider stand within the first screen. */
    size() {
      const { height, top } = NS.RoundTrip.window(this.root);
      if (top >= 0 && top < height) this.top = top;
      const phone = this.isNarrow;
      const over = this.figure.getBoundingClientRect().top - this.root.getBoundingClientRect().top; // the title of an embedded map
      const around = over + this.timeline.node.offsetHeight + this.bar.offsetHeight + (phone ? this.dayBox.offsetHeight + 10 : 44);
      const free = height - (this.top === undefined ? 160 : this.top) - around;
      const wide = this.stage.clientWidth;
      const best = Math.max(phone ? 240 : 380, Math.min(free, wide * (phone ? 1.05 : 0.9), 2400));
      this.stage.style.height = `${Math.round(best)}px`;
      this.card.node.style.setProperty("--dl-sheet", `${Math.round(best * SHEET)}px`);
      this.map.invalidateSize({ animate: false, pan: false });
    }

    /** Keep day and legend clear of what stands over the map and under it; returns whether that is higher or lower than it was. */
    clear() {
      const heights = [this.timeline.node.offsetHeight, this.bar.offsetHeight];
      if (String(heights) === String(this.heights)) return false;
      this.heights = heights;
      // On the nodes that ask for them: on the root they would have the browser style all of it anew.
      [[this.legend.node, "--dl-time"], [this.dayBox, "--dl-tools"]].forEach(([node, name], at) => node.style.setProperty(name, `${heights[at]}px`));
      return true;
    }

    /** Something that names keep clear of is another; before the map stands, nothing is arranged. */
    rearrange() {
      if (this.stands) this.places.rearrange();
    }

    /** What stands under the map on a wide screen is another height: the map gives way, so that both stay on the first screen. */
    refit() {
      if (this.isNarrow) return;
      this.size();
      if (!this.view.moved) this.view.whole();
    }

    /** Boxes over the map that names keep clear of, in pixels of its container. */
    overlays() {
      const ground = this.map.getContainer().getBoundingClientRect();
      const nodes = [this.legend.node, ...this.map.getContainer().querySelectorAll(".leaflet-control")];
      return [...nodes.map((node) => node.getBoundingClientRect()), ...NS.inked(this.dayBox)].map((box) => (
        { left: box.left - ground.left, right: box.right - ground.left, top: box.top - ground.top, bottom: box.bottom - ground.top }
      )).filter((box) => box.bottom > 0 && box.top < ground.height);
    }

    draw(all = false) {
      const { moment } = this;
      this.redrawn = this.territory.draw(moment, all);
      this.front.draw(moment);
      this.places.draw(moment, all);
      this.write();
      this.compare.draw(moment);
      this.share.draw();
      this.naming.ask();
      this.telling.ask();
    }

    /** Write the day, and let the slider and the moment of knowledge say it. */
    write() {
      const { moment, story } = this, iso = story.days[moment.day];
      this.timeline.draw(moment);
      NS.say(this.weekday, NS.days.weekday(iso));
      NS.say(this.dayAndMonth, NS.days.plain(iso));
      NS.say(this.year, NS.days.year(iso));
      this.knowledge.draw(moment);
    }

    /** Let all that follows the colours catch up at once. */
    follow() {
      this.naming.now();
      this.telling.now();
    }

    /** Draw what stands beside the map and under it. */
    tell() {
      const { moment } = this;
      this.legend.follow(moment);
      if (this.card.place === null || this.isNarrow) this.list.draw(moment);
      if (this.card.place !== null) this.card.draw(this.card.place, moment);
    }

    layer(id, on) {
      if (id === "front") this.front.visible = on;
      else if (id === "events") this.places.events = on;
      else this.territory[id] = on;
      if (id === "background") this.places.background = on;
      this.draw(id === "background");
      this.follow();
    }

    /** The page, or Back, asks for another stance: take it, and tell nobody. */
    wanted(given) {
      this.timeline.stop();
      this.figure.querySelectorAll(".dl-notice").forEach((node) => node.remove());
      const faults = this.stance.follow(given);
      if (faults.length) this.figure.prepend(NS.notice(faults));
    }

    goTo(day) {
      this.timeline.stop();
      this.trip.moving();
      this.moment.go({ day });
      this.moment.tell();
      this.follow(); // what gets the focus is read out: it is of that day already
      this.trip.settled();
      this.heading().focus({ preventScroll: true });
    }

    /** What stands over the list, or over the card that is open. */
    heading() {
      return this.card.place === null ? this.list.title : this.card.title;
    }

    /** Whether all stands in one column: asked of the browser once for each width, since the answer costs it a layout. */
    fold() {
      this.isNarrow = this.root.clientWidth < NARROW;
    }

    /** The card stands beside the map; where there is no room, over its lower part. */
    seat() {
      const home = this.isNarrow ? this.figure : this.side.firstChild;
      if (this.card.node.parentNode !== home) home.insertBefore(this.card.node, this.isNarrow ? this.legend.node : null);
      this.list.node.hidden = !this.isNarrow && this.card.place !== null;
      (this.isNarrow ? this.figure : this.bar).insertBefore(this.hint, this.isNarrow ? this.legend.node : this.choices.node);
    }

    /** The page has another width. */
    reseat() {
      this.fold();
      this.seat();
      this.size();
    }

    /** What is touched in the list shines on the map, and the other way round. */
    highlight() {
      let lit = null;
      const light = ({ target }) => {
        const found = target && target.closest ? target.closest("[data-at]") : null, at = found ? found.dataset.at : null;
        if (at === lit) return;
        lit = at;
        for (const node of this.root.querySelectorAll("[data-at]")) node.classList.toggle("dl-lit", node.dataset.at === at);
      };
      for (const sign of ["pointerover", "focusin"]) this.root.addEventListener(sign, light);
      for (const sign of ["pointerleave", "focusout"]) this.root.addEventListener(sign, () => light({ target: null }));
    }

    /** `quietly` where the address asks for it: the focus stays where it is, and nobody is told. */
    open(place, opener, { quietly = false } = {}) {
      this.opener = opener || document.activeElement;
      this.from = place;
      if (this.card.place !== place) this.card.stretch(false);
      this.card.draw(place, this.moment);
      this.card.node.hidden = false;
      this.seat();
      this.side.firstChild.scrollTop = this.card.node.scrollTop = 0;
      this.places.select(place);
      this.view.reveal(this.story.places[place], this.isNarrow ? 1 - SHEET : 1);
      if (quietly) return;
      this.card.title.focus({ preventScroll: this.isNarrow });
      if (this.isNarrow) this.dayBox.scrollIntoView({ block: "nearest" });
      this.trip.settled();
    }

    close({ quietly = false } = {}) {
      this.card.node.hidden = true;
      this.card.place = null;
      this.seat();
      this.places.select(null);
      this.list.draw(this.moment);
      if (quietly) return;
      this.trip.settled();
      const again = this.opener && this.opener.isConnected ? this.opener : this.list.buttonOf(this.from) || this.places.buttonOf(this.from);
      (again || this.list.title).focus();
    }
  };
})();
