/* The first thing that loads: a waiting picture, and a plain sentence where the rest does not come.
   It stands alone: no stylesheet, no Leaflet and no story may be there yet. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const PATIENCE = 20000; // milliseconds without a map after which the reader is told
  const WAIT = "Loading the map …";
  const SORRY = "The map could not be loaded. Reload the page to try again. What stands around it does not need it.";

  const home = document.querySelector("[data-dateline-home]") || document.body; // where a published page wants its map
  // What stood here before any script: the page's own waiting picture. It is taken over, so that nothing jumps.
  const box = document.getElementById("dateline-wait") || document.createElement("div");
  const line = document.createElement("p");
  const bars = document.createElement("div");
  box.id = "dateline-wait";
  box.setAttribute("role", "status");
  line.textContent = WAIT;
  box.replaceChildren(line, bars);
  Object.assign(box.style, {
    display: "grid", gridTemplateRows: "1fr auto", placeItems: "center", boxSizing: "border-box", height: "", minHeight: "420px",
    background: "rgba(140, 130, 110, 0.14)", border: "1px solid rgba(140, 130, 110, 0.35)",
  });
  // The slider to come, in its place under the map.
  Object.assign(bars.style, {
    alignSelf: "end", boxSizing: "border-box", width: "100%", height: "84px", border: "0 solid rgba(140, 130, 110, 0.35)", borderTopWidth: "1px",
    background: "linear-gradient(rgba(140, 130, 110, 0.5), rgba(140, 130, 110, 0.5)) 50% 52px / calc(100% - 40px) 4px no-repeat",
  });
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  // A frame of the map's own is filled whole: what is being built in it is nothing to look at yet.
  if (document.getElementById("map_div")) {
    Object.assign(box.style, { position: "absolute", zIndex: "2000", top: "0", left: "0", right: "0", height: "100vh", backgroundColor: dark ? "#232527" : "#ece9e1" });
  }
  Object.assign(line.style, {
    margin: "0", padding: "24px", maxWidth: "34em", textAlign: "center", font: "16px/1.5 Georgia, 'Times New Roman', serif",
    color: dark ? "#d8d2c4" : "#4a463d",
  });

  let over = false;
  const tall = () => setTimeout(() => !over && window.Streamlit && window.Streamlit.setFrameHeight(440), 0);
  const late = setTimeout(() => NS.fail(), PATIENCE);

  /** Tell the page around that no more is to come here: it keeps out of the way until then. */
  NS.stands = () => setTimeout(() => window.Streamlit && window.Streamlit.setComponentValue({ serial: 0 }), 0);

  /** Put the sentence in the place of the map, once, unless the map is there already. */
  NS.fail = (error) => {
    if (over) return;
    clearTimeout(late);
    if (error) console.warn("Dateline:", error);
    document.querySelectorAll(".dl, .folium-map, #map_div, [data-dateline-map]").forEach((node) => { node.style.display = "none"; });
    line.textContent = SORRY;
    bars.remove();
    box.setAttribute("role", "alert");
    Object.assign(box.style, { display: "grid", position: "static", height: "" });
    if (!box.isConnected) home.prepend(box);
    tall();
    if (document.querySelector("[data-awaited]")) NS.stands();
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

  home.prepend(box);
  tall();

  // streamlit-folium asks for one file after the other, and for the styles last: ask for all of them now. Where a parser
  // reads the page, it has seen them already. In the body: streamlit-folium writes the head anew, and all would be asked twice.
  const own = document.currentScript;
  if (own && own.src && document.readyState !== "loading") {
    const ask = (name, more) => document.body.append(Object.assign(document.createElement("link"), more, { href: new URL(name, own.src).href }));
    for (const name of window.COMING.styles) ask(name, { rel: "stylesheet" });
    for (const name of window.COMING.scripts) ask(name, { rel: "preload", as: "script" });
  }
})();
