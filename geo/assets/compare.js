/* Two days side by side in one picture: a second day under the slider, and what differs stands out on the map. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const BEFORE = 7; // days that the second day is first put before the shown one
  const FADED = 0.38; // opacity of a canvas's cells that are the same on both days, as in the stylesheet

  NS.Compare = class {
    /** `moving` and `settled` as for the timeline; `open(place, opener)` opens a card; `resized` is called when it comes and goes. */
    constructor(story, moment, theme, timeline, { moving, settled, open, resized }) {
      Object.assign(this, { story, moment, theme, timeline, moving, settled, open, resized, was: false, key: "", cells: [], found: [], entering: false });
      this.button = NS.html("button", { type: "button", class: "dl-button dl-compare-button", "aria-pressed": "false", onclick: () => this.toggle() }, "Compare");
      this.range = NS.html("input", {
        type: "range", class: "dl-range", step: 1, "aria-label": "Compare with",
        oninput: () => this.show(Number(this.range.value)), onchange: () => this.settled(),
        onclick: () => Number(this.range.value) === this.moment.compare || this.pick(Number(this.range.value)),
        onkeydown: (event) => this.step(event),
      });
      this.thumb = NS.html("span", { class: "dl-thumb" });
      this.flag = NS.html("span", { class: "dl-flag", "aria-hidden": "true" });
      this.between = NS.html("span", { class: "dl-between" });
      this.title = NS.html("strong", {});
      this.list = NS.html("ul", { class: "dl-differences" });
      this.more = NS.html("summary", {});
      this.details = NS.html("details", { ontoggle: () => this.enumerate() }, this.more, this.list);
      this.lane = NS.html("div", { class: "dl-lane" }, this.range, NS.html("div", { class: "dl-track" }, this.thumb, this.flag));
      this.panel = NS.html("div", { class: "dl-compare", role: "group", "aria-label": "Compare two days", hidden: true },
        this.lane, NS.html("p", { class: "dl-compare-words" }, this.title), this.details);
      timeline.more.append(this.button);
      timeline.chart.prepend(this.between);
      timeline.scale.append(this.panel);
      timeline.onView(() => this.fit());
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && this.on && !event.defaultPrevented && !event.target.closest(".dl-card, [role=combobox], [role=dialog]")) this.leave();
      });
    }

    /** Take the map's layers, once they are there. Changed cells go into a group of their own, so that only they keep their strength. */
    stand(map, territory, places) {
      Object.assign(this, { map, territory, places });
      if (territory.canvas || !territory.shapes.length) return;
      const { _rootGroup, _container } = territory.shapes[0]._renderer; // Leaflet gives no other way to a group of its paths
      this.still = _rootGroup;
      this.still.classList.add("dl-still-cells");
      this.theme.defs.append(NS.svg("filter", { id: "dl-outlined" },
        NS.svg("feMorphology", { in: "SourceAlpha", operator: "dilate", radius: 1.4, result: "wide" }), NS.svg("feFlood", { class: "dl-outlined" }),
        NS.svg("feComposite", { in2: "wide", operator: "in" }), NS.svg("feMerge", {}, NS.svg("feMergeNode"), NS.svg("feMergeNode", { in: "SourceGraphic" }))));
      this.raised = NS.svg("g", { class: "dl-changed-cells", filter: "url(#dl-outlined)" });
      _container.append(this.raised);
    }

    get on() {
      return this.moment.compare !== null && this.moment.compare !== undefined;
    }

    toggle() {
      if (this.on) {
        this.leave();
        return;
      }
      const { day } = this.moment;
      this.pick(day > 0 ? Math.max(0, day - BEFORE) : Math.min(this.story.length - 1, BEFORE));
      this.entering = true;
    }

    leave() {
      if (this.panel.contains(document.activeElement)) this.button.focus();
      this.pick(null);
    }

    show(compare) {
      this.moving();
      this.moment.go({ compare });
    }

    pick(compare) {
      this.show(compare);
      this.settled();
    }

    step(event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const last = this.story.length - 1, { compare } = this.moment;
      const to = {
        ArrowLeft: compare - 1, ArrowDown: compare - 1, ArrowRight: compare + 1, ArrowUp: compare + 1, PageUp: compare + 7, PageDown: compare - 7, Home: 0, End: last,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.pick(Math.max(0, Math.min(last, to)));
    }

    /** "Since 30 November: 4 places changed hands, 2 became contested", or "" where nothing is compared. */
    words(moment) {
      if (!this.on) return "";
      const { day, compare } = moment, { days } = this.story;
      if (day === compare) return "Both days are the same. Choose another to compare with";
      const other = days[day].slice(0, 4) === days[compare].slice(0, 4) ? NS.days.plain(days[compare]) : NS.days.full(days[compare]);
      return `${compare < day ? "Since" : "Until"} ${other}: ${this.timeline.changes.summary(this.found)}`;
    }

    draw(moment) {
      const { on, was } = this;
      if (!on && !was) return;
      this.was = on;
      if (on !== was) this.turn(on);
      const [first, last] = [moment.day, moment.compare].sort((one, two) => one - two);
      this.found = on ? this.timeline.changes.between(moment.known, first, last) : [];
      if (on) this.say(moment);
      this.mark();
      if (on) this.paint(moment);
      if (on !== was) this.resized();
      if (on && this.entering) this.range.focus({ preventScroll: true });
      this.entering = false;
    }

    /** Begin or end the comparison. */
    turn(on) {
      this.panel.hidden = !on;
      this.between.hidden = !on;
      this.button.setAttribute("aria-pressed", String(on));
      this.map.getContainer().classList.toggle("dl-comparing", on);
      if (!on) this.cells.forEach((is, cell) => this.raise(cell, null));
      this.cells = new Array(this.story.cells.length).fill(null);
    }

    say(moment) {
      const { story, found } = this, full = NS.days.full(story.days[moment.compare]);
      this.title.textContent = `${this.words(moment)}.`;
      this.details.hidden = !found.length;
      this.more.textContent = `List ${found.length === 1 ? "it" : `all ${found.length}`}`;
      this.range.setAttribute("aria-valuetext", full);
      this.flag.textContent = NS.days.dated(story.days[moment.compare]);
      this.fit();
      this.enumerate();
    }

    /** Put the second day's thumb under the days in view. */
    fit() {
      if (!this.on) return;
      const { view, width } = this.timeline, { compare, day } = this.moment, column = width / view.span;
      Object.assign(this.range, { min: view.first, max: view.first + view.span - 1 });
      this.range.value = compare;
      this.range.style.left = `${column / 2 - 14}px`;
      this.range.style.width = `${width - column + 28}px`;
      const within = (share) => Math.max(0, Math.min(100, share));
      const share = this.timeline.share(compare), [left, right] = [compare, day].sort((one, two) => one - two).map((at) => within(this.timeline.share(at)));
      this.thumb.hidden = this.flag.hidden = compare < view.first || compare >= view.first + view.span;
      this.thumb.style.left = `${share}%`;
      this.flag.style.left = `${share}%`;
      this.flag.classList.toggle("dl-flag-left", share > 60);
      this.between.style.left = `${left}%`;
      this.between.style.width = `${right - left}%`;
    }

    /** The list, made only where the reader sees it. */
    enumerate() {
      if (!this.details.open) return;
      const words = (span) => (span ? span.words || span.status : "nothing known");
      NS.show(this.list, this.found.map(({ place, before, after }) => {
        const [then, now] = [words(before), words(after)];
        const name = NS.html("button", { type: "button", class: "dl-item-name", onclick: () => this.open(place, name) }, NS.capital(this.story.places[place].name));
        return NS.html("li", {}, name, NS.html("span", { class: "dl-then" }, then), NS.html("span", { class: "dl-arrowed", "aria-hidden": "true" }, "→"),
          NS.unseen("then: "), NS.html("span", { class: "dl-afterwards" }, now));
      }));
    }

    /** Changed places stand out, the others step back. */
    mark() {
      const changed = new Set(this.found.map(({ place }) => place));
      for (const { index, button, note, label } of this.places.items) {
        for (const node of [button, note, label]) if (node) node.toggleAttribute("data-changed", changed.has(index));
      }
    }

    /** Raise the cells whose side is another than on the second day. */
    paint(moment) {
      const { territory, story, cells } = this, key = [moment.known, moment.compare, territory.modelled, territory.background].join();
      const side = (actor) => (actor < 0 ? null : story.actors[actor].side);
      if (key !== this.key) {
        this.key = key;
        this.then = cells.map((_, cell) => side(territory.holderAt(cell, { ...moment, day: moment.compare })));
      }
      cells.forEach((was, cell) => {
        const is = side(territory.holderAt(cell, moment)) !== this.then[cell];
        if (is === was) return;
        cells[cell] = is;
        this.raise(cell, is);
      });
    }

    /** Let a cell stand out or step back; null where nothing is compared. */
    raise(cell, is) {
      const shape = this.territory.shapes[cell];
      if (this.territory.cells) this.territory.cells.fade(cell, is === false ? FADED : 1);
      else if (this.raised && shape._path) (is ? this.raised : this.still).append(shape._path);
    }
  };
})();
