/* What changes on few days of a story: which of it does from one day to another. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const agedFrom = new WeakMap();

  /** The last change of a sorted list [[day, ...], ...] on or before a day, or null. */
  const changeAt = (changes, day) => {
    let low = 0, high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (changes[middle][0] <= day) low = middle + 1;
      else high = middle;
    }
    return low ? changes[low - 1] : null;
  };

  /** Things [[index, changes], ...] and the days [[day, ...], ...] on which they change. */
  class Turns {
    constructor(entries) {
      this.changes = new Map(entries);
      this.byDay = new Map();
      this.all = [...this.changes.keys()];
      for (const [index, changes] of entries) {
        for (const [day] of changes) {
          if (!this.byDay.has(day)) this.byDay.set(day, []);
          this.byDay.get(day).push(index);
        }
      }
    }

    at(index, day) {
      const changes = this.changes.get(index);
      return changes ? changeAt(changes, day) : null;
    }

    /** What may differ between two days; some more than once, all where the days lie far apart. */
    between(one, two) {
      const found = [], last = Math.max(one, two);
      for (let day = Math.min(one, two) + 1; day <= last; day += 1) {
        const turned = this.byDay.get(day);
        if (turned) found.push(...turned);
        if (found.length > this.all.length) return this.all;
      }
      return found;
    }
  }

  /** One `Turns` for each moment of knowledge, made of `entriesOf(known)` when it is first asked for. */
  NS.turnsOf = (entriesOf) => {
    const made = new Map();
    return (known) => {
      if (!made.has(known)) made.set(known, new Turns(entriesOf(known)));
      return made.get(known);
    };
  };

  /** The first day, as an index, on which a status was last confirmed more days before than the story lets pass; the background has its own day. */
  NS.agedFrom = (story, span) => {
    if (!story.fades_after_days || !span || span.background || !span.confirmed) return Infinity;
    if (!agedFrom.has(span)) agedFrom.set(span, NS.days.between(story.days[0], span.confirmed) + story.fades_after_days + 1);
    return agedFrom.get(span);
  };

  NS.isAged = (story, span, moment) => moment.day >= NS.agedFrom(story, span);
})();
