/* The story as it was sent, asked questions: what held at a place, what was said, what was known. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});

  /** Wraps a payload; `moment` is always {day, known}: an index into days, and one into the days of knowledge. */
  NS.Story = class {
    constructor(payload) {
      Object.assign(this, payload);
      this.length = payload.days.length;
      this.spans = payload.states.map((entries) => new Map(entries.map((entry) => [entry.place, entry.spans])));
      this.byPlace = new Map();
      payload.claims.forEach((claim, index) => {
        if (!this.byPlace.has(claim.place)) this.byPlace.set(claim.place, []);
        this.byPlace.get(claim.place).push(index);
      });
      this.latest = payload.known.length - 1;
    }

    /** The day up to which reports are counted, as an index into days. */
    knownDay(moment) {
      return this.known[moment.known];
    }

    isKnown(claim, moment) {
      return this.claims[claim].reported <= this.knownDay(moment);
    }

    /** The claims that deny a claim, as far as they were known by then. */
    denialsOf(claim, moment) {
      return this.claims[claim].denied_by.filter((denial) => this.isKnown(denial, moment));
    }

    isBackground(claim) {
      return this.articles[this.claims[claim].article].background;
    }

    /** What held at a place at a moment, or null: nothing is said. */
    spanOf(place, moment) {
      const spans = this.spans[moment.known].get(place);
      return (spans && spans.find((span) => span.day <= moment.day && moment.day < span.end)) || null;
    }

    /** Claims about a place that were known by then, newest first, the background last. */
    claimsOf(place, moment) {
      return (this.byPlace.get(place) || [])
        .filter((claim) => this.isKnown(claim, moment))
        .sort((one, two) => this.isBackground(one) - this.isBackground(two) || this.claims[two].reported - this.claims[one].reported);
    }

    /** What the reports of a day say, background left out. */
    reportedOn(moment) {
      return this.claims.flatMap((claim, index) =>
        claim.reported === moment.day && !this.isBackground(index) && this.isKnown(index, moment) ? [index] : []);
    }

    /** What later reports say of a day. */
    saidLaterOf(moment) {
      const iso = this.days[moment.day];
      return this.claims.flatMap((claim, index) =>
        claim.reported > moment.day && claim.from && claim.to && claim.from <= iso && iso <= claim.to
        && !this.isBackground(index) && this.isKnown(index, moment) ? [index] : []);
    }

    /** Whether a claim tells of one day, or of each of its days; else it may have happened on any of them. */
    isDated(claim) {
      const { from, to, standing } = this.claims[claim];
      return from === to || standing === "throughout" || standing === "since";
    }

    eventsAt(moment) {
      return this.events.filter((event) => event.day <= moment.day && moment.day < event.end && this.isKnown(event.claim, moment));
    }

    /** The nearest later day with reports, else the nearest earlier one, else null. */
    nextReports(day) {
      const later = this.counts.findIndex((count, index) => index > day && count > 0);
      if (later >= 0) return later;
      const earlier = this.counts.findLastIndex((count, index) => index < day && count > 0);
      return earlier >= 0 ? earlier : null;
    }

    /** "the Observatory, in The Sun (AFP), 1 Dec" */
    credit(claim) {
      const article = this.articles[this.claims[claim].article];
      const names = this.claimants(claim).map((source) => source.name);
      const carrier = article.agency && article.agency !== article.publisher ? `${article.publisher} / ${article.agency}` : article.publisher;
      const day = NS.days.short(article.published);
      return names.length && names.join() !== article.publisher ? `${names.join(" and ")}, in ${carrier}, ${day}` : `${carrier}, ${day}`;
    }

    /** The sources that a claim rests on. */
    claimants(claim) {
      const { claimant, claimants } = this.claims[claim];
      return (claimants || [claimant]).map((source) => this.sources[source]).filter(Boolean);
    }
  };

  /** The one place where the moment shown is kept; listeners hear of changes once a frame. */
  NS.Moment = class {
    constructor(day, known) {
      this.day = day;
      this.known = known;
      this.listeners = [];
      this.frame = 0;
    }

    onChange(listener) {
      this.listeners.push(listener);
    }

    /** Go to a day or to another day of knowledge; what is drawn follows in the next frame. */
    go({ day = this.day, known = this.known }) {
      if (day === this.day && known === this.known) return;
      this.day = day;
      this.known = known;
      if (!this.frame) this.frame = requestAnimationFrame(() => this.tell());
    }

    tell() {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      const began = performance.now();
      for (const listener of this.listeners) listener(this);
      this.cost = performance.now() - began;
    }
  };
})();
