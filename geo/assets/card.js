/* The card of a place: what holds there, since when, who disputes it, and every claim that says so. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const listed = (names) => new Intl.ListFormat("en-GB").format(names); // A, B and C

  NS.Card = class {
    /** `closed()` is called when the reader closes the card, `goTo(day)` shows another day. */
    constructor(story, theme, { closed, goTo }) {
      Object.assign(this, { story, theme, goTo, place: null });
      this.title = NS.html("h2", { class: "dl-card-title", tabindex: -1 });
      this.body = NS.html("div", { class: "dl-card-body" });
      this.back = NS.html("span", {});
      this.taller = NS.html("button", { type: "button", class: "dl-link dl-taller", onclick: () => this.stretch(!this.tall) });
      this.node = NS.html("section", { class: "dl-card", "aria-label": "Place", hidden: true, onkeydown: (event) => event.key === "Escape" && closed() },
        NS.html("div", { class: "dl-card-bar" },
          NS.html("button", { type: "button", class: "dl-link dl-back", onclick: closed },
            NS.svg("svg", { viewBox: "0 0 16 16", width: 14, height: 14, class: "dl-icon", "aria-hidden": "true", focusable: "false" }, NS.svg("path", { d: "M9.5,3 L4.5,8 L9.5,13" })),
            this.back), this.taller),
        this.title, this.body);
      this.stretch(false);
    }

    /** On a narrow screen the card lies over the lower part of the map; stretched, it is read as a page. */
    stretch(tall) {
      this.tall = tall;
      this.node.classList.toggle("dl-tall", tall);
      this.taller.textContent = tall ? "Less" : "Read all";
      this.taller.setAttribute("aria-expanded", String(tall));
    }

    draw(place, moment) {
      this.place = place;
      const { story } = this;
      const { name, arabic, note } = story.places[place];
      const span = story.spanOf(place, moment);
      const day = story.days[moment.day];
      this.back.textContent = `Back to ${NS.days.plain(day)}`;
      NS.show(this.title, NS.html("span", {}, NS.capital(name)), arabic ? NS.html("span", { class: "dl-arabic", lang: "ar", dir: "rtl" }, arabic) : null);
      NS.show(this.body,
        NS.html("p", { class: "dl-card-day" }, NS.days.full(day)),
        span ? this.status(place, span, moment) : NS.html("p", { class: "dl-silence" }, "Nothing reported gives this place a status on this day. It is left blank."),
        note ? NS.html("p", { class: "dl-aside" }, note) : null,
        span && span.disputed.length ? this.dispute(span, moment) : null,
        this.corrections(place, moment),
        this.sayings(place, moment, span));
    }

    status(place, span, moment) {
      const { story } = this;
      const day = story.days[moment.day];
      const confirmed = span.confirmed && span.confirmed > day ? day : span.confirmed; // nothing is confirmed later than the day shown
      const fact = (term, words) => NS.html("div", {}, NS.html("dt", {}, term), NS.html("dd", {}, words));
      const since = story.knownSince(place, span, moment), voices = story.voices(span.basis);
      const kind = span.background ? story.tiers.find(({ id }) => id === "background") : story.statuses.find(({ id }) => id === span.status);
      return [
        NS.html("p", { class: "dl-pill dl-pill-large" }, NS.symbol(this.theme, story.places[place].kind, 1, span, NS.isAged(story, span, moment)), NS.html("span", {}, story.statusWords(span))),
        kind ? NS.html("p", { class: "dl-aside" }, NS.html("strong", {}, `${kind.label}: `), kind.means) : null,
        NS.html("dl", { class: "dl-facts" },
          span.since ? fact("Since", span.since_year_only ? NS.days.year(span.since) : NS.days.full(span.since)) : null,
          span.before !== null ? fact("Before", `held by ${story.actors[span.before].short}`) : null,
          span.contender !== null ? fact(span.status === "contested" ? "Inside" : "Attacked by", story.actors[span.contender].label) : null,
          story.knownDay(since) > moment.day && !span.background ? fact("First known", `from reports up to ${story.knownWords(since)}`) : null,
          confirmed ? fact("Last confirmed", `${NS.days.full(confirmed)} (${NS.days.age(confirmed, day)})`) : null),
        this.faded(confirmed, day),
        span.possible && !span.notes.length ? NS.html("p", { class: "dl-aside" }, `A change may already have happened, from ${NS.days.full(span.possible)} on.`) : null,
        span.notes.map((words) => NS.html("p", { class: "dl-aside" }, NS.capital(words))),
        story.laws[span.why] ? NS.html("details", { class: "dl-why" }, NS.html("summary", {}, "Why this colour?"), NS.html("p", { class: "dl-aside" }, story.laws[span.why]),
          voices.length ? NS.html("p", { class: "dl-aside" }, `Here it rests on the claims of ${listed(voices)}: see “Who says so”.`) : null) : null,
      ];
    }

    /** A sentence where the last confirmation is older than the story lets it be. */
    faded(confirmed, day) {
      const most = this.story.fades_after_days, age = confirmed ? NS.days.between(confirmed, day) : 0;
      return most && age > most ? NS.html("p", { class: "dl-faded" }, NS.html("strong", {}, `Not confirmed for ${age} days.`), " It may have changed since.") : null;
    }

    /** What was said of a place and then withdrawn, amended or added: what stood there, when that changed, and why. */
    corrections(place, moment) {
      const { story } = this;
      const found = story.correctionsOf(place, moment);
      if (!found.length) return null;
      const one = ({ claim, at, action, field, before, after, why }) => {
        const words = (story.claims[claim] || {}).words;
        const stood = action === "withdrawn" ? NS.html("p", { class: "dl-words" }, NS.html("s", {}, words), NS.unseen(" (withdrawn)"))
          : action === "amended" ? [NS.html("p", { class: "dl-words" }, "It said: ", NS.html("s", {}, words)),
            NS.html("p", { class: "dl-credit" }, `${NS.capital(field.replace(/_/g, " "))}: `, NS.html("s", {}, before || "empty"), NS.unseen(" (was)"), " → ", after || "empty")]
            : NS.html("p", { class: "dl-words" }, words);
        return NS.html("div", { class: "dl-correction" }, stood, NS.html("p", { class: "dl-aside" }, NS.html("strong", { class: "dl-mark" }, `${NS.capital(action)} ${at}.`), " ", why));
      };
      return [NS.html("h3", {}, "Corrected"), found.map(one)];
    }

    /** What one side says and what the other says, side by side and of one size. */
    dispute(span, moment) {
      const { story } = this;
      const basis = span.basis.filter((claim) => !story.isBackground(claim));
      const denying = new Set(basis.flatMap((claim) => (story.claims[claim].modality === "denied" ? [claim] : story.denialsOf(claim, moment))));
      const others = basis.filter((claim) => !denying.has(claim)), denied = others.filter((claim) => story.denialsOf(claim, moment).length);
      const side = (title, claims) => NS.html("div", {}, NS.html("h4", {}, title), claims.map((claim) => [
        NS.html("p", { class: "dl-words" }, story.claims[claim].words), NS.html("p", { class: "dl-credit" }, story.credit(claim))]));
      const who = NS.capital(span.disputed.map((actor) => story.actors[actor].short).join(", "));
      return NS.html("div", { class: "dl-dispute" }, NS.html("h3", {}, "Disputed"),
        NS.html("div", { class: "dl-sides" }, side("Said", denied.length ? denied : others), side(`Denied: ${who}`, [...denying])));
    }

    sayings(place, moment, span) {
      const { story } = this;
      const claims = story.claimsOf(place, moment);
      if (!claims.length) return NS.html("p", { class: "dl-silence" }, "No report known by then speaks of this place.");
      const basis = new Set(span ? span.basis : []);
      const section = (title, some) => (some.length ? [NS.html("h3", {}, title), some.map((claim) => this.saying(claim, moment))] : []);
      return [
        section("Who says so", claims.filter((claim) => basis.has(claim))),
        section(basis.size ? "Also said of this place" : "What is said of this place", claims.filter((claim) => !basis.has(claim))),
      ];
    }

    saying(index, moment) {
      const { story } = this;
      const claim = story.claims[index], article = story.articles[claim.article];
      const sources = story.claimants(index);
      return NS.html("article", { class: `dl-claim${claim.modality === "denied" ? " dl-denial" : ""}` },
        NS.html("p", { class: "dl-words" }, NS.worded(claim)),
        NS.html("p", { class: "dl-meta" }, sources.length ? sources.map((source, at) => [at ? ", " : "", NS.html("strong", {}, source.name), ` (${source.class})`])
            : NS.html("strong", {}, article.publisher),
          `; when: ${NS.days.interval(claim.from, claim.to)}`),
        claim.text && claim.text !== claim.words ? [NS.html(article.summary === false ? "blockquote" : "p", { class: "dl-support" }, claim.text),
          article.summary === false ? null : NS.html("p", { class: "dl-label" }, "Dateline's summary, not a quotation")] : null,
        NS.html("p", { class: "dl-credit" }, NS.link(article.url, article.title || "untitled"), `, ${article.publisher}`,
          article.agency && article.agency !== article.publisher ? ` carrying ${article.agency}` : "", `, ${NS.days.full(article.published)}`,
          article.basis === "inferred" ? " (date inferred)" : ""),
        claim.note ? NS.html("p", { class: "dl-aside" }, claim.note) : null,
        NS.toDays(story, [index], moment, this.goTo),
        story.denialsOf(index, moment).map((other) => NS.denial(story, other)));
    }
  };
})();
