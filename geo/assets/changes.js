/* What differs between two days: the days on which ground changed hands, and what became of each place. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const FOUGHT = new Set(["contested", "under_attack"]);
  const many = (count, one, more) => `${count} ${count === 1 ? one : more}`;

  /** Kinds of change in the order in which they are told, each with its words for a number of places. */
  const KINDS = {
    hands: (count) => many(count, "place changed hands", "places changed hands"),
    contested: (count) => `${count} became contested`,
    under_attack: (count) => `${count} came under attack`,
    calm: (count) => many(count, "is no longer fought over", "are no longer fought over"),
    within: (count) => `${count} passed to another group of the same side`,
    standing: (count) => many(count, "is reported with another certainty", "are reported with another certainty"),
    newly: (count) => many(count, "is newly reported", "are newly reported"),
    gone: (count) => many(count, "is no longer known", "are no longer known"),
  };

  NS.Changes = class {
    constructor(story) {
      Object.assign(this, { story, found: new Map() });
    }

    side(actor) {
      return actor === null ? null : this.story.actors[actor].side;
    }

    /** What became of a place, as one of the kinds above; null where holder and status are the same. */
    kind(before, after) {
      if (!before || !after) return before ? "gone" : after ? "newly" : null;
      const [old, now] = [this.side(before.holder), this.side(after.holder)];
      if (old !== null && now !== null && old !== now) return "hands";
      if (before.status !== after.status) {
        if (FOUGHT.has(after.status)) return after.status;
        return FOUGHT.has(before.status) ? "calm" : "standing";
      }
      if (before.holder === after.holder) return null;
      return old === now ? "within" : "standing";
    }

    /** The days on which a place passes from one side to another, as known then: sorted, with the places of each. */
    of({ known }) {
      if (!this.found.has(known)) {
        const places = new Map();
        for (const { place, spans } of this.story.states[known]) {
          for (let at = 1; at < spans.length; at += 1) {
            const before = spans[at - 1], after = spans[at];
            if (before.end !== after.day || this.kind(before, after) !== "hands") continue;
            if (!places.has(after.day)) places.set(after.day, []);
            places.get(after.day).push(place);
          }
        }
        this.found.set(known, { days: [...places.keys()].sort((one, two) => one - two), places });
      }
      return this.found.get(known);
    }

    /** The nearest day with a change after the moment's (by = 1) or before it (by = -1), or undefined. */
    next(moment, by) {
      const { days } = this.of(moment);
      return by > 0 ? days.find((day) => day > moment.day) : days.findLast((day) => day < moment.day);
    }

    /** "Aleppo and Saraqeb change hands", or "" where nothing does. */
    words(moment) {
      const names = (this.of(moment).places.get(moment.day) || []).map((place) => NS.capital(this.story.places[place].name));
      if (!names.length) return "";
      const said = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more places`] : names;
      return `${said.length > 1 ? `${said.slice(0, -1).join(", ")} and ${said.at(-1)} change` : `${said[0]} changes`} hands`;
    }

    /** What differs between two days, by kind and weight of the place: [{place, kind, before, after}, ...]. */
    between(known, first, last) {
      const on = (spans, day) => spans.find((span) => span.day <= day && day < span.end) || null;
      const order = Object.keys(KINDS), found = [];
      for (const { place, spans } of this.story.states[known]) {
        const before = on(spans, first), after = on(spans, last);
        const kind = before === after ? null : this.kind(before, after);
        if (kind) found.push({ place, kind, before, after });
      }
      const rank = ({ place }) => this.story.places[place].rank;
      return found.sort((one, two) => order.indexOf(one.kind) - order.indexOf(two.kind) || rank(one) - rank(two));
    }

    /** "4 places changed hands, 2 became contested", "no place changed" */
    summary(found) {
      const parts = Object.entries(KINDS).map(([kind, words]) => [found.filter((one) => one.kind === kind).length, words]).filter(([count]) => count);
      if (!parts.length) return "no place changed";
      const [first, ...rest] = parts.map(([count, words]) => words(count));
      const noun = parts[0][1] === KINDS.hands ? first : first.replace(/^(\d+)/, (count) => `${count} place${count === "1" ? "" : "s"}`);
      return [noun, ...rest].join(", ");
    }
  };
})();
