/* Between the map and the page around it. Where there is no such page, nothing happens. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const REST = 250; // milliseconds of rest before the page is told of a day
  const read = (html) => {
    const day = /data-day="(\d{4}-\d{2}-\d{2})"/.exec(html || ""), serial = /data-serial="(\d+)"/.exec(html || "");
    return day ? { day: day[1], serial: serial ? Number(serial[1]) : 0 } : null;
  };

  NS.RoundTrip = class {
    /** `wanted(day index)` is called when the page asks for a day, `themed(theme)` when it has a theme. */
    constructor(story, moment, { wanted, themed }) {
      Object.assign(this, { story, moment, wanted, timer: 0, height: 0 });
      // A serial of this reader's moves: what the page says after an older one is out of date.
      this.serial = this.posted = 0;
      this.told = moment.day;
      window.addEventListener("message", (event) => {
        if (event.source !== window.parent || !event.data || event.data.type !== "streamlit:render") return;
        themed(event.data.theme);
        this.hear(read(event.data.args && event.data.args.html));
      });
    }

    static first() {
      const mark = document.querySelector("[data-dateline]");
      return mark ? read(mark.outerHTML) : null;
    }

    hear(said) {
      if (!said || said.serial < this.serial) return;
      const day = this.story.days.indexOf(said.day);
      if (day < 0 || day === this.told) return;
      this.told = day;
      this.wanted(day);
    }

    /** The reader moves: nothing that the page says about an earlier move counts any more. */
    moving() {
      clearTimeout(this.timer);
      this.serial = Math.max(this.serial + 1, Date.now());
    }

    /** The reader rests on a day: tell the page, once. */
    settled() {
      clearTimeout(this.timer);
      if (!window.Streamlit) return;
      this.timer = setTimeout(() => {
        if (this.told === this.moment.day) {
          this.serial = this.posted; // back where it was: nothing to tell, and the page may speak again
          return;
        }
        this.told = this.moment.day;
        this.posted = this.serial;
        window.Streamlit.setComponentValue({ day: this.story.days[this.moment.day], serial: this.serial });
      }, REST);
    }

    /** Ask for a height of the frame; later than the calls of the component itself, which would overwrite it. */
    fit(height) {
      if (!window.Streamlit || Math.abs(height - this.height) < 2) return;
      this.height = height;
      setTimeout(() => window.Streamlit.setFrameHeight(height), 0);
    }

    /** How high the reader's window is and how far down in it this page begins, in pixels. */
    static window(root) {
      try {
        if (window.parent !== window && window.frameElement) {
          return { height: window.parent.innerHeight, top: window.frameElement.getBoundingClientRect().top };
        }
      } catch (error) {
        return { height: window.screen.availHeight * 0.8, top: 160 }; // a page of another origin around us: its size is not told
      }
      return { height: window.innerHeight, top: root.getBoundingClientRect().top + window.scrollY };
    }
  };
})();
