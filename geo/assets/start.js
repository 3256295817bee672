/* Where the map begins: on the one that folium made, or in a container of a published page. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});

  /** The stylesheet is there when its first token is; the page around does not wait for it. */
  const styled = () => new Promise((done) => {
    const began = performance.now();
    const look = () => {
      const token = getComputedStyle(document.documentElement).getPropertyValue("--dl-here");
      const leaflet = getComputedStyle(document.querySelector(".leaflet-pane") || document.body).position;
      if ((token && leaflet === "absolute") || performance.now() - began > 6000) done();
      else setTimeout(look, 16);
    };
    look();
  });

  /** Start on a Leaflet map; `story` is the digest of the payload that it belongs to. */
  NS.start = async ({ map, story }) => {
    try {
      const payload = window.DATELINE;
      if (!payload || payload.digest !== story) throw new Error("the story did not load");
      await styled();
      const asked = NS.RoundTrip.first() || {};
      document.documentElement.classList.add("dl-page");
      NS.stepAside();
      NS.app = new NS.TimeMap(map, payload, asked);
      NS.ready();
    } catch (error) {
      NS.fail(error);
    }
  };

  // A published page holds a container for the map and no folium: start there at once.
  const here = document.querySelector("[data-dateline-map]");
  if (here) NS.start({ map: L.map(here, { center: [0, 0], zoom: 3, zoomControl: false, attributionControl: false }), story: here.dataset.datelineMap });
})();
