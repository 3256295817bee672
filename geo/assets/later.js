/* What follows the reader's hand a little later. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  /** Milliseconds of rest after a zoom before what is seen scaled is drawn anew, and the longest without rest. */
  NS.ZOOMED = [250, 1500];

  /** Something that is done once nobody has asked for it for `rest` milliseconds, or when it is asked for `longest` after it first was. */
  NS.Later = class {
    constructor(rest, longest, act) {
      Object.assign(this, { rest, longest, act, since: 0, timer: 0 });
    }

    ask() {
      const now = performance.now();
      this.since = this.since || now;
      if (now - this.since >= this.longest) return this.now(); // with what asks, in one frame
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.now(), this.rest);
      return undefined;
    }

    get isDue() {
      return this.timer !== 0;
    }

    now() {
      clearTimeout(this.timer);
      Object.assign(this, { since: 0, timer: 0 });
      this.act();
    }
  };

  /** Something that is done once in the next frame, however often it is asked for. */
  NS.Frame = class {
    constructor(act) {
      Object.assign(this, { act, due: 0 });
    }

    ask() {
      this.due = this.due || requestAnimationFrame(() => {
        this.due = 0;
        this.act();
      });
    }
  };
})();
