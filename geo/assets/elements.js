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

  /** Let a node say these words alone, in the text that it has: another text would cost the browser more, and the same again its layout. */
  NS.say = (node, words) => {
    const text = node.firstChild;
    if (!text) node.textContent = words;
    else if (text.data !== words) text.data = words;
  };

  /** Show `children` in `node` in the place of what stood there. */
  NS.show = (node, ...children) => {
    node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
    return node;
  };

  /** Make a node what `model` is: where both have the same elements only what differs is set, which costs the browser less than a new node. */
  NS.become = (node, model) => {
    if (node.tagName !== model.tagName || node.children.length !== model.children.length) return node.replaceWith(model.cloneNode(true));
    for (const name of node.getAttributeNames()) if (!model.hasAttribute(name)) node.removeAttribute(name);
    for (const { name, value } of model.attributes) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
    const parts = [...model.children];
    return [...node.children].forEach((part, at) => NS.become(part, parts[at]));
  };

  /** Put a node at a point in pixels of its pane: without a transform, which would make each a matter of its own to the browser's painting. */
  NS.stand = (node, { x, y }) => {
    const left = `${x}px`, top = `${y}px`;
    if (node.style.left !== left) node.style.left = left;
    if (node.style.top !== top) node.style.top = top;
  };

  /** A pane of the map at a height, for the eye alone: what it shows, lists and buttons say too. */
  NS.picturePane = (map, name, height) => {
    const pane = map.createPane(name);
    pane.style.zIndex = height;
    pane.setAttribute("aria-hidden", "true");
    return pane;
  };

  /** An https link, or its text where the address is none; opens apart and tells the other side nothing. */
  NS.link = (url, text) => {
    if (!/^https:\/\/[^\s]+$/i.test(url || "")) return text;
    return NS.html("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", referrerpolicy: "no-referrer" }, text);
  };

  /** A text that the reader needs and the eye does not. */
  NS.unseen = (text) => NS.html("span", { class: "dl-unseen" }, text);

  /** What is really covered by an element: the boxes of its lines of text, and of whatever in it has a ground of its own. */
  NS.inked = (node) => {
    const boxes = [node, ...node.querySelectorAll("*")].filter((one) => !/^rgba\(.*, 0\)$|^transparent$/.test(getComputedStyle(one).backgroundColor))
      .map((one) => one.getBoundingClientRect());
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (texts.nextNode()) {
      range.selectNodeContents(texts.currentNode);
      boxes.push(...range.getClientRects());
    }
    return boxes.filter((box) => box.width > 0 && box.height > 0);
  };

  NS.capital = (text) => (text ? text[0].toLocaleUpperCase("en-GB") + text.slice(1) : "");
})();
