/* Playing: the button that starts and stops, three speeds, and the small buttons of time. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const PACE = 900; // milliseconds a day at the middle speed
  const FAST = 60; // the same at the least, where very many days are in view
  const MINUTE = 60000; // milliseconds in which all days in view are played
  const SPEEDS = [["½×", 0.5], ["1×", 1], ["3×", 3]];
  const KEPT = "dateline-speed";

  const ICONS = {
    previous: "M9.5,3 L4.5,8 L9.5,13", next: "M6.5,3 L11.5,8 L6.5,13", play: "M4,2.5 L13,8 L4,13.5z", pause: "M4,3 h3 v10 h-3z M9,3 h3 v10 h-3z",
    earlier: "M6,3.5 L1.5,8 L6,12.5 M11,4.5 L14.5,8 L11,11.5 L7.5,8z", later: "M10,3.5 L14.5,8 L10,12.5 M5,4.5 L8.5,8 L5,11.5 L1.5,8z",
  };
  const icon = (name) => NS.svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, class: `dl-icon dl-icon-${name}`, "aria-hidden": "true", focusable: "false" },
    NS.svg("path", { d: ICONS[name] }));
  /** A button with a picture for its face, and with words for all else. */
  NS.tool = (name, words, act, more) => NS.html("button", { type: "button", class: `dl-button dl-to-${name}`, "aria-label": words, title: words, onclick: act, ...more }, icon(name));

  /** The speed that the reader chose last on this visit, as an index; a page that may keep nothing begins at the normal one. */
  const kept = () => {
    try {
      const at = SPEEDS.findIndex(([label]) => label === sessionStorage.getItem(KEPT));
      return at < 0 ? 1 : at;
    } catch {
      return 1;
    }
  };
  const keep = (speed) => {
    try {
      sessionStorage.setItem(KEPT, SPEEDS[speed][0]);
    } catch {
      // Storage is closed to this page: the speed holds while it is open.
    }
  };

  NS.Player = class {
    /** `next()` is called for each step, `span()` tells how many days are in view, `pressed()` is called by the button. */
    constructor({ next, span, pressed }) {
      Object.assign(this, { next, span, timer: 0, speed: kept() });
      this.button = NS.tool("play", "Play", pressed);
      this.pace = NS.html("button", { type: "button", class: "dl-button dl-speed", title: "Speed of playing", onclick: () => this.faster() });
      this.label();
    }

    get isPlaying() {
      return this.timer !== 0;
    }

    /** Start, or go on at another pace. Days in view fill a minute, but none takes longer than it takes to look. */
    start() {
      clearInterval(this.timer);
      this.timer = setInterval(this.next, Math.max(FAST, Math.min(PACE, MINUTE / this.span())) / SPEEDS[this.speed][1]);
      this.face("pause", "Pause");
    }

    stop() {
      clearInterval(this.timer);
      this.timer = 0;
      this.face("play", "Play");
    }

    faster() {
      this.speed = (this.speed + 1) % SPEEDS.length;
      keep(this.speed);
      this.label();
      if (this.isPlaying) this.start();
    }

    label() {
      const [label] = SPEEDS[this.speed];
      this.pace.textContent = label;
      this.pace.setAttribute("aria-label", `Speed ${label}`);
    }

    face(name, words) {
      NS.show(this.button, icon(name));
      this.button.setAttribute("aria-label", words);
      this.button.title = words;
    }
  };
})();
