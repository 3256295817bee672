/* The brush: the whole story in small under a long slider, and a window on it that says which days are in view. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const MONTH = 30;
  const STILL = 4; // pixels within which a press is no drag

  NS.Brush = class {
    /** Shows itself under the timeline's chart where days are too narrow to be told apart. */
    constructor(timeline, story) {
      Object.assign(this, { timeline, story, drag: null });
      const handle = (end, words) => NS.html("span", {
        class: `dl-handle dl-handle-${end}`, role: "slider", tabindex: 0, "aria-label": words, "aria-orientation": "horizontal",
        "aria-valuemin": 0, "aria-valuemax": story.length - 1, onkeydown: (event) => this.key(event, end),
      });
      this.from = handle("from", "Span begins");
      this.to = handle("to", "Span ends");
      this.window = NS.html("span", { class: "dl-window" }, this.from, this.to);
      this.ticks = NS.html("div", { class: "dl-ticks", "aria-hidden": "true" });
      this.strip = NS.html("div", { class: "dl-strip" },
        NS.svg("svg", { class: "dl-bars", viewBox: `0 0 ${story.length} ${timeline.most}`, preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
          NS.svg("path", { d: timeline.path, class: "dl-bar" })),
        this.window);
      this.words = NS.html("span", {});
      this.whole = NS.html("button", { type: "button", class: "dl-link", onclick: () => this.reset() }, "Whole story");
      this.node = NS.html("div", { class: "dl-brush", role: "group", "aria-label": "Part of the story in view", hidden: true },
        this.strip, this.ticks, NS.html("p", { class: "dl-brush-words" }, this.words, this.whole));
      this.strip.addEventListener("pointerdown", (event) => this.begin(event));
      this.strip.addEventListener("pointermove", (event) => this.move(event));
      for (const over of ["pointerup", "pointercancel"]) this.strip.addEventListener(over, (event) => this.end(event));
      this.strip.addEventListener("dblclick", () => this.reset());
      timeline.onView(() => this.draw());
      timeline.scale.append(this.node);
    }

    draw() {
      const { first, span } = this.timeline.view, { length, days } = this.story, last = first + span - 1;
      this.node.hidden = this.timeline.width / length >= NS.ROOMY;
      if (this.node.hidden) {
        this.timeline.look(0, length);
        return;
      }
      this.window.style.left = `${(first / length) * 100}%`;
      this.window.style.width = `${(span / length) * 100}%`;
      const zoomed = span < length;
      this.node.classList.toggle("dl-zoomed", zoomed);
      this.whole.hidden = !zoomed;
      this.words.textContent = zoomed ? `${NS.days.dated(days[first])} – ${NS.days.dated(days[last])}, ${span} of ${length.toLocaleString("en-GB")} days`
        : `${length.toLocaleString("en-GB")} days. Drag across a part of them to look closer.`;
      for (const [handle, day] of [[this.from, first], [this.to, last]]) {
        handle.setAttribute("aria-valuenow", day);
        handle.setAttribute("aria-valuetext", NS.days.full(days[day]));
      }
      if (this.width === this.timeline.width) return;
      this.width = this.timeline.width;
      NS.show(this.ticks, NS.written(this.story, 0, length, this.width, this.ticks).map(({ words, at }) => {
        const node = NS.html("span", {}, words);
        node.style.left = `${at}px`;
        return node;
      }));
    }

    reset() {
      this.timeline.look(0, this.story.length);
    }

    /** The day under a pointer, as a number that need not be whole. */
    dayAt({ clientX }) {
      const box = this.strip.getBoundingClientRect();
      return Math.max(0, Math.min(1, (clientX - box.left) / box.width)) * this.story.length;
    }

    begin(event) {
      if (event.button) return;
      const { first, span } = this.timeline.view, day = this.dayAt(event);
      const inside = span < this.story.length && day >= first && day < first + span;
      const kind = event.target === this.from ? "from" : event.target === this.to ? "to" : inside ? "pan" : "new";
      this.drag = { kind, day, first, span, x: event.clientX, moved: false };
      this.strip.setPointerCapture(event.pointerId);
      if (kind === "from" || kind === "to") event.target.focus();
      event.preventDefault();
    }

    move(event) {
      if (!this.drag) return;
      const { kind, day, first, span, x } = this.drag, here = this.dayAt(event);
      this.drag.moved = this.drag.moved || Math.abs(event.clientX - x) > STILL;
      if (!this.drag.moved) return;
      if (kind === "from" || kind === "to") this.pull(kind, here, first, first + span);
      else if (kind === "pan") this.timeline.look(first + here - day, span);
      else if (Math.abs(here - day) >= 1) this.timeline.look(Math.min(here, day), Math.abs(here - day));
    }

    /** A press beside the window, without a drag, brings the window there. */
    end() {
      const { drag } = this;
      this.drag = null;
      if (drag && drag.kind === "new" && !drag.moved && drag.span < this.story.length) this.timeline.look(drag.day - drag.span / 2, drag.span);
    }

    /** Move one end of the window to a day; the other stays. `from` and `to` are the ends as they are, `to` exclusive. */
    pull(end, day, from, to) {
      if (end === "from") {
        const first = Math.max(0, Math.min(Math.round(day), to - NS.LEAST_DAYS));
        this.timeline.look(first, to - first);
      } else this.timeline.look(from, Math.max(NS.LEAST_DAYS, Math.min(Math.round(day), this.story.length) - from));
    }

    /** Arrows move an end by a day, Page keys by a month, Home and End as far as it goes; with Shift the whole window moves. */
    key(event, end) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const { length } = this.story, { first, span } = this.timeline.view;
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -MONTH, PageUp: MONTH, Home: -length, End: length }[event.key];
      if (event.key === "Escape") this.reset();
      else if (by && event.shiftKey) this.timeline.look(first + by, span);
      else if (by) this.pull(end, (end === "from" ? first : first + span) + by, first, first + span);
      else return;
      event.preventDefault();
    }
  };
})();
