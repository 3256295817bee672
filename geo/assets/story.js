/* The story as it was sent, asked questions: what held at a place, what was said, what was known. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});

  /** What is told of each moment of knowledge, from what differs from the moment before; what is empty is there no more. */
  const unfolded = (moments, keyOf, partOf) => {
    let last = new Map();
    return moments.map((changed) => {
      last = new Map(last);
      for (const entry of changed) {
        if (partOf(entry).length) last.set(keyOf(entry), entry);
        else last.delete(keyOf(entry));
      }
      return [...last.values()].sort((one, two) => keyOf(one) - keyOf(two));
    });
  };

  /** Wraps a payload; `moment` is always {day, known}: an index into days, and one into the days of knowledge. */
  NS.Story = class {
    constructor(payload) {
      Object.assign(this, payload, NS.unfoldedMesh(payload));
      this.states = unfolded(payload.states, ({ place }) => place, ({ spans }) => spans);
      this.cell_days = unfolded(payload.cell_days, ([cell]) => cell, ([, changes]) => changes);
      this.edge_days = unfolded(payload.edge_days, ([edge]) => edge, ([, changes]) => changes);
      this.length = payload.days.length;
      this.spans = this.states.map((entries) => new Map(entries.map((entry) => [entry.place, entry.spans])));
      this.byPlace = new Map();
      payload.claims.forEach((claim, index) => {
        if (!this.byPlace.has(claim.place)) this.byPlace.set(claim.place, []);
        this.byPlace.get(claim.place).push(index);
      });
      this.latest = payload.known.length - 1;
      this.index();
    }

    /** Claims by the day of their report, and the days of each as numbers, so that no step of the slider reads all claims. */
    index() {
      const numbered = (iso) => NS.days.between(this.days[0], iso);
      this.byReport = new Map();
      this.told = [];
      this.claims.forEach(({ reported, from, to }, index) => {
        if (this.isBackground(index)) return;
        if (!this.byReport.has(reported)) this.byReport.set(reported, []);
        this.byReport.get(reported).push(index);
        if (from && to) this.told.push({ index, reported, from: numbered(from), to: numbered(to) });
      });
    }

    /** The day up to which reports are counted, as an index into days; the last where that is later. */
    knownDay(moment) {
      return Math.min(this.known[moment.known].day, this.length - 1);
    }

    /** "6 December 2024", or the moment of a correction */
    knownWords(moment) {
      return this.known[moment.known].words;
    }

    /** Whether a claim had been reported by then, and had not been withdrawn or amended. */
    isKnown(claim, moment) {
      const [first, end] = this.claims[claim].known;
      return first <= moment.known && (end === null || moment.known < end);
    }

    /** What had been corrected by then in the claims about a place. */
    correctionsOf(place, moment) {
      return this.corrections.filter(({ claim, known }) => known <= moment.known && this.claims[claim].place === place);
    }

    /** The claims that deny a claim, as far as they were known by then. */
    denialsOf(claim, moment) {
      return this.claims[claim].denied_by.filter((denial) => this.isKnown(denial, moment));
    }

    /** The names of those on whose word claims rest: who is quoted, else who publishes. */
    voices(claims) {
      const names = claims.flatMap((claim) => {
        const quoted = this.claimants(claim);
        return quoted.length ? quoted.map(({ name }) => name) : [this.articles[this.claims[claim].article].publisher];
      });
      return [...new Set(names)];
    }

    isBackground(claim) {
      return this.articles[this.claims[claim].article].background;
    }

    /** What held at a place at a moment, or null: nothing is said. */
    spanOf(place, moment) {
      const spans = this.spans[moment.known].get(place);
      return (spans && spans.find((span) => span.day <= moment.day && moment.day < span.end)) || null;
    }

    /** The earliest moment of knowledge from which on a place has been known to be, on the day shown, as it is known now. */
    knownSince(place, span, { day, known }) {
      const same = (other) => other !== null && ["status", "holder", "contender"].every((part) => other[part] === span[part]);
      let since = known;
      while (since > 0 && same(this.spanOf(place, { day, known: since - 1 }))) since -= 1;
      return { day, known: since };
    }

    /** A status in words, and who disputes it: "Under attack by the opposition (disputed by the government); held by the government". */
    statusWords(span) {
      const words = span.words || span.status, short = (actor) => this.actors[actor].short;
      if (!span.disputed.length) return words;
      const holder = span.holder === null ? "" : `; held by ${short(span.holder)}`, kept = holder && words.endsWith(holder) ? holder : "";
      return `${words.slice(0, words.length - kept.length)} (disputed by ${span.disputed.map(short).join(", ")})${kept}`;
    }

    /** Claims about a place that were known by then, newest first, the background last. */
    claimsOf(place, moment) {
      return (this.byPlace.get(place) || [])
        .filter((claim) => this.isKnown(claim, moment))
        .sort((one, two) => this.isBackground(one) - this.isBackground(two) || this.claims[two].reported - this.claims[one].reported);
    }

    /** What the reports of a day say, background left out. */
    reportedOn(moment) {
      return (this.byReport.get(moment.day) || []).filter((claim) => this.isKnown(claim, moment));
    }

    /** What later reports say of a day. */
    saidLaterOf(moment) {
      const { day } = moment;
      return this.told.filter(({ index, reported, from, to }) => reported > day && from <= day && day <= to && this.isKnown(index, moment)).map(({ index }) => index);
    }

    /** Whether a claim tells of one day, or of each of its days; else it may have happened on any of them. */
    isDated(claim) {
      const { from, to, standing } = this.claims[claim];
      return from === to || standing === "throughout" || standing === "since";
    }

    /** What happened on a day; what several passages tell in the same words stands once. */
    eventsAt(moment) {
      const told = new Set();
      return this.events.filter(({ kind, place, day, end, claim }) => {
        if (day > moment.day || moment.day >= end || !this.isKnown(claim, moment)) return false;
        const words = `${kind} ${place} ${this.claims[claim].words}`;
        return !told.has(words) && told.add(words);
      });
    }

    /** The nearest later day with reports that were known by then, else the nearest earlier one, else null. */
    nextReports(moment) {
      const tells = (day) => this.counts[day] > 0 && !NS.isLeftOut(this, moment, day);
      const later = this.counts.findIndex((_, day) => day > moment.day && tells(day));
      if (later >= 0) return later;
      const earlier = this.counts.findLastIndex((_, day) => day < moment.day && tells(day));
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

  /** The one place where the moment shown is kept, and the day it is compared with; listeners hear of changes once a frame. */
  NS.Moment = class {
    constructor(day, known) {
      this.day = day;
      this.known = known;
      this.compare = null;
      this.listeners = [];
      this.frame = 0;
    }

    onChange(listener) {
      this.listeners.push(listener);
    }

    /** Go to a day, to another moment of knowledge, or compare with a day (null: with none); what is drawn follows in the next frame. */
    go({ day = this.day, known = this.known, compare = this.compare }) {
      if (day === this.day && known === this.known && compare === this.compare) return;
      Object.assign(this, { day, known, compare });
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
