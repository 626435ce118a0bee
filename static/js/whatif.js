// Progressive help: ranks again in the browser while points are changed.
// The rules are those of advisor/ranking/order.py; the numbers stand in the page.
// Who is less than so many points behind shares the place.
const LEVEL = 1;
const data = JSON.parse(document.getElementById("what-if-data").textContent);
const form = document.getElementById("what-if-form");
const panel = document.getElementById("what-if-ranking");
const list = panel.querySelector("ol");
const blank = panel.querySelector("template").content.firstElementChild;
const rows = new Map(data.frameworks.map((framework) => [framework.slug, rowOf(framework)]));
const stored = order(data.points);

function rowOf(framework) {
  const row = blank.cloneNode(true);
  row.querySelectorAll("span")[1].textContent = framework.name;
  return row;
}

function chosenPoints() {
  const points = { ...data.points };
  for (const [question, options] of Object.entries(data.added)) {
    const value = form.elements[question].value;
    for (const [theme, added] of Object.entries(options[value] ?? {})) {
      points[theme] = (points[theme] ?? 0) + added;
    }
  }
  return points;
}

function order(points) {
  const total = Object.values(points).reduce((sum, given) => sum + given, 0);
  const standings = data.frameworks.map((framework) => {
    const sums = [0, 0, 0];
    for (const [theme, given] of Object.entries(points)) {
      // What is known for certain is written once.
      const [low, high = low, known = 1] = framework.values[theme] ?? [0, 0, 0];
      [low, high, known].forEach((value, column) => (sums[column] += (given / total) * value));
    }
    const [low, high, coverage] = sums;
    const score = 50 * (low + high);
    const shown = Math.floor(score + 0.5 + 1e-9);
    return { ...framework, low: 100 * low, high: 100 * high, coverage, score, shown };
  });
  standings.sort(
    (a, b) =>
      (a.tier !== "fits") - (b.tier !== "fits") ||
      differ(b.score, a.score) ||
      differ(b.coverage, a.coverage) ||
      differ(b.low, a.low) ||
      (a.name < b.name ? -1 : 1),
  );
  let first;
  standings.forEach((standing, index) => {
    const isLevel = first?.tier === standing.tier && first.score - standing.score < LEVEL - 1e-9;
    if (!isLevel) first = standing;
    standing.rank = isLevel ? first.rank : index + 1;
  });
  return standings;
}

// Rounded, so that the order of summation cannot decide a tie.
function differ(one, other) {
  return Math.abs(one - other) < 1e-9 ? 0 : one - other;
}

function draw() {
  const points = chosenPoints();
  const hasSignal = Object.values(points).some((given) => given > 0);
  const before = new Map(stored.map((standing) => [standing.slug, standing]));
  list.hidden = !hasSignal;
  if (!hasSignal) {
    say("Every point is 0, so there is nothing to rank by.");
    return;
  }
  const standings = order(points);
  for (const standing of standings) {
    const row = rows.get(standing.slug);
    const [rank, , score, was] = row.querySelectorAll("span");
    rank.textContent = standing.rank;
    score.textContent = standing.shown;
    was.textContent = `was ${before.get(standing.slug).shown}`;
    row.querySelector(".bar-interval").setAttribute("width", `${standing.high}%`);
    row.querySelector(".bar-floor").setAttribute("width", `${standing.low}%`);
    row.querySelector(".bar-score").setAttribute("x", `${standing.score}%`);
    list.append(row);
  }
  const first = standings.filter((standing) => standing.rank === 1);
  const names = first.map((standing) => standing.name).join(" and ");
  say(`${names} ${first.length > 1 ? "share" : "takes"} the first place with ${first[0].shown} points.`);
}

function say(sentence) {
  panel.querySelector("[role=status]").textContent = sentence;
}

form.addEventListener("change", draw);
// The fields have their first values again only after the event.
form.addEventListener("reset", () => setTimeout(draw));
form.querySelector("[type=reset]").hidden = false;
panel.hidden = false;
draw();
