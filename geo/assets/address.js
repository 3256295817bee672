/* What an address says of the map: read, checked, written. The same words stand in the page's query and in a plain page's hash. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const VIEW = /^(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?),(\d{1,2}(?:\.\d+)?)$/;
  const CHOICES = { labels: ["en", "ar", "both"], theme: ["light", "dark"] };
  const LONGEST = 60; // characters of a wrong value that are repeated to the reader

  /** The parameters, in the order in which they are written. An empty one is at its default. */
  NS.PARAMETERS = ["date", "known", "compare", "place", "view", "off", "ground", "labels", "theme"];

  /** Whether two addresses say the same. */
  NS.sameAddress = (one, two) => NS.PARAMETERS.every((name) => (one[name] || "") === (two[name] || ""));

  /** "date=2024-11-30&place=aleppo" */
  NS.addressOf = (state) => NS.PARAMETERS.filter((name) => state[name])
    .map((name) => `${name}=${encodeURIComponent(state[name]).replace(/%2C/g, ",").replace(/%3A/g, ":")}`).join("&");

  /** The parameters of a query or a hash; a stray sign in it stays as it is written. */
  NS.readPairs = (text) => Object.fromEntries(text.replace(/^[?#]/, "").split("&").map((pair) => {
    const [name, ...value] = pair.split("=");
    try {
      return [name, decodeURIComponent(value.join("="))];
    } catch {
      return [name, value.join("=")];
    }
  }));

  const shown = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

  /** What is usable of some parameters, and a sentence for each that is not: {state, faults}. `layers` are ids that have a switch, `ground` offers base maps. */
  NS.checked = (story, layers, ground, given) => {
    const state = {}, faults = [];
    const { days } = story;
    const wrong = (name, rule) => {
      faults.push(`The link asks for ${name} “${shown(given[name])}”. ${rule}`);
      return "";
    };
    const span = `The map has the days from ${NS.days.full(days[0])} to ${NS.days.full(days.at(-1))}`;
    const isDay = (value) => days.includes(value);
    const rules = {
      date: (value) => (value === "latest" ? "" : isDay(value) ? value : wrong("date", `${span}; it shows the last of them.`)),
      known: (value) => (story.known.some(({ id }) => id === value) ? (value === story.known.at(-1).id ? "" : value)
        : wrong("known", "Nothing became known then; it shows what is known now.")),
      compare: (value) => (isDay(value) ? value : wrong("compare", `${span}; it compares no other day.`)),
      place: (value) => (story.places.some(({ id }) => id === value) ? value : wrong("place", "The map has no such place; it shows the list of the day.")),
      view: (value) => (NS.viewOf(value) ? value : wrong("view", "A view is latitude, longitude and zoom; it shows the whole.")),
      off: (value) => {
        const ids = value.split(",").filter(Boolean);
        return ids.every((id) => layers.includes(id)) ? layers.filter((id) => ids.includes(id)).join(",")
          : wrong("off", `The layers that can be switched off are ${layers.join(", ")}; it shows them all.`);
      },
      ground: (value) => (ground.has(value) ? value : wrong("ground", "This page does not offer that base map; it shows its own.")),
      labels: (value) => (CHOICES.labels.includes(value) ? (value === "en" ? "" : value) : wrong("labels", "Names are written as en, ar or both; it writes them in English.")),
      theme: (value) => (CHOICES.theme.includes(value) ? value : wrong("theme", "A theme is light or dark; it takes that of the page.")),
    };
    for (const name of NS.PARAMETERS) state[name] = (given[name] && rules[name](given[name])) || "";
    return { state, faults };
  };

  /** A view as {lat, lng, zoom}, or null where it is none. */
  NS.viewOf = (text) => {
    const found = VIEW.exec(text || "");
    if (!found) return null;
    const [lat, lng, zoom] = found.slice(1).map(Number);
    return Math.abs(lat) <= 85 && Math.abs(lng) <= 180 && zoom <= 18 ? { lat, lng, zoom } : null;
  };

  /** "34.80,37.20,6.4" */
  NS.viewText = (map) => {
    const { lat, lng } = map.getCenter();
    const zoom = map.getZoom(), figures = zoom > 9 ? 3 : 2;
    return `${lat.toFixed(figures)},${lng.toFixed(figures)},${Number(zoom.toFixed(1))}`;
  };

  /** How the map stands, as an address; and the map made to stand as an address says. */
  NS.Stance = class {
    constructor(app) {
      Object.assign(this, { app, labels: "", theme: "", pinned: false });
    }

    state() {
      const { story, moment, legend, card } = this.app;
      const { day, known, compare = null } = moment;
      if (day !== story.length - 1) this.pinned = false;
      return {
        date: day === story.length - 1 && !this.pinned ? "" : story.days[day],
        known: known === story.latest ? "" : story.known[known].id,
        compare: compare === null ? "" : story.days[compare],
        place: card.place === null ? "" : story.places[card.place].id,
        view: this.app.view.text,
        off: legend.layers.filter((id) => legend.off.has(id)).join(","),
        ground: this.app.ground.address,
        labels: this.labels,
        theme: this.theme,
      };
    }

    /** Stand as parameters say, as far as they are usable; return a sentence for each that is not. */
    follow(given) {
      const { app } = this, { story, moment, legend } = app;
      const { state, faults } = NS.checked(story, legend.layers, app.ground, given);
      const before = this.state();
      this.pinned = state.date === story.days.at(-1);
      moment.go({
        day: state.date ? story.days.indexOf(state.date) : story.length - 1,
        known: state.known ? story.known.findIndex(({ id }) => id === state.known) : story.latest,
        compare: state.compare ? story.days.indexOf(state.compare) : null,
      });
      this.choose("labels", state.labels);
      this.choose("theme", state.theme);
      app.choices.show(state);
      if (state.off !== before.off) {
        legend.switchOff(state.off);
        for (const id of legend.layers) app.layer(id, !legend.off.has(id));
      }
      app.ground.follow(state.ground);
      if (state.view !== before.view) app.view.show(state.view);
      if (state.place !== before.place) {
        if (state.place) app.open(story.places.findIndex(({ id }) => id === state.place), null, { quietly: true });
        else app.close({ quietly: true });
      }
      return faults;
    }

    /** Take a choice of labels or theme. */
    choose(name, value) {
      this[name] = value;
      if (name === "theme") this.app.theme.choose(value);
      else this.app.places.write(value);
    }
  };
})();
