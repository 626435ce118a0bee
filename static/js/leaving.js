// Progressive help: whoever leaves a form with something unsaved is asked first, and finds
// it there on coming back, with the rows that were added.
const NOT_KEPT = ["file", "password", "submit", "button"];
// What each form held when it was shown: the matrix shows one after the other.
const shown = new WeakMap();
let isSent = false;

const kept = () => `typed ${location.pathname}${location.search}`;
const formNow = () => document.querySelector("#content-main form[method=post]");
const typed = (form) => new URLSearchParams(new FormData(form)).toString();
const isDirty = () => formNow() !== null && typed(formNow()) !== shown.get(formNow());
const seenIn = (form) => form.elements.seen?.value;
const fieldsOf = (form) => [...form.elements].filter(
  ({ name, type }) => name && name !== "csrfmiddlewaretoken" && !NOT_KEPT.includes(type),
);

function look() {
  const form = formNow();
  if (!form || shown.has(form)) return;
  // What was refused is not saved either.
  shown.set(form, form.querySelector(".errornote, .errorlist") ? "" : typed(form));
}

function keep(form) {
  const fields = fieldsOf(form).map(({ name, value, checked, selectedOptions }) => {
    const chosen = selectedOptions && [...selectedOptions].map((option) => [option.value, option.text]);
    return { name, value, checked, chosen };
  });
  sessionStorage.setItem(kept(), JSON.stringify({ isSent, seen: seenIn(form), fields }));
}

function giveBack(form) {
  const { isSent, seen, fields } = JSON.parse(sessionStorage.getItem(kept()) ?? "{}");
  // What was sent and stored stands in the form by itself.
  if (!fields || (isSent && seen !== seenIn(form))) return;
  for (const { name, value } of fields.filter((field) => field.name.endsWith("-TOTAL_FORMS"))) {
    const adding = document.querySelector(`#${name.replace("-TOTAL_FORMS", "-group")} .add-row a`);
    for (let more = value - form.elements[name].value; adding && more > 0; more -= 1) adding.click();
  }
  const places = fieldsOf(form);
  for (const { name, value, checked, chosen } of fields) {
    const number = places.findIndex((field) => field.name === name);
    if (number < 0) continue;
    const [place] = places.splice(number, 1);
    if (chosen) {
      for (const [key, text] of chosen) {
        if (![...place.options].some((option) => option.value === key)) place.add(new Option(text, key));
      }
      for (const option of place.options) option.selected = chosen.some(([key]) => key === option.value);
    } else if (checked !== undefined && ["checkbox", "radio"].includes(place.type)) {
      place.checked = checked;
    } else {
      place.value = value;
    }
    place.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

document.addEventListener("submit", (event) => {
  if (event.target !== formNow()) return;
  // A preview opens beside it, and stores nothing; the matrix saves without leaving.
  isSent = !event.defaultPrevented && event.submitter?.name !== "_preview";
});
addEventListener("beforeunload", (event) => {
  if (!isSent && isDirty()) event.preventDefault();
});
addEventListener("pagehide", () => {
  if (isDirty()) keep(formNow());
  else sessionStorage.removeItem(kept());
});
addEventListener("load", () => {
  look();
  // The matrix tells so of each row that opens.
  document.addEventListener("formset:added", look);
  const [{ type }] = performance.getEntriesByType("navigation");
  if (type === "back_forward" && formNow()) giveBack(formNow());
});
