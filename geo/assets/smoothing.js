/* A line of many straight edges, drawn as one: joined, its corners rounded. The same as geo/smoothing.py, step by step. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const STEPS = 6; // pieces of a rounded corner; even, so that two stretches can part in its middle
  const DEGREE = (6371.0088 * Math.PI) / 180; // km
  const TOUCH = 1e-9; // square degrees: a place so near to a cut counts as within it

  const name = ([x, y]) => `${x.toFixed(4)} ${y.toFixed(4)}`;
  const shrink = (lat) => Math.cos((lat * Math.PI) / 180);
  const leg = (start, end, narrow) => [(end[0] - start[0]) * narrow * DEGREE, (end[1] - start[1]) * DEGREE];
  const far = (start, end) => Math.hypot(...leg(start, end, shrink((start[1] + end[1]) / 2)));
  const toward = (start, end, part) => [start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part];
  const distinct = (line) => line.filter((point, at) => at === 0 || point[0] !== line[at - 1][0] || point[1] !== line[at - 1][1]);

  /** Whether any of the places, sorted from west to east, lies in a triangle or on its rim. */
  const holds = (triangle, places) => {
    const xs = triangle.map(([x]) => x), ys = triangle.map(([, y]) => y);
    const west = Math.min(...xs) - TOUCH, east = Math.max(...xs) + TOUCH, south = Math.min(...ys) - TOUCH, north = Math.max(...ys) + TOUCH;
    let low = 0, high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle][0] < west) low = middle + 1;
      else high = middle;
    }
    for (; low < places.length && places[low][0] <= east; low += 1) {
      const [x, y] = places[low];
      if (y < south || y > north) continue;
      const turns = triangle.map(([fromX, fromY], at) => {
        const [toX, toY] = triangle[(at + 1) % 3];
        return (toX - fromX) * (y - fromY) - (toY - fromY) * (x - fromX);
      });
      if (turns.every((turn) => turn >= -TOUCH) || turns.every((turn) => turn <= TOUCH)) return true;
    }
    return false;
  };

  /** A ring without its last point, begun where what is told of it changes, if it does. */
  const opened = (points, labels) => {
    const first = Math.max(0, labels.findIndex((label, at) => label !== labels.at(at - 1)));
    const ring = points.slice(0, -1), turned = (list) => [...list.slice(first), ...list.slice(0, first)];
    return { points: turned(ring), labels: turned(labels), closed: true };
  };

  /** A line with the names of its two ends, by which stretches know that they meet. */
  NS.named = (points) => ({ points, ends: [name(points[0]), name(points.at(-1))] });

  /**
   * Named stretches joined wherever exactly two ends meet: points, what is told of the segment after each, closed or not,
   * and of which stretches.
   */
  NS.chains = (stretches) => {
    const meet = new Map();
    const free = new Set(stretches.keys());
    stretches.forEach(({ ends }, number) => ends.forEach((end) => {
      if (meet.has(end)) meet.get(end).push(number);
      else meet.set(end, [number]);
    }));
    /** The chain that begins with a stretch, from its first end (0) or from its last. */
    const grow = (number, from) => {
      const parts = [], points = [], labels = [], start = stretches[number].ends[from];
      let next = number, end = start;
      while (next !== undefined) {
        const { points: more, label, ends } = stretches[next], ahead = ends[0] === end;
        free.delete(next);
        parts.push(next);
        points.push(...(ahead ? more : [...more].reverse()).slice(points.length ? 1 : 0));
        labels.push(...new Array(more.length - 1).fill(label));
        end = ends[ahead ? 1 : 0];
        next = meet.get(end).length === 2 ? meet.get(end).find((other) => free.has(other)) : undefined;
      }
      return { ...(start === end && meet.get(start).length === 2 ? opened(points, labels) : { points, labels, closed: false }), parts };
    };
    const found = [];
    stretches.forEach(({ ends }, number) => ends.forEach((end, from) => {
      if (free.has(number) && meet.get(end).length !== 2) found.push(grow(number, from));
    }));
    stretches.forEach((_, number) => { if (free.has(number)) found.push(grow(number, 0)); });
    return found;
  };

  /** A chain in which corners that nearly meet are one; a corner is joined to another once. */
  const thinned = (chain, keep, within) => {
    const points = [...chain.points], labels = [...chain.labels], count = points.length, { closed } = chain;
    const before = points.map((_, at) => at - 1), after = points.map((_, at) => at + 1);
    if (closed) {
      before[0] = count - 1;
      after[count - 1] = 0;
    }
    const isFixed = (at) => !closed && (at === 0 || at === count - 1);
    const gone = new Set(), joined = new Set();
    const short = labels.map((_, at) => [far(points[at], points[after[at]]), at]).filter(([km]) => km < within / 2);
    for (const [km, one] of short.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
      const other = after[one];
      if (joined.has(one) || joined.has(other) || (isFixed(one) && isFixed(other)) || (closed && count - gone.size <= 4)) continue;
      let goal = toward(points[one], points[other], 0.5);
      if (isFixed(one) || isFixed(other)) {
        if (km >= within / 4) continue;
        goal = points[isFixed(one) ? one : other];
      }
      if (!isFixed(one) && holds([points[one], goal, points[before[one]]], keep)) continue;
      if (!isFixed(other) && holds([points[other], goal, points[after[other]]], keep)) continue;
      joined.add(one).add(other);
      if (isFixed(other)) {
        gone.add(one);
        before[other] = before[one];
        after[before[one]] = other;
      } else {
        gone.add(other);
        points[one] = goal;
        after[one] = after[other];
        before[after[other]] = one;
        labels[one] = labels[other];
      }
    }
    const left = (list) => list.filter((_, at) => !gone.has(at));
    return { points: left(points), labels: left(labels), closed };
  };

  /** The points that take a corner's place: an odd number of them, the corner alone where it stays. */
  const curve = (before, corner, after, keep, within) => {
    const narrow = shrink(corner[1]);
    const one = leg(corner, before, narrow), other = leg(corner, after, narrow);
    const long = Math.hypot(...one), wide = Math.hypot(...other);
    if (!long || !wide) return [corner];
    // Half of how far the two unit legs reach together: the cosine of half the angle between them.
    const sharp = Math.hypot(one[0] / long + other[0] / wide, one[1] / long + other[1] / wide) / 2;
    const cut = Math.min(long / 2, wide / 2, (2 * within) / Math.max(sharp, 1e-9));
    const first = toward(corner, before, cut / long), last = toward(corner, after, cut / wide);
    if (sharp < 1e-6 || holds([first, corner, last], keep)) return [corner];
    return Array.from({ length: STEPS + 1 }, (_, step) => {
      const part = step / STEPS, shares = [(1 - part) ** 2, 2 * part * (1 - part), part ** 2];
      return [0, 1].map((axis) => shares[0] * first[axis] + shares[1] * corner[axis] + shares[2] * last[axis]);
    });
  };

  /** A chain with its corners rounded, cut where what is told of it changes. */
  const rounded = ({ points, labels, closed }, keep, within) => {
    const count = points.length;
    if (count < 3) return [{ label: labels[0], points: closed ? [...points, points[0]] : points }];
    const curves = points.map((point, at) => (closed || (at > 0 && at < count - 1)
      ? curve(points.at(at - 1), point, points[(at + 1) % count], keep, within) : [point]));
    const middle = (at) => curves[at].length >> 1;
    const found = [];
    let line = curves[0].slice(middle(0));
    for (let at = 1; at < (closed ? count : count - 1); at += 1) {
      if (labels[at] === labels[at - 1]) {
        line.push(...curves[at]);
        continue;
      }
      found.push({ label: labels[at - 1], points: distinct([...line, ...curves[at].slice(0, middle(at) + 1)]) });
      line = curves[at].slice(middle(at));
    }
    line.push(...(closed ? curves[0].slice(0, middle(0) + 1) : curves.at(-1)));
    found.push({ label: labels.at(-1), points: distinct(line) });
    return found;
  };

  /** Places [[lon, lat], ...] as the smoothing wants them: from west to east. */
  NS.sorted = (places) => [...places].sort((one, two) => one[0] - two[0]);

  /** A chain with its corners rounded, as stretches; `keep` is sorted. */
  NS.drawnChain = (chain, keep, within) => rounded(thinned(chain, keep, within), keep, 0.75 * within);

  /**
   * The line that stretches [{label, points: [[lon, lat], ...]}] make together, its corners rounded, cut where the label
   * changes. It leaves the stretches by at most `within` km, and no place of `keep` [[lon, lat], ...] changes its side.
   */
  NS.smoothed = (stretches, keep, within) => {
    const places = NS.sorted(keep);
    return NS.chains(stretches.map(({ label, points }) => ({ label, ...NS.named(points) }))).flatMap((chain) => NS.drawnChain(chain, places, within));
  };
})();
