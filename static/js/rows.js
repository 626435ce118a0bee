// Progressive help: rows of a form are moved by buttons instead of numbers, and lines that
// are pasted into a table fill a row each.
const rowOf = (field) => field.closest("tr.form-row, .inline-related");
const beside = (field) => [...rowOf(field).parentElement.querySelectorAll(".desk-order:not([name*=__prefix__])")];

function move(field, step) {
  const fields = beside(field);
  const other = fields[fields.indexOf(field) + step];
  if (!other) return;
  rowOf(other)[step < 0 ? "before" : "after"](rowOf(field));
  beside(field).forEach((each, place) => { each.value = place; });
}

function button(field, text, label, step) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, ariaLabel: label });
  made.addEventListener("click", () => { move(field, step); made.focus(); });
  return made;
}

function prepare(part) {
  for (const field of part.querySelectorAll(".desk-order:not([name*=__prefix__])")) {
    field.hidden = true;
    field.after(button(field, "↑", "Move up", -1), button(field, "↓", "Move down", 1));
  }
}

// If there is nothing yet in the rows below.
function spread(event) {
  const [, prefix, number, name] = /^(.+)-(\d+)-(\w+)$/.exec(event.target.name ?? "") ?? [];
  const lines = event.clipboardData.getData("text").split("\n").map((line) => line.trim()).filter(Boolean);
  if (lines.length < 2 || !event.target.closest(".tabular")) return;
  const fields = lines.map((_, place) => event.target.form.elements[`${prefix}-${+number + place}-${name}`]);
  if (!fields.every((field) => field?.value === "")) return;
  event.preventDefault();
  fields.forEach((field, place) => { field.value = lines[place]; });
}

document.addEventListener("paste", spread);
document.addEventListener("formset:added", (event) => prepare(event.target));
prepare(document);
