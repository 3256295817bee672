/* The background: our own, which is drawn with the map, or pictures from outside, which are asked for only once a reader chooses them. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const OWN = "";
  const PANE = "dl-tiles";
  const HEIGHT = 215; // over the land of our own background, which shows where a picture is absent; under everything else
  const PATIENCE = 12000; // milliseconds in which the first picture has to come

  /** The hosts that a background's address names. */
  const hostsOf = ({ url, subdomains }) => (subdomains ? [...subdomains] : [""]).map((letter) => new URL(url.replace("{s}", letter).replace(/[{}]/g, "")).host);

  /** Whether a policy's list of sources lets pictures come from a host. */
  const lets = (sources, host) => sources.some((source) => {
    if (source === "*" || source === "https:") return true;
    const named = source.replace(/^https:\/\//, "").replace(/\/.*$/, "");
    return named.startsWith("*.") ? host.endsWith(named.slice(1)) : named === host;
  });

  /** Whether the policies that the page states for itself all let pictures come from a host. */
  const isAllowed = (host) => [...document.querySelectorAll("meta[http-equiv='Content-Security-Policy' i]")].every((meta) => {
    const rules = new Map(meta.content.split(";").map((rule) => rule.trim().split(/\s+/)).map(([name, ...sources]) => [name, sources]));
    const sources = rules.get("img-src") || rules.get("default-src");
    return !sources || lets(sources, host);
  });

  NS.Ground = class {
    /** `backgrounds` are those that may be offered; `chosen(id)` is called when the reader chooses, `resized()` when what stands over the map is another. */
    constructor(map, backgrounds, { chosen, resized }) {
      Object.assign(this, { map, chosen, resized, figure: map.getContainer().closest(".dl-figure"), value: OWN, asked: OWN, layer: null, control: null });
      this.offered = (backgrounds || []).filter((one) => hostsOf(one).every(isAllowed));
      NS.picturePane(map, PANE, HEIGHT).classList.add("dl-tiles");
      this.select = NS.html("select", { "aria-label": "Base map", onchange: () => this.pick(this.select.value) },
        NS.html("option", { value: OWN }, "Drawn with the map"), this.offered.map(({ id, label }) => NS.html("option", { value: id }, label)));
      this.note = NS.html("p", { class: "dl-ground-note" });
      this.node = this.offered.length ? NS.html("div", { class: "dl-grounds" }, NS.html("h2", {}, "Base map"), this.select, this.note) : null;
      this.tell();
    }

    /** What an address says of it: the background shown, or the one that a link asked for and the reader has not answered yet. */
    get address() {
      return this.value || this.asked;
    }

    /** The background of an id, undefined for our own and for one that is not offered. */
    find(id) {
      return this.offered.find((one) => one.id === id);
    }

    /** Whether an address may ask for it. */
    has(id) {
      return id === OWN || Boolean(this.find(id));
    }

    /** The reader's own choice. */
    pick(id) {
      this.show(id);
      this.chosen(this.value);
    }

    /** Show a background; one that is not offered is our own. */
    show(id) {
      const found = this.find(id);
      this.clear();
      Object.assign(this, { value: found ? id : OWN, asked: OWN });
      this.select.value = this.value;
      if (found) this.load(found);
      this.tell();
    }

    /** An address asks for a background: it is offered and not loaded, since whoever wrote the address cannot choose for the reader. */
    follow(id) {
      if (id === this.address) return;
      const found = this.find(id);
      this.show(OWN);
      if (!found) return;
      this.asked = id;
      this.say(`This link was made with the base map ${found.label}. `,
        NS.html("button", { type: "button", class: "dl-link", onclick: () => this.pick(id) }, "Show it"), `; ${this.warning(found)} `, this.closing(() => this.pick(OWN)));
    }

    load(found) {
      let came = 0, failed = 0;
      const layer = L.tileLayer(found.url, {
        pane: PANE, subdomains: found.subdomains || "abc", maxNativeZoom: found.max_zoom, maxZoom: 18, keepBuffer: 1, updateWhenIdle: true,
        referrerPolicy: "strict-origin-when-cross-origin",
      });
      this.layer = layer;
      const lost = () => {
        if (this.layer !== layer || came) return;
        this.clear();
        this.value = this.select.value = OWN;
        this.tell();
        this.say(`The base map ${found.label} could not be loaded. The map stands on its own, and nothing of what it tells is missing. `, this.closing());
        this.chosen(OWN);
      };
      this.timer = setTimeout(lost, PATIENCE);
      layer.on("tileload", () => {
        came += 1;
        if (came === 1) this.figure.classList.add("dl-tiled");
      });
      layer.on("tileerror", () => {
        failed += 1;
        if (came && this.layer === layer) this.credit(found, true);
      });
      layer.on("load", () => {
        if (failed && !came) lost();
      });
      this.credit(found, false);
      layer.addTo(this.map);
    }

    clear() {
      clearTimeout(this.timer);
      if (this.layer) this.layer.remove();
      this.layer = null;
      this.figure.classList.remove("dl-tiled");
      this.say();
    }

    credit(found, partly) {
      this.say(found.credit.map(([words, link]) => NS.link(link, words)), partly ? " Some pictures did not load; there the map's own shows." : null);
    }

    /** Write on the map who is to be named, or what went wrong; nothing takes it away. */
    say(...words) {
      if (this.control) this.control.remove();
      this.control = null;
      if (words.length) {
        this.control = L.control({ position: "bottomleft" });
        this.control.onAdd = () => {
          const node = NS.html("div", { class: "dl-ground-credit", role: "status" }, words);
          L.DomEvent.disableClickPropagation(node);
          return node;
        };
        this.control.addTo(this.map);
      }
      this.resized();
    }

    closing(act = () => this.say()) {
      return NS.html("button", { type: "button", class: "dl-link", onclick: act }, "Close");
    }

    warning(found) {
      const host = hostsOf(found)[0].split(".").slice(-2).join(".");
      return `its pictures come from ${host}, which so learns of your visit.`;
    }

    tell() {
      const found = this.find(this.value);
      this.note.textContent = found ? NS.capital(this.warning(found)) : "Another one is asked of its provider, who so learns of your visit.";
    }
  };
})();
