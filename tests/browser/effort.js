// Writes down what a person does: one entry for each click, for each run of typing
// in one field, and for each command by a key, with how often a key or button went
// down. The storage of the tab keeps the entries from page to page.
if (location.protocol.startsWith("http")) {
  const fields = "input:not([type=radio], [type=checkbox], [type=submit]), select, textarea";
  const modifiers = ["Alt", "Control", "Meta", "Shift"];
  let pressed = 0;

  const record = (how, what, presses) => {
    const deeds = JSON.parse(sessionStorage.getItem("deeds") ?? "[]");
    const last = deeds.at(-1);
    if (how === "type" && last?.how === how && last.what === what) last.presses += presses;
    else deeds.push({ how, what, presses });
    sessionStorage.setItem("deeds", JSON.stringify(deeds));
  };

  const writes = ({ ctrlKey, key, target }) => {
    if (!target.matches(fields)) return false;
    if (ctrlKey) return ["a", "v", "x", "z"].includes(key);
    return key.length === 1 || key === "Backspace" || key === "Delete"
      || (key === "Enter" && target.matches("textarea"));
  };

  addEventListener("mousedown", (event) => {
    if (!event.isTrusted) return;
    const part = event.target.closest("a, button, input, label, select, summary, textarea");
    const control = part?.control ?? part;
    record("click", control?.name || control?.firstChild?.textContent.trim() || "the page", 1);
  }, true);

  addEventListener("keydown", (event) => {
    if (!event.isTrusted || event.repeat) return;
    pressed += 1;
    if (modifiers.includes(event.key)) return;
    if (writes(event)) record("type", event.target.name, pressed);
    else record("press", event.key, pressed);
    pressed = 0;
  }, true);
}
