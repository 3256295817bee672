/* Days in words. A day is a date, not a moment: it is read at noon UTC and written in UTC, so no clock can shift it. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const MS = 86400000;
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const SHORT = { September: "Sept" }; // the others have three letters
  const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  const noon = (iso) => Date.parse(`${iso}T12:00:00Z`);

  /** A part of a day in words, as British English writes it; what is no day stays as it is. Intl would take longer than the map to be there. */
  const writer = (write) => (iso) => {
    const day = new Date(noon(iso));
    return Number.isNaN(day.getTime()) ? String(iso) : String(write(day));
  };
  const joined = (...parts) => writer((day) => parts.map((part) => part(day)).join(" "));
  const number = (day) => day.getUTCDate(), year = (day) => day.getUTCFullYear();
  const long = (day) => MONTHS[day.getUTCMonth()], short = (day) => SHORT[long(day)] || long(day).slice(0, 3);

  NS.days = {
    /** "6 December 2024" */
    full: joined(number, long, year),
    /** "6 December" */
    plain: joined(number, long),
    /** "6 Dec" */
    short: joined(number, short),
    /** "6 Dec 2024" */
    dated: joined(number, short, year),
    weekday: writer((day) => WEEKDAYS[day.getUTCDay()]),
    number: writer(number),
    month: joined(short, year),
    year: writer(year),

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
