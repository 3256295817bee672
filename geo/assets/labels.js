/* Where names stand: each at the first of its positions that is free, in the order of their weight; else not at all. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const GAP = 2; // pixels kept free round a label
  const NUDGE = 3; // pixels by which a label beside its symbol may give way up or down
  const SQUARE = 64; // pixels of the squares by which taken boxes are found again
  const measured = new Map();

  /** Width of a text in pixels in a CSS font, remembered. */
  NS.widthOf = (text, font) => {
    const key = `${font}|${text}`;
    if (!measured.has(key)) {
      NS.widthOf.canvas = NS.widthOf.canvas || document.createElement("canvas").getContext("2d");
      NS.widthOf.canvas.font = font;
      measured.set(key, Math.ceil(NS.widthOf.canvas.measureText(text).width));
    }
    return measured.get(key);
  };

  const meets = (one, two) => one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;

  const widened = (box) => ({ left: box.left - GAP, right: box.right + GAP, top: box.top - GAP, bottom: box.bottom + GAP });

  /** The space that is taken, in layer pixels. */
  NS.Space = class {
    constructor(bounds) {
      this.bounds = bounds;
      this.taken = [];
      this.squares = new Map();
      this.symbols = [];
    }

    /** The squares that a box lies in. */
    under({ left, top, right, bottom }) {
      const found = [], last = Math.floor(right / SQUARE), low = Math.floor(bottom / SQUARE);
      for (let x = Math.floor(left / SQUARE); x <= last; x += 1) for (let y = Math.floor(top / SQUARE); y <= low; y += 1) found.push(x * 65536 + y);
      return found;
    }

    take(box) {
      this.taken.push(box);
      for (const square of this.under(box)) {
        const there = this.squares.get(square);
        if (there) there.push(box);
        else this.squares.set(square, [box]);
      }
    }

    /** Take a box of the map round a point. */
    takeRound({ x, y }, reach) {
      this.take({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach });
    }

    /** Take the box of a place's symbol; what points elsewhere keeps clear of it. */
    takeSymbol({ x, y }, reach) {
      this.takeRound({ x, y }, reach);
      this.symbols.push({ x, y, reach });
    }

    /** Whether the straight line between two points runs through a symbol; one that it begins in it may leave, but not by its middle. */
    strikes(from, to) {
      const across = to.x - from.x, down = to.y - from.y, long = across * across + down * down;
      return this.symbols.some(({ x, y, reach }) => {
        const near = Math.hypot(x - from.x, y - from.y);
        if (near < reach) return near > GAP && (x - from.x) * across + (y - from.y) * down > 0;
        const share = long ? Math.max(0, Math.min(1, ((x - from.x) * across + (y - from.y) * down) / long)) : 0;
        return Math.hypot(x - from.x - share * across, y - from.y - share * down) < reach + GAP;
      });
    }

    /** How far a box is from the nearest symbol that a point does not lie in, pixels. */
    clearance(box, from) {
      return Math.min(Infinity, ...this.symbols.filter(({ x, y, reach }) => Math.hypot(x - from.x, y - from.y) >= reach).map((symbol) => {
        const { x, y } = NS.nearest(box, symbol);
        return Math.hypot(x - symbol.x, y - symbol.y) - symbol.reach;
      }));
    }

    /** Keep a box of the map round a point free for what is less than a name of the first rank; returned, it is `lost` once it is taken. */
    keep({ x, y }, reach) {
      const box = { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach, kept: true, lost: false };
      this.take(box);
      return box;
    }

    /** Whether nothing is there; `firmly` where boxes that are only kept do not count. */
    isFree(box, firmly = false) {
      const { left, right, top, bottom } = this.bounds;
      if (box.left < left || box.right > right || box.top < top || box.bottom > bottom) return false;
      return !this.under(box).some((square) => (this.squares.get(square) || []).some((other) => meets(box, other) && !(other.lost || (firmly && other.kept))));
    }

    /** Take and return the first free of some boxes, or null; `firmly` at the cost of what is only kept. */
    first(boxes, firmly = false) {
      const found = boxes.find((box) => this.isFree(widened(box))) || (firmly && boxes.find((box) => this.isFree(widened(box), true)));
      if (!found) return null;
      if (firmly) for (const other of this.taken) if (other.kept && meets(widened(found), other)) other.lost = true;
      this.take(widened(found));
      return found;
    }

    /** Take and return the free box that costs least, or null; one of infinite cost is not taken. */
    best(boxes, cost) {
      const free = boxes.filter((box) => this.isFree(widened(box))).map((box) => [cost(box), box]).filter(([price]) => price < Infinity);
      if (!free.length) return null;
      const [, found] = free.reduce((one, two) => (two[0] < one[0] ? two : one));
      this.take(widened(found));
      return found;
    }

    /** How many taken boxes the straight line between two points meets; the box that it begins in is not counted. */
    crossed(from, to) {
      const shares = [0.12, 0.24, 0.36, 0.48, 0.6, 0.72, 0.84, 0.96], points = shares.map((share) => [from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share]);
      const within = (x, y, { left, right, top, bottom }) => x > left && x < right && y > top && y < bottom;
      const span = { left: Math.min(from.x, to.x), right: Math.max(from.x, to.x), top: Math.min(from.y, to.y), bottom: Math.max(from.y, to.y) };
      const may = ({ left, right, top, bottom }) => left < span.right && right > span.left && top < span.bottom && bottom > span.top;
      return this.taken.filter((box) => may(box) && !within(from.x, from.y, box) && points.some(([x, y]) => within(x, y, box))).length;
    }
  };

  /** The boxes of a label round a symbol that reaches `reach` pixels, the best first. */
  NS.around = ({ x, y }, width, height, reach) => {
    const near = reach * 0.75;
    const box = (left, top) => ({ left, top, right: left + width, bottom: top + height });
    return [
      box(x + reach, y - height / 2), box(x - reach - width, y - height / 2),
      box(x + near, y - near - height), box(x + near, y + near),
      box(x - near - width, y - near - height), box(x - near - width, y + near),
      box(x - width / 2, y - reach - height), box(x - width / 2, y + reach),
      ...[-NUDGE, NUDGE].flatMap((by) => [box(x - reach - width, y - height / 2 + by), box(x + reach, y - height / 2 + by)]),
    ];
  };

  /** Boxes of a note away from its point, nearest ring first. */
  NS.away = ({ x, y }, width, height, rings) => rings.flatMap((far) => [45, 135, 90, 225, 315, 0, 180, 270, 65, 115, 245, 295].map((degrees) => {
    const angle = (degrees / 180) * Math.PI;
    const cx = x + Math.sin(angle) * (far + width / 2), cy = y - Math.cos(angle) * (far + height / 2);
    return { left: cx - width / 2, right: cx + width / 2, top: cy - height / 2, bottom: cy + height / 2 };
  }));

  /** The point of a box that is nearest to another point. */
  NS.nearest = (box, { x, y }) => ({ x: Math.max(box.left, Math.min(x, box.right)), y: Math.max(box.top, Math.min(y, box.bottom)) });
})();
