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
      const sure = later.filter((claim) => story.isDated(claim)), open = later.filter((claim) => !story.isDated(claim));
      this.title.textContent = `${NS.days.plain(day)}: what was reported`;
      NS.show(this.body,
        said.length ? this.places(said) : this.silence(moment),
        sure.length ? [NS.html("h2", { class: "dl-side-title dl-later" }, "Said later of this day"), this.places(sure)] : null,
        open.length ? [NS.html("h2", { class: "dl-side-title dl-later" }, "May have happened this day"), this.places(open, true)] : null);
    }

    silence(moment) {
      const next = this.story.nextReports(moment);
      return NS.html("p", { class: "dl-silence" }, "No report is dated this day. What the map shows of it was said before or after. ",
        next === null ? null : NS.html("button", { type: "button", class: "dl-link", onclick: () => this.goTo(next) },
          `Go to ${NS.days.plain(this.story.days[next])}, with ${NS.reports(this.story, next)}`));
    }

    places(claims, open = false) {
      const groups = new Map();
      for (const claim of claims) {
        const { place } = this.story.claims[claim];
        if (!groups.has(place)) groups.set(place, []);
        groups.get(place).push(claim);
      }
      const order = [...groups.keys()].sort((one, two) => this.story.places[one].rank - this.story.places[two].rank);
      return order.map((place) => this.group(place, groups.get(place), open));
    }

    group(index, claims, open) {
      const place = this.story.places[index];
      const span = this.story.spanOf(index, this.moment);
      const name = NS.html("button", { type: "button", class: "dl-item-name", "data-place": index, onclick: () => this.open(index, name) }, NS.capital(place.name));
      return NS.html("section", { class: "dl-item", "data-at": index }, NS.html("h3", {}, name),
        span ? NS.html("p", { class: "dl-pill" }, NS.symbol(this.theme, place.kind, 2, span, NS.isAged(this.story, span, this.moment)), NS.html("span", {}, this.story.statusWords(span))) : null,
        this.once(claims).map(([claim, times]) => NS.saying(this.story, claim, times, open)),
        [...new Set(claims.flatMap((claim) => this.story.denialsOf(claim, this.moment)))].filter((denial) => !claims.includes(denial))
          .map((denial) => NS.denial(this.story, denial)),
        NS.toDays(this.story, claims, this.moment, this.goTo));
    }

    /** The button of a place in the list, or null. */
    buttonOf(place) {
      return this.node.querySelector(`[data-place="${place}"]`);
    }

    /** Claims, those that say the same in the same article only once: [[claim, how often], ...]. */
    once(claims) {
      const found = new Map();
      const told = (claim) => (this.story.claims[claim].relation === "relay" ? 1 : 0); // what is first told stands first
      for (const claim of [...claims].sort((one, two) => told(one) - told(two))) {
        const { words, article, claimant, modality, note, relation } = this.story.claims[claim];
        const key = [words, article, claimant, modality, relation === "relay" ? "" : note].join("|");
        if (found.has(key)) found.get(key)[1] += 1;
        else found.set(key, [claim, 1]);
      }
      return [...found.values()];
    }
  };

  const DENIED = "Denied";

  /** The words of a claim; a denial says that it is one. */
  NS.worded = ({ words, modality }) => {
    if (modality !== "denied") return words;
    return words.startsWith(DENIED) ? [NS.html("strong", { class: "dl-mark" }, DENIED), words.slice(DENIED.length)]
      : [NS.html("strong", { class: "dl-mark" }, `${DENIED}: `), words];
  };

  /** The denial of a claim, under it. */
  NS.denial = (story, index) => NS.html("p", { class: "dl-denied" },
    story.claims[index].modality === "denied" ? NS.worded(story.claims[index]) : [NS.html("strong", { class: "dl-mark" }, "Against it: "), story.claims[index].words], NS.html("span", { class: "dl-credit" }, ` (${story.credit(index)})`));

  /** The ways to the days on which claims were told, where these are other days of the map. */
  NS.toDays = (story, claims, moment, goTo) => {
    const days = new Set(claims.filter((claim) => !story.isBackground(claim)).map((claim) => story.claims[claim].reported));
    return [...days].filter((day) => day !== moment.day && day >= 0 && day < story.length).map((day) => NS.html("p", { class: "dl-today" },
      NS.html("button", { type: "button", class: "dl-link", onclick: () => goTo(day) }, `Go to ${NS.days.plain(story.days[day])}`)));
  };

  /** One claim of a list: its words, and who said it where and when. */
  NS.saying = (story, index, times, open) => {
    const claim = story.claims[index];
    return NS.html("div", { class: `dl-saying${claim.modality === "denied" ? " dl-denial" : ""}` },
      NS.html("p", { class: "dl-words" }, claim.relation === "relay" ? NS.html("span", { class: "dl-remark" }, "Also in the article: ") : null, NS.worded(claim)),
      NS.html("p", { class: "dl-credit" }, story.credit(index), times > 1 ? ` (${times} passages)` : null,
        open ? ` · some time in ${NS.days.interval(claim.from, claim.to)}` : null),
      claim.kind === "advancing" && claim.note ? NS.html("p", { class: "dl-aside" }, claim.note) : null);
  };
})();
