// Progressive help: a link to a statement, or to the text below a comparison, shows it
// in place, in a dialog. The address says what is open (#cell=django.orm, #in=text.n3),
// so it can be shared.
const STATEMENT = /^\/frameworks\/([\w-]+)\/(?!feed\/)([\w-]+(?:\/[\w-]+)?)\/$/;
const BELOW = /^\/compare\/[\w-]+\/(text|sources)\/$/;
const OPEN = /^#(cell|in)=([\w-]+)\.([\w/-]+)$/;
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const dialog = document.createElement("dialog");
dialog.className = "in-place";
dialog.tabIndex = -1;
dialog.setAttribute("aria-labelledby", "about");
const bar = document.createElement("p");
const buttons = new Map(
  [["ArrowLeft", "←"], ["ArrowUp", "↑"], ["ArrowDown", "↓"], ["ArrowRight", "→"]].map(
    ([key, sign]) => [key, button(sign, `Cell ${key.slice(5).toLowerCase()}`, () => go(key))],
  ),
);
const page = document.createElement("a");
page.textContent = "Open as a page";
bar.append(...buttons.values(), page, button("✕", "Close", () => dialog.close()));
document.body.append(dialog);

// The link whose statement is open, where in it the reader wants to be, and whether
// the entry before in the history is this page without it.
let opener = null;
let fragment = "";
let isPushed = false;

function button(sign, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = sign;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

function nameOf(link) {
  if (link.origin !== location.origin) return null;
  const statement = STATEMENT.exec(link.pathname);
  if (statement) return `#cell=${statement[1]}.${statement[2]}`;
  const below = link.pathname.startsWith(location.pathname) && BELOW.exec(link.pathname);
  return below && link.hash ? `#in=${below[1]}.${link.hash.slice(1)}` : null;
}

function neighbour(key) {
  const cell = opener?.closest("td");
  if (!cell) return null;
  const [down, right] = ARROWS[key];
  const rows = [...cell.closest("table").querySelectorAll("tr:has(td)")];
  const row = rows[rows.indexOf(cell.parentElement) + down];
  const link = row?.cells[cell.cellIndex + right]?.querySelector("a");
  return link && nameOf(link) ? link : null;
}

function go(key) {
  const link = neighbour(key);
  if (!link) return;
  opener = link;
  location.replace(nameOf(link));
}

function scrollTo(id) {
  const target = id && dialog.querySelector(`[id="${CSS.escape(id)}"]`);
  if (target) target.scrollIntoView();
  else dialog.scrollTo(0, 0);
}

async function show() {
  const hash = decodeURIComponent(location.hash);
  const [, kind, first, rest] = OPEN.exec(hash) ?? [];
  if (!kind) {
    dialog.close();
    return;
  }
  const path = kind === "in" ? `${location.pathname}${first}/` : `/frameworks/${first}/${rest}/`;
  if (kind === "in") fragment = rest;
  if (opener?.pathname !== path) {
    opener = [...document.querySelectorAll("main a")].find((link) => link.pathname === path) ?? null;
  }
  const address = opener?.href ?? path;
  const response = await fetch(address).catch(() => null);
  const text = response?.ok ? await response.text() : "";
  // The reader may have gone on meanwhile.
  if (decodeURIComponent(location.hash) !== hash) return;
  const article = new DOMParser().parseFromString(text, "text/html").querySelector("article");
  if (!article) {
    location.replace(address);
    return;
  }
  page.href = address;
  for (const [key, arrow] of buttons) arrow.hidden = !neighbour(key);
  dialog.replaceChildren(bar, article);
  for (const cell of document.querySelectorAll(".current")) cell.classList.remove("current");
  opener?.closest("td")?.classList.add("current");
  opener?.scrollIntoView({ block: "nearest" });
  if (!dialog.open) {
    dialog.showModal();
    // So that arrow keys are heard, and nothing is announced before the answer.
    dialog.focus();
  }
  scrollTo(fragment);
  fragment = "";
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("main a, .in-place a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
    return;
  }
  if (dialog.contains(link)) {
    if (!link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    scrollTo(link.hash.slice(1));
  } else if (nameOf(link)) {
    event.preventDefault();
    opener = link;
    fragment = link.hash.slice(1);
    isPushed = true;
    if (location.hash === nameOf(link)) show();
    else location.hash = nameOf(link);
  }
});

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});

dialog.addEventListener("keydown", (event) => {
  if (!(event.key in ARROWS) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  go(event.key);
});

dialog.addEventListener("close", () => {
  for (const cell of document.querySelectorAll(".current")) cell.classList.remove("current");
  if (OPEN.test(decodeURIComponent(location.hash))) {
    if (isPushed) history.back();
    else history.replaceState(null, "", location.pathname + location.search);
  }
  isPushed = false;
  opener?.focus();
});

addEventListener("hashchange", show);
if (location.hash) show();
