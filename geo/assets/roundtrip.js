/* Between the map and the address: through the page around it where Streamlit is one, else through the address's own hash. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const REST = 250; // milliseconds of rest before a move counts as made
  const ANSWER = 6000; // milliseconds within which the page answers a move, unless the line or the server failed
  const SOON = 1500; // and when it has just been heard of, but not its answer
  const LONGEST = 15000; // between two tries of telling a move again
  const PASSING = new Set(["view"]); // a change of these alone is no step that Back should undo, where that can be chosen
  const framed = () => Boolean(window.Streamlit);

  /** What a page says in its html of one line: {serial, and the parameters as they were written}; null where it says nothing. */
  const read = (html) => {
    if (!/data-dateline=/.test(html || "")) return null;
    const pairs = [...html.matchAll(/data-([a-z]+)="([^"]*)"/g)].map(([, name, value]) => [name, decodeURIComponent(value)]);
    const { serial, day, ...rest } = Object.fromEntries(pairs);
    return { ...rest, date: day || "", serial: Number(serial) || 0 };
  };

  const RoundTrip = NS.RoundTrip = class {
    /**
     * `state()` gives the address as the map stands; `wanted(parameters)` is called when the page or Back asks for another,
     * `themed(theme)` when the page has a theme.
     */
    constructor({ state, wanted, themed }) {
      Object.assign(this, { state, wanted, timer: 0, height: 0, told: null });
      // A serial of this reader's moves, of the last that was posted, and of the last that the page answered: while it owes
      // an answer, what it says after an older one is out of date.
      this.serial = this.posted = this.answered = 0;
      this.again = 0;
      this.wait = ANSWER;
      window.addEventListener("message", (event) => {
        if (event.source !== window.parent || !event.data || event.data.type !== "streamlit:render") return;
        themed(event.data.theme);
        this.hear(read(event.data.args && event.data.args.html));
      });
      window.addEventListener("online", () => this.owed && this.await(SOON));
      window.addEventListener("popstate", () => framed() || this.hear({ ...NS.readPairs(location.hash), serial: this.serial }));
    }

    /** What the address asks for at first: parameters as they were written. */
    static first() {
      const mark = document.querySelector("[data-dateline]");
      const said = mark ? read(mark.outerHTML) : {};
      return framed() ? said : { ...said, ...NS.readPairs(location.hash) };
    }

    /** The map stands as its first address said: only what differs from here on is told. */
    begin() {
      this.told = this.state();
      const { serial, awaited } = RoundTrip.first() || {}; // of an earlier map on this page: a clock set back does not go below it
      this.serial = this.posted = this.answered = serial || 0;
      this.herald(awaited);
    }

    /** Say that the map stands, once to each page that waits for it: a new process knows of no map. */
    herald(awaited) {
      if (awaited && !this.heralded) NS.stands();
      this.heralded = Boolean(awaited);
    }

    /** Whether a move was posted that the page has not answered. */
    get owed() {
      return this.posted !== this.answered;
    }

    hear(said) {
      if (!said || !this.told) return;
      this.herald(said.awaited);
      if (said.serial >= this.posted) {
        this.answered = this.posted;
        this.wait = ANSWER;
        clearTimeout(this.again);
      } else if (this.owed) this.await(SOON); // on its way, or lost: a new process knows nothing of earlier moves
      if (this.serial !== this.answered && said.serial < this.serial) return;
      if (NS.sameAddress(said, this.told)) return;
      clearTimeout(this.timer);
      this.wanted(said);
      this.told = this.state();
    }

    /** The reader moves: nothing that the page says about an earlier move counts any more. */
    moving() {
      clearTimeout(this.timer);
      this.serial = Math.max(this.serial + 1, Date.now());
    }

    /** The reader rests: tell the address, once. */
    settled(rest = REST) {
      clearTimeout(this.timer);
      if (this.serial === this.posted) this.moving();
      this.timer = setTimeout(() => this.tell(), rest);
    }

    tell() {
      const state = this.state(), before = this.told;
      if (!before || NS.sameAddress(state, before)) {
        this.serial = this.posted; // back where it was: nothing to tell, and the page may speak again
        if (this.owed) this.await(SOON);
        return;
      }
      this.told = state;
      this.posted = this.serial;
      this.wait = ANSWER;
      if (framed()) this.post();
      else {
        this.answered = this.posted;
        this.write(state, before);
      }
    }

    post() {
      const { date, ...rest } = this.told;
      window.Streamlit.setComponentValue({ day: date || "latest", ...rest, serial: this.posted });
      this.await(this.wait);
    }

    /** Streamlit drops what is posted while it has no line: post it again, as a move of its own, until the page answers. */
    await(wait) {
      clearTimeout(this.again);
      this.again = setTimeout(() => {
        if (!this.owed || this.serial !== this.posted) return; // answered, or the reader moves on: that will be told
        this.moving();
        this.posted = this.serial;
        this.wait = Math.min(this.wait * 2, LONGEST);
        this.post();
      }, wait);
    }

    /** Write the hash; on a disk too, where an address may change in nothing else. */
    write(state, before) {
      const passing = NS.PARAMETERS.every((name) => state[name] === before[name] || PASSING.has(name));
      const address = `#${NS.addressOf(state)}`;
      try {
        history[passing ? "replaceState" : "pushState"](null, "", address);
      } catch {
        location.replace(address); // a browser that keeps its history from pages on a disk
      }
    }

    /** The full address of a state: that of the page around, where there is one that can be asked. */
    static link(state) {
      const words = NS.addressOf(state);
      if (!framed()) {
        const whole = document.querySelector("link[data-dateline-whole]"); // a page made for frames names the full one
        return `${(whole || location).href.split("#")[0]}${words ? `#${words}` : ""}`;
      }
      let page = document.referrer;
      try {
        page = window.parent.location.href;
      } catch {
        // a page of another origin around us: what sent us here is the best that is known
      }
      return `${page.split(/[?#]/)[0]}${words ? `?${words}` : ""}`;
    }

    /** Ask for a height of the frame; later than the calls of the component itself, which would overwrite it. */
    fit(height) {
      if (!framed() || Math.abs(height - this.height) < 2) return;
      this.height = height;
      setTimeout(() => window.Streamlit.setFrameHeight(height), 0);
    }

    /** How high the reader's window is and how far down in it this page begins, in pixels. */
    static window(root) {
      try {
        if (framed() && window.parent !== window && window.frameElement) {
          return { height: window.parent.innerHeight, top: window.frameElement.getBoundingClientRect().top };
        }
      } catch {
        return { height: window.screen.availHeight * 0.8, top: 160 }; // a page of another origin around us: its size is not told
      }
      return { height: window.innerHeight, top: root.getBoundingClientRect().top + window.scrollY };
    }
  };
})();
