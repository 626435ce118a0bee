// Progressive help: whoever leaves a form with something unsaved is asked first, and finds
// it there on coming back, with the rows that were added.
const KEPT = `typed ${location.pathname}`;
const NOT_KEPT = ["file", "password", "submit", "button"];
const seenIn = (form) => form.elements.seen?.value;
const fieldsOf = (form) => [...form.elements].filter(
  ({ name, type }) => name && name !== "csrfmiddlewaretoken" && !NOT_KEPT.includes(type),
);

function keep(form, isSent) {
  const fields = fieldsOf(form).map(({ name, value, checked, selectedOptions }) => {
    const chosen = selectedOptions && [...selectedOptions].map((option) => [option.value, option.text]);
    return { name, value, checked, chosen };
  });
  sessionStorage.setItem(KEPT, JSON.stringify({ isSent, seen: seenIn(form), fields }));
}

function giveBack(form) {
  const { isSent, seen, fields } = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
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

addEventListener("load", () => {
  const form = document.querySelector("#content-main form[method=post]");
  if (!form) return;
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  // What was refused is not saved either.
  const stored = form.querySelector(".errornote") ? "" : typed();
  let isSent = false;
  form.addEventListener("submit", (event) => {
    // A preview opens beside it, and stores nothing.
    isSent = event.submitter?.name !== "_preview";
  });
  addEventListener("beforeunload", (event) => {
    if (!isSent && typed() !== stored) event.preventDefault();
  });
  addEventListener("pagehide", () => {
    if (typed() !== stored) keep(form, isSent);
    else sessionStorage.removeItem(KEPT);
  });
  if (performance.getEntriesByType("navigation")[0].type === "back_forward") giveBack(form);
});
