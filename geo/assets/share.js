/* Over the map: finding, the link to what is shown, what a first visit needs to know; and what an embedded map says of itself. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const icon = (d) => NS.svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, class: "dl-icon", "aria-hidden": "true", focusable: "false" }, NS.svg("path", { d }));

  NS.Share = class {
    /** `state()` gives the address of what is shown now; `print()` prints it. */
    constructor(story, state, print) {
      Object.assign(this, { story, state });
      this.button = NS.html("button", { type: "button", class: "dl-tool", "aria-expanded": "false", "aria-controls": "dl-share", onclick: () => this.toggle() },
        icon("M6.5,9.5 L9.5,6.5 M7.5,4.5 L9,3 a2.8,2.8 0 0 1 4,4 L11.5,8.5 M8.5,11.5 L7,13 a2.8,2.8 0 0 1 -4,-4 L4.5,7.5"), NS.html("span", {}, "Copy link"));
      this.field = NS.html("input", { type: "text", class: "dl-share-field", readonly: true, "aria-label": "Link to what is shown", onfocus: () => this.field.select() });
      this.said = NS.html("p", { class: "dl-share-said", role: "status" });
      this.box = NS.html("input", { type: "checkbox", onchange: () => this.copy() });
      this.words = NS.html("span", {});
      this.keep = NS.html("label", { class: "dl-share-keep" }, this.box, this.words);
      this.panel = NS.html("div", { id: "dl-share", class: "dl-share-panel", role: "group", "aria-label": "Link", hidden: true },
        this.said, this.field, this.keep, NS.html("p", { class: "dl-share-acts" },
          NS.html("button", { type: "button", class: "dl-link", onclick: print }, "Print"),
          NS.html("button", { type: "button", class: "dl-link", onclick: () => this.shut(true) }, "Close")));
      this.node = NS.html("div", { class: "dl-share", onkeydown: (event) => { if (event.key === "Escape" && !this.panel.hidden) { this.shut(true); event.stopPropagation(); } } }, this.button, this.panel);
    }

    toggle() {
      if (!this.panel.hidden) return this.shut(true);
      this.box.checked = false;
      this.panel.hidden = false;
      this.button.setAttribute("aria-expanded", "true");
      return this.copy();
    }

    shut(back) {
      this.panel.hidden = true;
      this.button.setAttribute("aria-expanded", "false");
      if (back) this.button.focus();
    }

    /** Another moment is shown: what was copied is no longer its link. */
    draw() {
      if (!this.panel.hidden && this.field.value !== this.link()) this.shut(false);
    }

    link() {
      const state = this.state(), last = this.story.days.at(-1);
      return NS.RoundTrip.link(state.date || !this.box.checked ? state : { ...state, date: last });
    }

    async copy() {
      const state = this.state(), last = NS.days.full(this.story.days.at(-1));
      this.keep.hidden = Boolean(state.date);
      this.words.textContent = `Always open ${last}`;
      this.field.value = this.link();
      const opens = state.date ? `It opens ${NS.days.full(state.date)}.`
        : this.box.checked ? `It opens ${last}.` : `It opens the latest day, now ${last}, and moves on with the story.`;
      try {
        await navigator.clipboard.writeText(this.field.value);
        this.said.textContent = `Link copied. ${opens}`;
      } catch {
        this.said.textContent = `Copy the link from here. ${opens}`;
        this.field.focus();
        this.field.select();
      }
    }
  };

  /** How names are written, and on which paper; a map in a page that has a theme of its own takes that one. */
  NS.Choices = class {
    /** `chosen(name, value)` is called with a choice. */
    constructor(story, theme, chosen, embedded) {
      const options = [["", "English"], ["ar", "العربية"], ["both", "Both"]];
      this.names = NS.html("select", { "aria-label": "Names on the map", title: "Names on the map", onchange: () => chosen("labels", this.names.value) },
        options.map(([value, words]) => NS.html("option", { value, lang: value === "ar" ? "ar" : null }, words)));
      this.paper = NS.html("button", { type: "button", class: "dl-tool dl-paper-tool", onclick: () => chosen("theme", theme.name === "dark" ? "light" : "dark") },
        icon("M8,2 a6,6 0 1 0 6,6 a4.6,4.6 0 0 1 -6,-6z"), NS.html("span", { class: "dl-unseen" }, "Dark paper"));
      this.around = Boolean(window.Streamlit) && !embedded;
      this.node = NS.html("div", { class: "dl-choices" }, story.places.some(({ arabic }) => arabic) ? NS.html("label", { class: "dl-names" }, this.names) : null, this.paper);
      const press = () => this.paper.setAttribute("aria-pressed", String(theme.name === "dark"));
      theme.onChange(press);
      press();
    }

    show({ labels, theme }) {
      this.names.value = labels;
      this.paper.hidden = this.around && !theme;
    }
  };

  /** A sentence over the map that stays until the reader puts it away. */
  NS.notice = (sentences) => {
    const node = NS.html("div", { class: "dl-notice", role: "alert" }, sentences.map((words) => NS.html("p", {}, words)),
      NS.html("button", { type: "button", class: "dl-link", onclick: () => node.remove() }, "Close"));
    return node;
  };

  /** Whether the map stands in somebody else's page: the page around it says so, or its own address, or there is a frame. */
  NS.isEmbedded = (asked) => {
    if (asked && asked.embed) return true;
    if (window.Streamlit) return false;
    return window.parent !== window || /[?&]embed=true\b/.test(location.search);
  };

  /** What an embedded map says of itself: the title over it, the way to the full page under it. */
  NS.Embedding = class {
    constructor(story, state) {
      Object.assign(this, { state });
      this.link = NS.html("a", { class: "dl-full", target: "_blank", rel: "noopener" }, "Open the full page");
      this.head = NS.html("header", { class: "dl-embed-head" }, NS.html("h2", { class: "dl-embed-title" }, story.title), this.link);
      for (const sign of ["pointerdown", "focus"]) this.link.addEventListener(sign, () => this.draw());
    }

    /** The way leads to what is shown when it is taken. */
    draw() {
      this.link.href = NS.RoundTrip.link(this.state()).replace(/\bembed=true&?/, "").replace(/[?&](?=#|$)/, "");
    }
  };
})();
