/* Under the map: the sources in a line, how all of it is made, and what could not be read. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});

  const sourceLine = (story) => {
    const articles = story.articles.filter((article) => !article.background)
      .map((article) => `${article.publisher} ${NS.days.short(article.published)}${article.basis === "inferred" ? "*" : ""}`);
    const inferred = story.articles.some((article) => !article.background && article.basis === "inferred");
    return NS.html("p", { class: "dl-sources" }, NS.html("strong", {}, "Sources: "), articles.join(" · "), inferred ? " (* date inferred)" : "", ". ",
      story.attribution.map((line) => `${line.replace(/\.?$/, ".")} `));
  };

  const problems = (story) => {
    const count = story.problems.length;
    if (!count) return null;
    return NS.html("details", { class: "dl-problems" },
      NS.html("summary", {}, `${count} row${count === 1 ? "" : "s"} of the story could not be read`),
      NS.html("ul", {}, story.problems.map(({ file, line, field, value, rule, mend }) =>
        NS.html("li", {}, `${file}${line === null ? "" : `, line ${line}`}: ${field} is “${value}”. ${rule} To mend: ${mend}`))));
  };

  const method = (story) => NS.html("details", { class: "dl-method" },
    NS.html("summary", {}, "How this is made"),
    NS.html("div", { class: "dl-method-body" },
      story.method.map((words) => NS.html("p", {}, words)),
      story.notes.length ? [NS.html("h3", {}, "Editor's notes"), NS.html("ul", {}, story.notes.map((words) => NS.html("li", {}, words)))] : null,
      NS.html("h3", {}, "Sources, and how the editor classes them"),
      NS.html("dl", { class: "dl-classes" }, story.sources.map((source) => NS.html("div", {},
        NS.html("dt", {}, source.name, NS.html("span", { class: "dl-class" }, source.class)),
        NS.html("dd", {}, source.side === null ? "" : `Side: ${story.actors[source.side].label}. `, source.why)))),
      NS.html("h3", {}, "Articles"),
      NS.html("ul", {}, story.articles.map((article) => NS.html("li", {}, NS.link(article.url, article.title || "untitled"),
        `, ${article.publisher}, ${NS.days.full(article.published)}${article.basis === "inferred" ? " (date inferred)" : ""}`,
        article.background ? " (background, not a report)" : ""))),
      story.contact ? NS.html("p", {}, "Write to the editor: ", story.contact) : null));

  /** The foot of the page. */
  NS.foot = (story) => NS.html("footer", { class: "dl-foot" }, sourceLine(story), method(story), problems(story));
})();
