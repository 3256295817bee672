/* Days in words. A day is a date, not a moment: it is read at noon UTC and written in UTC, so no clock can shift it. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const MS = 86400000;
  const noon = (iso) => Date.parse(`${iso}T12:00:00Z`);
  const writer = (parts) => {
    const format = new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: "UTC" });
    return (iso) => {
      const time = noon(iso);
      return Number.isNaN(time) ? String(iso) : format.format(time);
    };
  };

  NS.days = {
    /** "6 December 2024" */
    full: writer({ day: "numeric", month: "long", year: "numeric" }),
    /** "6 December" */
    plain: writer({ day: "numeric", month: "long" }),
    /** "6 Dec" */
    short: writer({ day: "numeric", month: "short" }),
    /** "6 Dec 2024" */
    dated: writer({ day: "numeric", month: "short", year: "numeric" }),
    weekday: writer({ weekday: "long" }),
    number: writer({ day: "numeric" }),
    month: writer({ month: "short", year: "numeric" }),
    year: writer({ year: "numeric" }),

    /** Whole days from one date to another. */
    between: (from, to) => Math.round((noon(to) - noon(from)) / MS),

    /** "27–30 Nov", "30 Nov", "by 5 Dec", "no date given" */
    interval(from, to) {
      const both = (from || to || "").slice(0, 4) === (to || from || "").slice(0, 4);
      const short = both ? NS.days.short : NS.days.dated;
      if (!from && !to) return "no date given";
      if (!from) return `by ${short(to)}`;
      if (!to || from === to) return short(from || to);
      if (from.slice(0, 7) === to.slice(0, 7)) return `${NS.days.number(from)}–${short(to)}`;
      return `${short(from)} – ${short(to)}`;
    },

    /** "the same day", "1 day earlier", "5 days earlier", "2 days later" */
    age(from, to) {
      const count = NS.days.between(from, to);
      if (count === 0) return "the same day";
      const size = Math.abs(count);
      return `${size} day${size === 1 ? "" : "s"} ${count > 0 ? "earlier" : "later"}`;
    },
  };

  const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

  /** "no reports", "1 report, 9 claims": the articles of a day, and what they claim */
  NS.reports = (story, day) => (story.counts[day] ? `${many(story.articles_a_day[day], "report")}, ${many(story.counts[day], "claim")}` : "no reports");
})();
