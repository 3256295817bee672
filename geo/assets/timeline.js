/* The slider: a column a day with its reports as a bar, marks where ground changed hands, a real range input over all of it. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const WEEK = 7;
  const REST = 600; // milliseconds without a move after which the day is spoken
  const THUMB = 28; // pixels of the thumb that answer, as in the stylesheet
  const SWIPE = 40; // pixels of a finger's way that make a step
  const LEAST = 7; // days that are in view at the least
  const ROOMY = 8; // pixels of a column from which changes are diamonds; below, strokes, and the brush is shown

  const typing = (node) => Boolean(node.closest && node.closest("input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]"));

  NS.Timeline = class {
    /** `moving` is called with every move, `settled` when the reader rests; `remarks` gives sentences to be spoken after the day. */
    constructor(story, moment, { moving, settled, remarks }) {
      Object.assign(this, { story, moment, moving, settled, remarks, followers: [], width: 0, known: null, day: moment.day, tickOf: new Map() });
      this.changes = new NS.Changes(story);
      this.view = { first: 0, span: story.length };
      this.before = NS.tool("previous", "Previous day", () => this.step(-1));
      this.player = new NS.Player({ next: () => this.next(), span: () => this.view.span, pressed: () => this.toggle() });
      this.after = NS.tool("next", "Next day", () => this.step(1));
      this.earlier = NS.tool("earlier", "Previous change of hands", () => this.leap(-1), { "aria-keyshortcuts": "[", title: "Previous change of hands (key [)" });
      this.later = NS.tool("later", "Next change of hands", () => this.leap(1), { "aria-keyshortcuts": "]", title: "Next change of hands (key ])" });
      this.range = NS.html("input", {
        type: "range", class: "dl-range", min: 0, max: story.length - 1, step: 1, "aria-label": "Day",
        oninput: () => { this.stop(); this.show(Number(this.range.value)); },
        onchange: () => this.settled(),
        onclick: () => this.pick(Number(this.range.value)),
        onkeydown: (event) => this.key(event),
        onpointermove: (event) => event.pointerType === "mouse" && this.peek(event), onpointerleave: () => { this.glance.hidden = true; },
      });
      const most = Math.max(1, ...story.counts);
      const column = (day, height) => `M${day + 0.04},${most} v${-height} h.92 v${height}z`;
      this.heightOf = (day) => (story.counts[day] ? Math.max(story.counts[day], most * 0.06) : 0);
      this.most = most;
      this.column = column;
      this.path = story.counts.map((count, day) => (count ? column(day, this.heightOf(day)) : "")).join("");
      this.now = NS.svg("path", { class: "dl-bar-now" });
      this.veil = NS.svg("rect", { class: "dl-veil", y: 0, height: most });
      this.bars = NS.svg("svg", { class: "dl-bars", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
        NS.svg("path", { d: this.path, class: "dl-bar" }), this.now, this.veil);
      this.glance = NS.html("span", { class: "dl-glance", "aria-hidden": "true", hidden: true });
      this.thumb = NS.html("span", { class: "dl-thumb" });
      this.marks = NS.svg("path", {});
      this.track = NS.html("div", { class: "dl-track dl-days" },
        NS.svg("svg", { class: "dl-changes", width: 1, height: 1, "aria-hidden": "true", focusable: "false" }, this.marks), this.thumb);
      this.ticks = NS.html("div", { class: "dl-ticks", "aria-hidden": "true" });
      this.chart = NS.html("div", { class: "dl-chart" }, this.bars, this.range,
        this.track, this.ticks, this.glance);
      this.spoken = NS.html("p", { class: "dl-unseen", role: "status" });
      this.scale = NS.html("div", { class: "dl-scale" }, this.chart);
      this.more = NS.html("div", { class: "dl-more" }, this.player.pace, this.earlier, this.later);
      this.node = NS.html("div", { class: "dl-timeline", role: "group", "aria-label": "Time" },
        NS.html("div", { class: "dl-buttons" }, NS.html("div", { class: "dl-walk" }, this.before, this.player.button, this.after), this.more), this.scale, this.spoken);
      new ResizeObserver(() => this.measure()).observe(this.chart);
      document.addEventListener("keydown", (event) => this.shortcut(event));
      NS.swiped(this.node, (by) => this.step(by));
      this.lay();
      this.draw(moment);
    }

    /** `listener` is called when other days come into view, or the same in another width. */
    onView(listener) {
      this.followers.push(listener);
    }

    words(day) {
      return `${NS.days.full(this.story.days[day])}: ${NS.isLeftOut(this.story, this.moment, day) ? "its reports are left out" : NS.reports(this.story, day)}`;
    }

    /** Say of the day under the mouse what was reported on it and who changed hands. */
    peek({ clientX }) {
      const { first, span } = this.view, box = this.chart.getBoundingClientRect();
      const at = Math.max(0, Math.min(1, (clientX - box.left) / box.width)), day = Math.min(first + span - 1, first + Math.floor(at * span));
      const said = [this.words(day), this.changes.words({ known: this.known, day })].filter(Boolean).join(". ");
      NS.say(this.glance, said);
      this.glance.hidden = false;
      this.glance.style.left = `${at * 100}%`;
      this.glance.style.transform = `translateX(${-at * 100}%)`;
    }

    show(day) {
      this.moving();
      this.moment.go({ day: Math.max(0, Math.min(this.story.length - 1, day)) });
    }

    step(by) {
      this.pick(this.moment.day + by);
    }

    /** Go to a day and stay. */
    pick(day) {
      if (day === this.moment.day) return;
      this.stop();
      this.show(day);
      this.settled();
    }

    /** Go to the next change of hands, or to the one before. */
    leap(by) {
      const day = this.changes.next(this.moment, by);
      if (day !== undefined) this.pick(day);
    }

    shortcut(event) {
      const by = { "[": -1, "]": 1 }[event.key];
      if (!by || event.metaKey || typing(event.target) || (event.ctrlKey && !event.getModifierState("AltGraph"))) return;
      event.preventDefault();
      this.leap(by);
    }

    key(event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const last = this.story.length - 1, { day } = this.moment;
      const to = {
        ArrowLeft: day - 1, ArrowDown: day - 1, ArrowRight: day + 1, ArrowUp: day + 1, PageUp: day + WEEK, PageDown: day - WEEK, Home: 0, End: last,
      }[event.key];
      if (to === undefined && event.key !== " ") return;
      event.preventDefault();
      if (to === undefined) this.toggle();
      else this.pick(Math.max(0, Math.min(last, to)));
    }

    toggle() {
      if (this.isPlaying) {
        this.stop();
        this.settled();
        return;
      }
      if (this.moment.day >= this.story.length - 1) this.show(0);
      this.player.start();
      this.node.classList.toggle("dl-playing", this.width / this.view.span >= ROOMY); // narrower, a glide would be no help to the eye
    }

    /** The next day of a story that is played; after the last it rests. */
    next() {
      if (this.moment.day < this.story.length - 1) this.show(this.moment.day + 1);
      else {
        this.stop();
        this.settled();
      }
    }

    stop() {
      if (!this.isPlaying) return;
      this.player.stop();
      this.node.classList.remove("dl-playing");
      this.rest();
    }

    get isPlaying() {
      return this.player.isPlaying;
    }

    draw(moment) {
      const { day, known } = moment, { first, span } = this.view;
      if (day !== this.day && (day < first || day >= first + span)) this.look(day < first ? day - span * 0.85 : day - span * 0.15, span);
      this.day = day;
      if (known !== this.known) this.mark(known);
      const words = this.words(day);
      if (this.range.valueAsNumber !== day) this.range.value = day;
      this.range.setAttribute("aria-valuetext", words);
      this.before.disabled = day === 0;
      this.after.disabled = day === this.story.length - 1;
      this.earlier.disabled = this.changes.next(moment, -1) === undefined;
      this.later.disabled = this.changes.next(moment, 1) === undefined;
      this.now.setAttribute("d", this.column(day, this.heightOf(day)));
      this.stand();
      const tick = this.tickOf.get(day);
      if (tick !== this.tick) {
        if (this.tick) this.tick.classList.remove("dl-tick-now");
        if (tick) tick.classList.add("dl-tick-now");
      }
      this.tick = tick;
      this.rest();
    }

    /** Put the thumb where the day is; out of view it is not shown. */
    stand() {
      const { first, span } = this.view, share = this.share(this.day);
      this.thumb.hidden = this.day < first || this.day >= first + span;
      this.thumb.style.backgroundPositionX = `${share}%`;
      this.track.style.backgroundSize = `${Math.max(0, Math.min(100, share))}% 100%, auto`;
    }

    /** Where the middle of a day stands in the days in view, per cent. */
    share(day) {
      return ((day + 0.5 - this.view.first) / this.view.span) * 100;
    }

    /** Speak the day once the reader rests on it. */
    rest() {
      clearTimeout(this.speech);
      if (this.isPlaying) return;
      this.speech = setTimeout(() => {
        const said = [this.words(this.moment.day), this.changes.words(this.moment), ...this.remarks()].filter(Boolean).join(". ");
        if (this.said !== undefined && said !== this.said) this.spoken.textContent = said;
        this.said = said; // the first is what the page opened with: nobody asked for it
      }, REST);
    }

    /** Bring other days into view. */
    look(first, span) {
      const { length } = this.story;
      const wide = Math.max(Math.min(LEAST, length), Math.min(length, Math.round(span)));
      const from = Math.max(0, Math.min(length - wide, Math.round(first)));
      if (from === this.view.first && wide === this.view.span) return;
      const paced = wide !== this.view.span && this.isPlaying;
      this.view = { first: from, span: wide };
      this.lay();
      if (paced) this.player.start();
    }

    /** Fit everything to the chart's size, which letters of another size change too. */
    measure() {
      const { clientWidth, clientHeight } = this.chart, size = `${clientWidth} ${clientHeight}`;
      if (size === this.size) return;
      Object.assign(this, { size, width: clientWidth });
      this.lay();
    }

    /** Lay out the days in view: bars, the input's travel, marks, and as many written days as there is room for. */
    lay() {
      const { width } = this, { first, span } = this.view, column = width / span;
      this.bars.setAttribute("viewBox", `${first} 0 ${span} ${this.most}`);
      Object.assign(this.range, { min: first, max: first + span - 1 });
      this.range.value = this.day;
      this.stand();
      if (!width) return;
      this.range.style.left = `${column / 2 - THUMB / 2}px`;
      this.range.style.width = `${width - column + THUMB}px`;
      this.tickOf = new Map(NS.written(this.story, first, span, width, this.ticks).map(({ day, words, at }) => {
        const node = NS.html("span", { class: day === this.day ? "dl-tick-now" : null }, words);
        node.style.left = `${at}px`;
        return [day, node];
      }));
      this.tick = this.tickOf.get(this.day);
      NS.show(this.ticks, [...this.tickOf.values()]);
      this.mark(this.moment.known);
      for (const follower of this.followers) follower(this.view);
    }

    /** Mark the changes of hands, and veil the reports that are left out. */
    mark(known) {
      this.known = known;
      const { first, span } = this.view, { length } = this.story, column = this.width / span;
      const left = known < this.story.latest ? this.story.knownDay(this.moment) + 1 : length;
      this.veil.setAttribute("x", left);
      this.veil.setAttribute("width", Math.max(0, length - left));
      const shape = column >= ROOMY ? "m0,-5.5 l5.5,5.5 l-5.5,5.5 l-5.5,-5.5z" : "m0,-6 v12";
      const days = this.changes.of({ known }).days.filter((day) => day >= first && day < first + span);
      this.marks.setAttribute("class", column >= ROOMY ? "dl-change" : "dl-change dl-change-thin");
      this.marks.setAttribute("d", days.map((day) => `M${((day + 0.5 - first) * column).toFixed(1)},0 ${shape}`).join(" "));
    }
  };

  /** Whether reports of a day are left out, since they were made after the moment of knowledge. */
  NS.isLeftOut = (story, moment, day) => moment.known < story.latest && day > story.knownDay(moment);

  /** A finger that goes left or right over a node, not over one of its sliders: `act(1)` for the next, `act(-1)` for the one before. */
  NS.swiped = (node, act) => {
    let from = null;
    node.addEventListener("touchstart", ({ target, touches }) => {
      from = touches.length === 1 && !target.closest("input, [role=slider], .dl-brush, ul") ? touches[0] : null;
    }, { passive: true });
    node.addEventListener("touchcancel", () => { from = null; });
    node.addEventListener("touchend", ({ changedTouches: [to] }) => {
      if (!from) return;
      const across = to.clientX - from.clientX, down = to.clientY - from.clientY;
      from = null;
      if (Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(down)) act(across < 0 ? 1 : -1);
    });
  };

  NS.ROOMY = ROOMY;
  NS.LEAST_DAYS = LEAST;
})();
