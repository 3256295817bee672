/* What follows the reader's hand a little later. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});

  /** Something that is done once nobody has asked for it for `rest` milliseconds, or `longest` after it was first asked for. */
  NS.Later = class {
    constructor(rest, longest, act) {
      Object.assign(this, { rest, longest, act, since: 0, timer: 0 });
    }

    ask() {
      const now = performance.now();
      this.since = this.since || now;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.now(), Math.max(0, Math.min(this.rest, this.since + this.longest - now)));
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

    /** Leave the next frame to what is heavier: it is done in the one after it. */
    askLater() {
      cancelAnimationFrame(this.due);
      this.due = requestAnimationFrame(() => {
        this.due = 0;
        this.ask();
      });
    }
  };
})();
