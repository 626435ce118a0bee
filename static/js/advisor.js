// Progressive help for the advisor's form: one step at a time, suggested points
// filled in on the spot, and questions and warnings that follow the answers.
const form = document.getElementById("advisor-form");
const summary = document.getElementById("error-summary");
const steps = [...form.querySelectorAll(".advisor-step")];
const preset = form.elements.preset;
const enoughToOrder = Number(form.querySelector("[data-order]")?.dataset.order);

let current = steps.find((step) => step.querySelector(".invalid-feedback"))
  ?? stepOf(location.hash) ?? steps[0];

// What the form would send: names, and names with their values.
function sent() {
  return new Set([...new FormData(form)].flatMap(([name, value]) => [name, `${name}=${value}`]));
}

function tiedThemes() {
  const points = [...form.querySelectorAll("[data-theme]")].map((question) => [
    question.dataset.theme,
    Number(question.querySelector(":checked")?.value || 0),
  ]);
  const top = Math.max(0, ...points.map(([, given]) => given));
  const tied = points.filter(([, given]) => given === top).map(([theme]) => theme);
  return top && tied.length >= enoughToOrder ? tied : [];
}

function follow() {
  const answers = sent();
  for (const part of form.querySelectorAll("[data-when]")) {
    const holds = part.dataset.when.split(" ").every((answer) => answers.has(answer));
    part.hidden = !holds && !part.querySelector(".invalid-feedback");
  }
  const suggestions = form.querySelector(".suggestions");
  if (suggestions) {
    suggestions.hidden = !suggestions.querySelector("li:not([hidden])");
  }
  for (const note of form.querySelectorAll("[data-preset]")) {
    note.hidden = note.dataset.preset !== preset.value;
  }
  const button = [...form.querySelectorAll("[data-answers]")].find(({ value }) => value === preset.value);
  const suggested = button?.dataset.answers.split(" ") ?? [];
  for (const mark of form.querySelectorAll(".suggested")) {
    const chosen = mark.closest("[data-theme]").querySelector(":checked");
    mark.hidden = !chosen || !suggested.includes(`${chosen.name}=${chosen.value}`);
  }
  const tied = tiedThemes();
  for (const option of form.querySelectorAll("[data-order] option")) {
    option.disabled = option.value !== "" && !tied.includes(option.value);
  }
  draw();
}

function isCalledFor(step) {
  return !("order" in step.dataset) || tiedThemes().length > 0 || step.querySelector(".invalid-feedback");
}

function stepOf(hash) {
  return document.getElementById(decodeURIComponent(hash.slice(1)))?.closest(".advisor-step");
}

function draw() {
  const asked = steps.filter(isCalledFor);
  if (!asked.includes(current)) current = steps[0];
  for (const step of steps) step.hidden = step !== current;
  const place = asked.indexOf(current);
  current.querySelector(".advisor-progress").textContent = `${place + 1} of ${asked.length}`;
  current.querySelector("[data-move='-1']").hidden = place === 0;
  current.querySelector("[data-move='1']").hidden = place === asked.length - 1;
}

function move(by) {
  const asked = steps.filter(isCalledFor);
  current = asked[asked.indexOf(current) + by];
  draw();
  current.querySelector("h2").focus();
}

function mover(by, label, style) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = style;
  button.dataset.move = by;
  button.textContent = label;
  button.addEventListener("click", () => move(by));
  return button;
}

// Those of one project take little room.
form.querySelector(".suggestions")?.setAttribute("open", "");

for (const step of steps) {
  const progress = document.createElement("span");
  progress.className = "advisor-progress";
  step.querySelector("h2").append(" ", progress);
  step.querySelector(".advisor-step-end").prepend(
    mover(-1, "Back", "btn"),
    mover(1, "Next", "btn btn-primary"),
  );
}

for (const button of form.querySelectorAll("[data-answers]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    for (const answer of button.dataset.answers.split(" ")) {
      const [name, value] = answer.split("=");
      form.querySelector(`[name="${name}"][value="${value}"]`)?.click();
    }
    preset.value = button.value;
    follow();
  });
}

// A message leads to its question, whichever step that is in.
summary?.addEventListener("click", (event) => {
  const step = stepOf(event.target.closest("a")?.hash ?? "");
  if (step) {
    current = step;
    draw();
  }
});

form.addEventListener("change", follow);
// Going back in the browser brings answers back after the page was drawn.
addEventListener("pageshow", follow);
follow();
