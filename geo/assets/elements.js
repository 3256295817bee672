/* Elements of the page. Text from a story enters it here and only here, as text nodes. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const SVG = "http://www.w3.org/2000/svg";

  const fill = (node, attributes, children) => {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : String(value));
    }
    for (const child of children.flat(Infinity)) {
      if (child !== null && child !== undefined && child !== false) node.append(child);
    }
    return node;
  };

  /** An HTML element: attributes by name, `on…` as listeners, children as nodes or text. */
  NS.html = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

  /** The same for SVG. */
  NS.svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

  /** Show `children` in `node` in the place of what stood there. */
  NS.show = (node, ...children) => {
    node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
    return node;
  };

  /** An https link, or its text where the address is none; opens apart and tells the other side nothing. */
  NS.link = (url, text) => {
    if (!/^https:\/\/[^\s]+$/i.test(url || "")) return text;
    return NS.html("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", referrerpolicy: "no-referrer" }, text);
  };

  /** A text that the reader needs and the eye does not. */
  NS.unseen = (text) => NS.html("span", { class: "dl-unseen" }, text);

  NS.capital = (text) => (text ? text[0].toLocaleUpperCase("en-GB") + text.slice(1) : "");
})();
