/* On paper: light, in one column, without what is pressed; the map shows the part of the land that the screen shows. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});

  let paper = null;
  // This script stands before those that draw: what is left to draw is drawn in the size that it has on paper.
  window.addEventListener("beforeprint", () => paper && paper.begin());
  window.addEventListener("afterprint", () => paper && paper.end());

  NS.Paper = class {
    /** `state()` gives the address of what is shown, `arrange()` lays all out anew, `follow()` lets names and lists catch up. */
    constructor({ root, map, view, theme, story }, { state, arrange, follow }) {
      Object.assign(this, { root, map, view, theme, story, state, arrange, follow, alone: window.parent === window, screen: null });
      this.line = NS.html("p", { class: "dl-paper-line" });
      root.append(this.line);
      paper = this;
    }

    /** Print the map by itself, whatever page it stands in. */
    print() {
      this.alone = true;
      window.print();
      this.alone = window.parent === window;
    }

    /** A page around that is printed keeps the map as it stands in it. */
    begin() {
      if (this.screen || !this.alone) return;
      const { map, root } = this, centre = map.getCenter(), zoom = map.getZoom(), width = map.getSize().x;
      this.screen = { theme: this.theme.name, centre, zoom };
      this.line.textContent = `${this.story.title}. ${NS.RoundTrip.link(this.state())}`;
      this.lay("light", true, () => this.look(centre, zoom + Math.log2(map.getSize().x / width)));
      this.follow();
      this.screen.folded = [...root.querySelectorAll(".dl-legend, .dl-why")].filter((node) => !node.open);
      this.screen.folded.forEach((node) => { node.open = true; });
    }

    end() {
      if (!this.screen) return;
      const { theme, folded, centre, zoom } = this.screen;
      this.screen = null;
      folded.forEach((node) => { node.open = false; });
      this.lay(theme, false, () => this.look(centre, zoom));
    }

    /** Lay all out on paper or on the screen; `look()` shows the part of the land that was seen, where it is not the whole. */
    lay(theme, onPaper, look) {
      this.root.classList.toggle("dl-on-paper", onPaper);
      this.theme.set(theme);
      this.arrange();
      if (this.view.moved) look();
      else this.view.whole();
    }

    /** A move of the map that is not the reader's. */
    look(centre, zoom) {
      this.view.own = true;
      this.map.setView(centre, zoom, { animate: false });
      this.view.own = false;
    }
  };
})();
