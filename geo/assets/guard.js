/* The first thing that loads: a waiting picture, and a plain sentence where the rest does not come.
   It stands alone: no stylesheet, no Leaflet and no story may be there yet. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const PATIENCE = 20000; // milliseconds without a map after which the reader is told
  const WAIT = "Loading the map …";
  const SORRY = "The map could not be loaded. Reload the page to try again. What stands around it does not need it.";

  const box = document.createElement("div");
  const line = document.createElement("p");
  box.id = "dateline-wait";
  box.setAttribute("role", "status");
  line.textContent = WAIT;
  box.append(line);
  Object.assign(box.style, {
    display: "grid", placeItems: "center", boxSizing: "border-box", minHeight: "420px", padding: "24px",
    background: "rgba(140, 130, 110, 0.14)", border: "1px solid rgba(140, 130, 110, 0.35)",
  });
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  Object.assign(line.style, {
    margin: "0", maxWidth: "34em", textAlign: "center", font: "16px/1.5 Georgia, 'Times New Roman', serif",
    color: dark ? "#d8d2c4" : "#4a463d",
  });

  let over = false;
  const tall = () => setTimeout(() => !over && window.Streamlit && window.Streamlit.setFrameHeight(440), 0);
  const late = setTimeout(() => NS.fail(), PATIENCE);

  /** Put the sentence in the place of the map, once, unless the map is there already. */
  NS.fail = (error) => {
    if (over) return;
    clearTimeout(late);
    if (error) console.warn("Dateline:", error);
    document.querySelectorAll(".dl, .folium-map, #map_div").forEach((node) => { node.style.display = "none"; });
    line.textContent = SORRY;
    box.setAttribute("role", "alert");
    box.style.display = "grid";
    if (!box.isConnected) document.body.prepend(box);
    tall();
  };

  /** Out of the way, so that what comes can be measured where it will stand. */
  NS.stepAside = () => { box.style.display = "none"; };

  /** Take the waiting picture away: the map stands. */
  NS.ready = () => {
    over = true;
    clearTimeout(late);
    box.remove();
  };

  window.addEventListener("error", (event) => {
    const tag = event.target && event.target.tagName;
    if (tag === "SCRIPT" || (!tag && !over)) NS.fail(event.message || "a file did not load");
  }, true);

  document.body.prepend(box);
  tall();
})();
