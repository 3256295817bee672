/* A published page and its edition: an open page asks its own host, now and then, whether there is a newer one.
   A copy on a disk cannot ask: it says where the current one is. In Streamlit there is no such line, and nothing is asked. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const EVERY = 4 * 60 * 1000; // milliseconds between two looks
  const line = document.querySelector("[data-dateline-edition]");
  if (!line) return;
  const { datelineEdition: edition, url } = line.dataset;
  if (NS.isEmbedded({})) document.documentElement.classList.add("dl-framed");

  const isElsewhere = url && new URL("./", location.href).href !== url;
  if (isElsewhere) {
    line.append(location.protocol === "file:" ? " · a copy; the current edition is at " : " · also at ",
      NS.html("a", { href: url, target: "_blank", rel: "noopener" }, url.replace(/^https?:\/\/|\/$/g, "")));
  } else if (location.protocol === "file:") line.append(" · a copy; there may be a newer edition");
  if (!/^https?:$/.test(location.protocol)) return;

  const note = NS.html("p", { class: "site-newer", role: "status", hidden: true });
  line.after(note);
  let told = edition, asked = Date.now();

  /** Say once of each newer edition that it is there; what cannot be asked is left for the next time. */
  const look = async () => {
    asked = Date.now();
    try {
      const answer = await fetch("version.json", { cache: "no-store", credentials: "omit" });
      const found = answer.ok ? await answer.json() : null;
      if (!found || typeof found.edition !== "string" || found.edition === told) return;
      told = found.edition;
      note.hidden = told === edition;
      const again = NS.html("a", { href: location.href, onclick: (event) => { event.preventDefault(); location.reload(); } }, "Reload the page");
      NS.show(note, found.retracted ? `This map was retracted, ${found.words}: ${found.retracted} ` : `There is a newer edition of this map, of ${found.words}. `, again);
    } catch {
      // no network, or the folder moved
    }
  };
  setInterval(() => document.hidden || look(), EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - asked >= EVERY) look(); });
})();
