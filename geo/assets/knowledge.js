/* The moment of knowledge: up to when reports are counted, said by the date, and chosen there. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});

  NS.Knowledge = class {
    /** `moving` and `settled` as for the timeline; `resized` is called when what stands by the date takes more room or less. */
    constructor(story, moment, { moving, settled, resized }) {
      Object.assign(this, { story, moment, moving, settled, resized, known: null });
      this.count = NS.html("span", { class: "dl-count" });
      this.said = NS.html("span", {});
      this.opener = NS.html("button", { type: "button", class: "dl-known-button", "aria-expanded": "false", onclick: () => this.toggle() }, this.said,
        NS.svg("svg", { viewBox: "0 0 16 16", width: 12, height: 12, class: "dl-icon", "aria-hidden": "true", focusable: "false" }, NS.svg("path", { d: "M3.5,5.5 L8,10.5 L12.5,5.5" })));
      this.back = NS.html("button", { type: "button", class: "dl-known-back", onclick: () => this.latest() }, "Back to the latest");
      this.notice = NS.html("p", { class: "dl-known-notice", hidden: true }, "Later reports are left out. ", this.back);
      this.range = NS.html("input", {
        type: "range", class: "dl-range", min: 0, max: story.latest, step: 1, "aria-label": "As known on",
        oninput: () => this.show(Number(this.range.value)), onchange: () => this.settled(),
      });
      this.thumb = NS.html("span", { class: "dl-thumb" });
      this.ticks = NS.html("div", { class: "dl-ticks", "aria-hidden": "true" });
      this.stops = NS.html("div", { class: "dl-stops", "aria-hidden": "true" }, story.known.map(({ corrected }, at) => {
        const stop = NS.html("span", { class: corrected ? "dl-stop dl-stop-corrected" : "dl-stop" });
        stop.style.left = `${this.share(at)}%`;
        return stop;
      }));
      this.scale = NS.html("div", { class: "dl-chart" }, NS.html("div", { class: "dl-track" }, this.stops, this.thumb), this.range, this.ticks);
      const corrections = story.known.some(({ corrected }) => corrected);
      this.panel = NS.html("div", { class: "dl-knowing", id: "dl-knowing", role: "group", "aria-label": "Moment of knowledge", hidden: true },
        this.scale,
        corrections ? NS.html("p", { class: "dl-aside" }, NS.html("span", { class: "dl-stop dl-stop-corrected dl-stop-key", "aria-hidden": "true" }), "a correction was made") : null);
      this.opener.setAttribute("aria-controls", "dl-knowing");
      this.node = NS.html("div", { class: "dl-knowledge", onkeydown: (event) => event.key === "Escape" && this.shut(event) },
        NS.html("p", { class: "dl-known" }, this.count, " ", this.opener), this.panel, this.notice);
      new ResizeObserver(() => this.label()).observe(this.scale);
    }

    share(at) {
      return ((at + 0.5) / this.story.known.length) * 100;
    }

    show(known) {
      this.moving();
      this.moment.go({ known });
    }

    latest() {
      this.show(this.story.latest);
      this.settled();
      this.opener.focus();
    }

    toggle() {
      this.panel.hidden = !this.panel.hidden;
      this.opener.setAttribute("aria-expanded", String(!this.panel.hidden));
      if (!this.panel.hidden) this.range.focus({ preventScroll: true });
      this.resized();
    }

    shut(event) {
      if (this.panel.hidden) return;
      event.stopPropagation();
      this.toggle();
      this.opener.focus();
    }

    /** Whether reports are left out that the story has. */
    isEarlier({ known }) {
      return known < this.story.latest;
    }

    /** What is said of the moment of knowledge where it is not the latest, else "". */
    words(moment) {
      return this.isEarlier(moment) ? `As known on ${this.story.knownWords(moment)}. Later reports are left out` : "";
    }

    draw(moment) {
      const { story } = this;
      const counted = NS.isLeftOut(story, moment, moment.day) ? "" : NS.capital(NS.reports(story, moment.day));
      if (counted !== this.counted) NS.show(this.count, counted ? [counted, NS.html("span", { class: "dl-this" }, " this day"), "."] : "Reports of this day are left out.");
      this.counted = counted;
      if (moment.known === this.known) return;
      this.known = moment.known;
      const earlier = this.isEarlier(moment), { corrected } = story.known[moment.known], words = story.knownWords(moment);
      this.said.textContent = earlier ? `As known on ${words}` : `With reports up to ${words}`;
      this.notice.hidden = !earlier;
      this.node.classList.toggle("dl-earlier", earlier);
      this.range.value = moment.known;
      const kind = [corrected ? "a correction" : "", earlier ? "" : "the latest"].filter(Boolean).join(", ");
      this.range.setAttribute("aria-valuetext", kind ? `${words}, ${kind}` : words);
      this.thumb.style.left = `${this.share(moment.known)}%`;
      [...this.ticks.children].forEach((tick) => tick.classList.toggle("dl-tick-now", Number(tick.dataset.known) === moment.known));
      this.resized();
    }

    /** Fit the input's travel to the stops, and write under them what there is room for, the ends first. */
    label() {
      const width = this.scale.clientWidth, { known } = this.story, column = width / known.length, last = known.length - 1;
      if (!width) return;
      this.range.style.left = `${column / 2 - 14}px`;
      this.range.style.width = `${width - column + 28}px`;
      const order = [...new Set([last, 0, ...known.keys()])].map((at) => ({ stop: at, words: NS.days.short(known[at].id.slice(0, 10)), at: (at + 0.5) * column }));
      NS.show(this.ticks, NS.apart(order, width, this.ticks).map(({ stop, words, at }) => {
        const node = NS.html("span", { "data-known": stop, class: stop === this.moment.known ? "dl-tick-now" : null }, words);
        node.style.left = `${at}px`;
        return node;
      }));
    }
  };
})();
