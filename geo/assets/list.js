/* The list of a day: what was reported on it, and what was said of it later. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});

  NS.List = class {
    /** `open(place, opener)` opens a card, `goTo(day)` shows another day. */
    constructor(story, theme, { open, goTo }) {
      Object.assign(this, { story, theme, open, goTo });
      this.title = NS.html("h2", { class: "dl-side-title", tabindex: -1 });
      this.body = NS.html("div", { class: "dl-list-body" });
      this.node = NS.html("div", { class: "dl-list" }, this.title, this.body);
    }

    draw(moment) {
      this.moment = moment;
      const { story } = this;
      const day = story.days[moment.day];
      const said = story.reportedOn(moment), later = story.saidLaterOf(moment);
      this.title.textContent = `${NS.days.plain(day)}: what was reported`;
      NS.show(this.body,
        said.length ? this.places(said) : this.silence(moment),
        later.length ? [NS.html("h2", { class: "dl-side-title dl-later" }, "Said later of this day"), this.places(later)] : null);
    }

    silence(moment) {
      const next = this.story.nextReports(moment.day);
      return NS.html("p", { class: "dl-silence" }, "No report is dated this day. The map carries on what was known before. ",
        next === null ? null : NS.html("button", { type: "button", class: "dl-link", onclick: () => this.goTo(next) },
          `Go to ${NS.days.plain(this.story.days[next])}, with ${NS.reports(this.story.counts[next])}`));
    }

    places(claims) {
      const groups = new Map();
      for (const claim of claims) {
        const { place } = this.story.claims[claim];
        if (!groups.has(place)) groups.set(place, []);
        groups.get(place).push(claim);
      }
      const order = [...groups.keys()].sort((one, two) => this.story.places[one].rank - this.story.places[two].rank);
      return order.map((place) => this.group(place, groups.get(place)));
    }

    group(index, claims) {
      const place = this.story.places[index];
      const span = this.story.spanOf(index, this.moment);
      const name = NS.html("button", { type: "button", class: "dl-item-name", onclick: () => this.open(index, name) }, place.name);
      return NS.html("section", { class: "dl-item" }, NS.html("h3", {}, name),
        span ? NS.html("p", { class: "dl-pill" }, NS.symbol(this.theme, place.kind, 2, span), NS.html("span", {}, span.words || span.status)) : null,
        claims.map((claim) => NS.saying(this.story, claim)));
    }
  };

  /** One claim: its words, who said it where and when, and who denies it. */
  NS.saying = (story, index) => {
    const claim = story.claims[index];
    const denial = claim.modality === "denied";
    const marks = [
      denial ? "Denial" : null,
      claim.modality === "announced" ? "Announced, not yet done" : null,
      claim.relation === "relay" ? "Repeats an earlier report" : null,
    ].filter(Boolean);
    return NS.html("div", { class: `dl-saying${denial ? " dl-denial" : ""}` },
      NS.html("p", { class: "dl-words" }, marks.length ? NS.html("strong", { class: "dl-mark" }, `${marks.join(", ")}: `) : null, claim.words),
      NS.html("p", { class: "dl-credit" }, story.credit(index)),
      claim.denied_by.map((other) => NS.html("p", { class: "dl-denied" }, NS.html("strong", {}, "Denied: "), `${story.claims[other].words} `,
        NS.html("span", { class: "dl-credit" }, `(${story.credit(other)})`))));
  };
})();
