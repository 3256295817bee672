/* Notes of places that are known only roughly: each beside its point, with a line that leads there. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const CROSSING = 28; // pixels by which a leader line may be longer to pass one thing less
  const CROSSED = { told: 1, named: 0 }; // things that a leader line may pass; a note that needs more is left to the list
  const BESIDE = 12; // pixels from another place's symbol within which a note would seem to be that place's
  const RINGS = [22, 40, 64, 92, 124, 160]; // pixels between a note and its point
  const FARTHEST = { told: 150, named: 96 }; // pixels of a leader line at the most

  NS.Notes = class {
    /** Notes stand in a pane; `writer` writes names. */
    constructor(pane, writer) {
      Object.assign(this, { pane, writer, sizes: new Map() });
      this.leaders = NS.svg("svg", { class: "dl-leaders", width: 1, height: 1, "aria-hidden": "true", focusable: "false" });
      pane.append(this.leaders);
    }

    /** Write what a place is and what is said of it, or take its note away. */
    draw(item) {
      if (!item.shown) return item.note.remove();
      const said = item.span ? `${item.span.words} (${(item.span.since_year_only ? NS.days.year : NS.days.short)(item.span.since).replace(" ", "\u00a0")})` : "";
      NS.show(item.note, NS.html("span", { class: "dl-note-name" }, this.writer.words(item.place)), said ? [NS.unseen(": "), NS.html("span", { class: "dl-note-words" }, said)] : null);
      if (!item.note.isConnected) this.pane.append(item.note);
      return undefined;
    }

    /** All are to be arranged anew. */
    begin() {
      this.leaders.replaceChildren();
    }

    /** Give notes their places in the space that is left, those that say something nearer or farther as need be. */
    arrange(space, items, scale) {
      this.measure(items, scale);
      for (const item of items) {
        const [width, height, spare] = item.size, said = item.span ? "told" : "named";
        const endIn = (box) => NS.nearest({ ...box, top: box.top + spare, bottom: box.bottom - spare }, item.point);
        const cost = (box) => {
          const end = endIn(box), crossed = space.crossed(item.point, end);
          const far = Math.hypot(end.x - item.point.x, end.y - item.point.y);
          if (far > FARTHEST[said] || crossed > CROSSED[said] || space.strikes(item.point, end)) return Infinity;
          return far + CROSSING * (crossed + (space.clearance(box, item.point) < BESIDE ? 2 : 0));
        };
        const box = item.end.lost ? null : space.best(NS.away(item.point, width, height, RINGS), cost);
        item.note.classList.toggle("dl-left-out", !box);
        if (!box) continue;
        NS.stand(item.note, { x: box.left, y: box.top });
        const end = endIn(box);
        const ends = { x1: item.point.x, y1: item.point.y, x2: end.x, y2: end.y };
        this.leaders.append(NS.svg("line", { ...ends, class: "dl-leader-casing" }), NS.svg("line", { ...ends, class: "dl-leader" }),
          NS.svg("path", { d: `M${item.point.x - 4},${item.point.y} h8 M${item.point.x},${item.point.y - 4} v8`, class: "dl-leader" }));
      }
    }

    /** Width and height of each note, drawn together to its lines, and what is over and under them for a finger; remembered with its words. */
    measure(items, scale) {
      const keyOf = (item) => `${item.note.textContent}|${scale}`;
      const other = items.filter((item) => item.sizeKey !== keyOf(item));
      const fresh = other.filter((item) => !this.sizes.has(keyOf(item))), range = document.createRange();
      // All that is written before all that is measured: in turn, each would cost the browser a layout.
      fresh.forEach(({ note }) => { note.style.width = ""; });
      const written = fresh.map(({ note }) => {
        const lines = [...note.children].flatMap((line) => {
          range.selectNodeContents(line);
          return [...range.getClientRects()];
        });
        const most = (side) => Math.max(...lines.map((line) => line[side]));
        return { width: Math.ceil(most("right") - note.getBoundingClientRect().left) + 5, height: most("bottom") - Math.min(...lines.map((line) => line.top)) };
      });
      fresh.forEach(({ note }, at) => { note.style.width = `${written[at].width}px`; });
      fresh.forEach((item, at) => {
        const height = item.note.offsetHeight;
        this.sizes.set(keyOf(item), [written[at].width, height, Math.max(0, (height - written[at].height) / 2 - 2)]);
      });
      for (const item of other) {
        item.sizeKey = keyOf(item);
        item.size = this.sizes.get(item.sizeKey);
        item.note.style.width = `${item.size[0]}px`;
      }
    }
  };
})();
