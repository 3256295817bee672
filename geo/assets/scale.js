/* What is written under a scale of days: years and months first, then days, none upon another. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const DATED = 5; // pixels of a column from which days are written; below, months and years
  const WEEKLY = 14; // the same below which only every seventh day of a month is written
  const YEARLY = 0.6; // the same below which a year stands for its first month

  /** Days that are written out under a scale: years and months first, then days, none upon another. */
  NS.written = (story, first, span, width, node) => {
    const { days } = story, column = width / span, last = first + span - 1;
    const dated = column >= DATED; // below, only months and years are told apart
    const words = (day) => {
      const iso = days[day];
      if (day === first || iso.endsWith("-01")) {
        if (dated) return iso.endsWith("-01-01") || (day === first && span < days.length) ? NS.days.dated(iso) : NS.days.short(iso);
        return iso.endsWith("-01-01") && column < YEARLY ? NS.days.year(iso) : NS.days.month(iso);
      }
      return dated ? NS.days.number(iso) : NS.days.month(iso);
    };
    const rank = (day) => {
      if (day === first) return 0;
      if (days[day].endsWith("-01-01")) return 1;
      if (!dated) return { "-07-01": 2, "-04-01": 3, "-10-01": 3 }[days[day].slice(4)] || (days[day].endsWith("-01") ? 4 : 9);
      if (days[day].endsWith("-01")) return 2;
      if (day === last) return 3;
      return Number(days[day].slice(8)) % 7 === 1 ? 4 : column < WEEKLY ? 9 : 5;
    };
    const order = Array.from({ length: span }, (_, at) => first + at).filter((day) => rank(day) < 9).sort((one, two) => rank(one) - rank(two) || one - two);
    return NS.apart(order.map((day) => ({ day, words: words(day), at: (day + 0.5 - first) * column })), width, node);
  };

  /** Of labels [{words, at}] in the order of their weight, those that stand on a scale of a width in pixels, none upon another. */
  NS.apart = (labels, width, node) => {
    const scale = parseFloat(getComputedStyle(node).fontSize) / 12 || 1;
    const taken = [];
    return labels.flatMap((label) => {
      const half = (label.words.length * 6.6 * scale) / 2 + 4;
      const at = Math.max(half - 14, Math.min(width + 14 - half, label.at)); // at the ends a label gives way inwards, not far
      if (Math.abs(at - label.at) > half || taken.some(([left, right]) => at - half < right && at + half > left)) return [];
      taken.push([at - half, at + half]);
      return [{ ...label, at }];
    });
  };
})();
