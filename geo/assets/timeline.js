/* The slider: one column a day, the number of its reports as a bar, a real range input over all of it. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const PACE = 900; // milliseconds a day while playing
  const FAST = 60; // the same in a story of very many days
  const WEEK = 7;

  const ICONS = {
    previous: "M9.5,3 L4.5,8 L9.5,13", next: "M6.5,3 L11.5,8 L6.5,13", play: "M4,2.5 L13,8 L4,13.5z", pause: "M4,3 h3 v10 h-3z M9,3 h3 v10 h-3z",
  };
  const icon = (name) => NS.svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, class: `dl-icon dl-icon-${name}`, "aria-hidden": "true", focusable: "false" },
    NS.svg("path", { d: ICONS[name] }));

  NS.Timeline = class {
    /** `settled` is called when the reader rests on a day; `moving` with every move before. */
    constructor(story, moment, { moving, settled }) {
      Object.assign(this, { story, moment, moving, settled, timer: 0 });
      const button = (name, words, act) => NS.html("button", { type: "button", class: `dl-button dl-${name}`, "aria-label": words, title: words, onclick: act }, icon(name));
      this.before = button("previous", "Previous day", () => this.step(-1));
      this.player = button("play", "Play", () => this.toggle());
      this.after = button("next", "Next day", () => this.step(1));
      this.range = NS.html("input", {
        type: "range", class: "dl-range", min: 0, max: story.length - 1, step: 1, "aria-label": "Day",
        oninput: () => { this.stop(); this.show(Number(this.range.value)); },
        onchange: () => this.settled(),
        onkeydown: (event) => this.key(event),
      });
      const most = Math.max(1, ...story.counts);
      const column = (day, height) => `M${day + 0.04},${most} v${-height} h.92 v${height}z`;
      this.heightOf = (day) => (story.counts[day] ? Math.max(story.counts[day], most * 0.06) : 0);
      const bars = story.counts.map((count, day) => (count ? column(day, this.heightOf(day)) : "")).join("");
      this.column = column;
      this.now = NS.svg("path", { class: "dl-bar-now" });
      this.thumb = NS.html("span", { class: "dl-thumb" });
      this.passed = NS.html("span", { class: "dl-passed" });
      this.ticks = NS.html("div", { class: "dl-ticks", "aria-hidden": "true" });
      this.chart = NS.html("div", { class: "dl-chart" },
        NS.svg("svg", { class: "dl-bars", viewBox: `0 0 ${story.length} ${most}`, preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
          NS.svg("path", { d: bars, class: "dl-bar" }), this.now),
        NS.html("div", { class: "dl-track" }, this.passed, this.thumb), this.range, this.ticks);
      this.node = NS.html("div", { class: "dl-timeline", role: "group", "aria-label": "Time" },
        NS.html("div", { class: "dl-buttons" }, this.before, this.player, this.after), this.chart);
      new ResizeObserver(() => this.measure()).observe(this.chart);
      this.draw(moment);
    }

    words(day) {
      return `${NS.days.full(this.story.days[day])}: ${NS.reports(this.story, day)}`;
    }

    show(day) {
      this.moving();
      this.moment.go({ day: Math.max(0, Math.min(this.story.length - 1, day)) });
    }

    step(by) {
      this.stop();
      this.show(this.moment.day + by);
      this.settled();
    }

    key(event) {
      if (event.key === " ") {
        event.preventDefault();
        this.toggle();
        return;
      }
      const by = { PageUp: WEEK, PageDown: -WEEK }[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.step(by);
    }

    toggle() {
      if (this.timer) {
        this.stop();
        this.settled();
        return;
      }
      if (this.moment.day >= this.story.length - 1) this.show(0);
      this.timer = setInterval(() => this.tick(), Math.max(FAST, Math.min(PACE, 60000 / this.story.length)));
      this.face("pause", "Pause");
    }

    tick() {
      if (this.moment.day >= this.story.length - 1) {
        this.stop();
        this.settled();
      } else this.show(this.moment.day + 1);
    }

    stop() {
      if (!this.timer) return;
      clearInterval(this.timer);
      this.timer = 0;
      this.face("play", "Play");
    }

    get isPlaying() {
      return this.timer !== 0;
    }

    face(name, words) {
      NS.show(this.player, icon(name));
      this.player.setAttribute("aria-label", words);
      this.player.title = words;
    }

    draw({ day }) {
      this.range.value = day;
      this.range.setAttribute("aria-valuetext", this.words(day));
      this.range.title = this.words(day);
      this.before.disabled = day === 0;
      this.after.disabled = day === this.story.length - 1;
      this.now.setAttribute("d", this.column(day, this.heightOf(day)));
      const share = `${((day + 0.5) / this.story.length) * 100}%`;
      this.thumb.style.left = share;
      this.passed.style.width = share;
      for (const tick of this.ticks.children) tick.classList.toggle("dl-tick-now", Number(tick.dataset.day) === day);
    }

    /** Fit the input's travel to the columns' middles, and write as many days below as there is room for. */
    measure() {
      const width = this.chart.clientWidth, column = width / this.story.length, thumb = 28;
      if (!width) return;
      this.range.style.left = `${column / 2 - thumb / 2}px`;
      this.range.style.width = `${width - column + thumb}px`;
      const scale = parseFloat(getComputedStyle(this.ticks).fontSize) / 12;
      const shown = this.chosen(column, width, scale);
      NS.show(this.ticks, shown.map(({ day, words }) => {
        const node = NS.html("span", { "data-day": day, class: day === this.moment.day ? "dl-tick-now" : null }, words);
        node.style.left = `${(day + 0.5) * column}px`;
        return node;
      }));
    }

    /** Days that are written out: years and months first, then days, none upon another. */
    chosen(column, width, scale) {
      const { days } = this.story, last = days.length - 1;
      const dated = column >= 5; // below, only months and years are told apart
      const words = (day) => {
        const iso = days[day];
        if (day === 0 || iso.endsWith("-01")) {
          if (dated) return NS.days.short(iso);
          return iso.endsWith("-01-01") && column < 0.6 ? NS.days.year(iso) : NS.days.month(iso);
        }
        return dated ? NS.days.number(iso) : NS.days.month(iso);
      };
      const order = [0, ...days.keys()].sort((one, two) => rank(one) - rank(two) || one - two);
      function rank(day) {
        if (day === 0) return 0;
        if (days[day].endsWith("-01-01")) return 1;
        if (days[day].endsWith("-01")) return 2;
        if (!dated) return 9;
        if (day === last) return 3;
        return day % 7 === 0 ? 4 : 5;
      }
      const taken = [], shown = [];
      for (const day of new Set(order)) {
        if (rank(day) === 9) continue;
        const half = (words(day).length * 6.6 * scale) / 2 + 4, at = (day + 0.5) * column;
        if (at - half < -14 || at + half > width + 14) continue;
        if (taken.some(([left, right]) => at - half < right && at + half > left)) continue;
        taken.push([at - half, at + half]);
        shown.push({ day, words: words(day) });
      }
      return shown;
    }
  };
})();
