/* The symbol of a place: its shape says what it is, its fill who holds it, its outline how sure that is. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const SIZE = 30; // side of the drawing, pixels
  const RADIUS = [6.6, 6.6, 5.6, 5, 4.5]; // by rank; 0 is unused
  const KINDS = { airport: "plane", airbase: "plane", base: "diamond", border_crossing: "gate", hill: "triangle" };

  const ring = (count, radius, start = 0) => Array.from({ length: count }, (_, at) => {
    const angle = start + (at / count) * 2 * Math.PI;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
  const outline = (kind, r) => {
    if (kind === "plane" || kind === "gate") return [[-r, -r], [r, -r], [r, r], [-r, r]];
    if (kind === "diamond") return ring(4, r * 1.3);
    if (kind === "triangle") return [[0, -r * 1.15], [r * 1.2, r * 0.9], [-r * 1.2, r * 0.9]];
    return ring(28, r);
  };
  const burst = (r) => Array.from({ length: 20 }, (_, at) => {
    const angle = (at / 20) * 2 * Math.PI, far = at % 2 ? r * 1.18 : r * 1.85;
    return [far * Math.sin(angle), -far * Math.cos(angle)];
  });
  /** The part of an outline right of the middle. */
  const rightHalf = (points) => points.flatMap((point, at) => {
    const next = points[(at + 1) % points.length];
    const out = point[0] >= 0 ? [point] : [];
    if (point[0] >= 0 !== next[0] >= 0) out.push([0, point[1] + ((next[1] - point[1]) * -point[0]) / (next[0] - point[0])]);
    return out;
  });
  const path = (points, attributes) => NS.svg("path", { d: `M${points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join("L")}Z`, "stroke-linejoin": "round", ...attributes });
  const GLYPHS = {
    plane: "M0,-4.6 l.9,1.5 v2 l3.6,2.3 v1.2 l-3.6,-1.1 v2 l1.2,1 v.9 l-2.1,-.6 l-2.1,.6 v-.9 l1.2,-1 v-2 l-3.6,1.1 v-1.2 l3.6,-2.3 v-2z",
    gate: "M-3.6,-3.4 h1.4 v1.6 h4.4 v-1.6 h1.4 v7 h-1.4 v-3.8 h-4.4 v3.8 h-1.4z",
  };

  const drawn = new Map();

  /** What of a span its symbol shows, as a text: two that are the same look the same. */
  NS.look = (span, aged = false) => (span ? [span.status, span.holder, span.contender, span.disputed[0], span.background, aged].join() : "");

  /** An SVG symbol. `span` as in the payload, or null where nothing is said of the place; paler where only the background says so, paler and broken where it is aged. */
  NS.symbol = (...given) => NS.symbolModel(...given).cloneNode(true);

  /** The same drawn once, for all that look so: not to be put on a page. */
  NS.symbolModel = (theme, kind, rank, span, aged = false) => {
    const key = [theme.name, kind, rank, NS.look(span, aged)].join();
    if (!drawn.has(key)) drawn.set(key, made(theme, kind, rank, span, aged));
    return drawn.get(key);
  };

  const made = (theme, kind, rank, span, aged) => {
    const shape = KINDS[kind] || "circle";
    const boxed = shape === "plane" || shape === "gate";
    const status = span ? span.status : null;
    const plain = span && span.background, pale = aged || plain;
    const r = (boxed ? 6.4 : RADIUS[rank] || 5) * (plain ? 0.8 : 1) * (span ? 1 : boxed ? 1 : 0.62);
    const points = outline(shape, r);
    const holder = span && span.holder !== null ? theme.colour(span.holder, pale) : theme.land;
    const rival = span && span.contender !== null ? theme.colour(span.contender, pale) : null;
    const parts = [];
    if (status === "under_attack") parts.push(path(burst(r), { class: "dl-burst", ...(rival ? { fill: rival } : {}) }));
    if (status === null) parts.push(path(points, { class: "dl-nothing" }));
    else if (status === "reported") {
      parts.push(path(points, { class: "dl-paper dl-casing", "stroke-width": 4.6 }), path(points, { class: "dl-paper", stroke: holder, "stroke-width": 2.8 }));
    } else if (status === "claimed") {
      parts.push(path(points, { class: "dl-paper", stroke: theme.land, "stroke-width": 4 }),
        path(points, { fill: "none", class: "dl-claimed", stroke: holder, "stroke-width": 2.4, "stroke-dasharray": "3 2.2" }));
    } else {
      parts.push(path(points, { fill: holder, class: plain ? "dl-outline dl-faint" : "dl-outline" }));
      if (status === "contested") {
        parts.push(path(rightHalf(points), rival ? { fill: rival } : { class: "dl-paper" }), path(points, { fill: "none", class: "dl-outline" }),
          path([[0, -r - 3], [0, r + 3]], { class: "dl-outline" }));
      }
    }
    if (GLYPHS[shape]) parts.push(NS.svg("path", { d: GLYPHS[shape], class: "dl-glyph" }));
    if (span && span.disputed.length) {
      parts.push(NS.svg("circle", { cx: r + 1.5, cy: -r - 1.5, r: 3.6, class: "dl-outline dl-denial", fill: theme.colour(span.disputed[0]) }));
    }
    return NS.svg("svg", { class: aged ? "dl-symbol dl-aged" : "dl-symbol", viewBox: `${-SIZE / 2} ${-SIZE / 2} ${SIZE} ${SIZE}`, width: SIZE, height: SIZE, "aria-hidden": "true", focusable: "false" }, parts);
  };

  const EVENTS = {
    strike: "M0,-7 L1.6,-2.2 L6.6,-3 L2.8,.6 L5.6,5.4 L.6,3 L-2.4,7 L-2.4,2 L-7,.8 L-2.8,-1.6 L-4.2,-6 L-.8,-3z",
    reinforced: "M-5,0 L0,-5 L5,0 L5,2.6 L0,-2.2 L-5,2.6z M-5,4.4 L0,-.6 L5,4.4 L5,7 L0,2.2 L-5,7z",
    border_closed: "M-6,-6 h12 v12 h-12z M-4,-1.4 h8 v2.8 h-8z",
    border_opened: "M-6,-6 h3 v12 h-3z M3,-6 h3 v12 h-3z",
    advancing: "M-5,-5 L1,-5 L6,0 L1,5 L-5,5 L0,0z",
    displaced: "M-1.6,-6 a2.2,2.2 0 1 1 .1,0z M-4.4,6 L-3.6,-.6 L1,-.6 L1.2,1 L6.6,1 L6.6,2.6 L-.2,2.6 L-.4,6z",
    presence: "M-4.6,-6.5 h1.7 v13 h-1.7z M-2.9,-6.5 L6,-3.2 L-2.9,0z",
  };
  const SAID = {
    strike: "Strike", reinforced: "Reinforcement", border_closed: "Border closed", border_opened: "Border opened",
    advancing: "Advance", displaced: "People displaced", presence: "Presence",
  };

  /** The quiet symbol of an event, and what it is in words. */
  NS.eventSymbol = (kind) => NS.svg("svg", { class: "dl-event-symbol", viewBox: "-9 -9 18 18", width: 16, height: 16, "aria-hidden": "true", focusable: "false" },
    NS.svg("path", { d: EVENTS[kind] || EVENTS.presence, "fill-rule": "evenodd" }));
  NS.eventWords = (kind) => SAID[kind] || NS.capital(kind.replace(/_/g, " "));
})();
