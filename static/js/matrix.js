// Progressive help: rows of the matrix open, save and close in place. Every
// address is that of a link or form of the page, which works without this.
const table = document.getElementById("matrix");
const status = document.getElementById("matrix-status");

const openForm = () => table.querySelector(".matrix-form");
// What asks before the page is left (leaving.js) knows.
const isDirty = () => !dispatchEvent(new Event("beforeunload", { cancelable: true }));
const mayDiscard = () => !isDirty() || confirm("Discard what you typed in the open row?");

function say(text) {
  status.textContent = text;
}

function prepare(form) {
  form.querySelector(".matrix-source")?.removeAttribute("hidden");
}

function focusOn(form) {
  const first = form.querySelector("[type=radio]:checked") ?? form.querySelector("[type=radio]");
  (form.querySelector("[aria-invalid=true]") ?? first)?.focus();
}

// Ask for the rows that change, and exchange them. What is typed stays if that fails.
async function load(address, options = {}) {
  let response, page;
  try {
    response = await fetch(address, {
      ...options,
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    say("The server was not reached. What you typed is still here; try again.");
    return;
  }
  const rows = page.querySelectorAll("tr[id]");
  if (rows.length === 0) {
    // Another tab signed in meanwhile: its page brings the token of today.
    const token = page.querySelector("[name=csrfmiddlewaretoken]");
    if (token && openForm()) openForm().elements.csrfmiddlewaretoken.value = token.value;
    const hint = { 401: "Sign in again in another tab, then save here.", 403: "Save again." };
    say(`Nothing was saved or opened (${response.status}). ${hint[response.status] ?? ""} What you typed is still here.`);
    return;
  }
  for (const row of rows) {
    const fresh = document.importNode(row, true);
    document.getElementById(row.id).replaceWith(fresh);
    // The admin's autocomplete listens for this.
    fresh.dispatchEvent(new CustomEvent("formset:added", { bubbles: true }));
  }
  status.replaceChildren(...page.getElementById("matrix-status").children);
  history.replaceState(null, "", response.url);
  if (openForm()) {
    prepare(openForm());
    focusOn(openForm());
    openForm().closest("tr").scrollIntoView({ block: "nearest" });
  } else {
    document.getElementById(rows[0].id).querySelector(".matrix-edit").focus();
  }
}

function open(link) {
  if (!mayDiscard()) return;
  const address = new URL(link.href);
  const other = openForm()?.closest("tr").id;
  if (other) address.searchParams.set("close", other);
  load(address);
}

async function save(form, button) {
  if (form.ariaBusy === "true") return;
  const data = new URLSearchParams(new FormData(form));
  data.append(button.name, button.value);
  form.ariaBusy = "true";
  await load(form.action, { method: "POST", body: data });
  form.ariaBusy = "false";
}

// Say whether the source is known, and ask what it is if not.
async function lookUp(field) {
  const form = field.form;
  const found = form.querySelector(".matrix-found");
  const isNew = form.querySelector(".matrix-new-source");
  const address = field.value.trim();
  // Leaving the field after pasting must not move what the pointer is on.
  if (address === field.dataset.asked) return;
  field.dataset.asked = address;
  // It is another source than that of the row before, and so another place in it.
  const { "new-same": same, "new-locator": place } = form.elements;
  if (same?.checked) {
    if (place.value === place.defaultValue) place.value = "";
    same.checked = false;
  }
  found.hidden = true;
  if (!address) {
    isNew.hidden = true;
    return;
  }
  const query = new URLSearchParams({ url: address });
  const response = await fetch(`${table.dataset.sourceAddress}?${query}`).catch(() => null);
  if (!response?.ok) delete field.dataset.asked;
  if (!response?.ok || address !== field.value.trim()) return;
  const { title } = await response.json();
  found.hidden = false;
  found.textContent = title ? `Source: ${title}` : "No source has this address yet.";
  isNew.hidden = title !== null;
}

function move(link, step) {
  const links = [...table.querySelectorAll(".matrix-edit")];
  links[links.indexOf(link) + step]?.focus();
}

table.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest(".matrix-edit, .matrix-cancel");
  if (!link) return;
  event.preventDefault();
  if (link.matches(".matrix-edit")) open(link);
  else if (mayDiscard()) load(link.href);
});

table.addEventListener("submit", (event) => {
  event.preventDefault();
  save(event.target, event.submitter ?? event.target.querySelector(".default"));
});

table.addEventListener("change", (event) => {
  if (event.target.matches("[name=new-address]")) lookUp(event.target);
});

table.addEventListener("input", (event) => {
  if (event.inputType === "insertFromPaste" && event.target.matches("[name=new-address]")) {
    lookUp(event.target);
  }
});

table.addEventListener("keydown", (event) => {
  const link = event.target.closest(".matrix-edit");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (link && step) {
    event.preventDefault();
    move(link, step);
  } else if (event.key === "Escape" && openForm() && mayDiscard()) {
    load(openForm().querySelector(".matrix-cancel").href);
  } else if (event.key === "Enter" && event.ctrlKey && openForm()) {
    openForm().requestSubmit();
  }
});

if (openForm()) {
  prepare(openForm());
  // The browser first goes to the row that the address names.
  addEventListener("load", () => setTimeout(() => focusOn(openForm())));
}
