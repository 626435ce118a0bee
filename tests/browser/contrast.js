// Letters of one look on grounds of one look have one contrast, and measuring it is
// what takes axe longest: of each kind of text it is shown the first and the last.
const chosen = "data-contrast";
for (const part of document.querySelectorAll(`[${chosen}]`)) part.removeAttribute(chosen);
const grounds = new Map([[null, ""]]);
const groundOf = part => {
  if (!grounds.has(part)) {
    const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(part);
    const own = [backgroundColor, backgroundImage, opacity, position].join();
    const plain = own === "rgba(0, 0, 0, 0),none,1,static";
    grounds.set(part, groundOf(part.parentElement) + (plain ? "" : own));
  }
  return grounds.get(part);
};
const hasText = part => part.matches("button, input, select, textarea")
  || [...part.childNodes].some(node => node.nodeType === 3 && node.data.trim());
const firsts = new Map(), lasts = new Map();
for (const part of document.body.querySelectorAll("*")) {
  if (!hasText(part) || !part.checkVisibility({ visibilityProperty: true })) continue;
  const { color, fontSize, fontWeight, textShadow } = getComputedStyle(part);
  const kind = [part.localName, color, fontSize, fontWeight, textShadow, groundOf(part)].join();
  if (!firsts.has(kind)) firsts.set(kind, part);
  lasts.set(kind, part);
}
for (const part of [...firsts.values(), ...lasts.values()]) part.setAttribute(chosen, "");
axe.configure({ rules: [{ id: "color-contrast", selector: `[${chosen}]` }] });
