// Progressive help: what select2 shows in place of a field is called as the field is.
const PARTS = ".select2-selection__rendered[role], .select2-selection--multiple, .select2-search__field";

function nameOf(select) {
  const column = [...select.closest("td")?.classList ?? []].find((name) => name.startsWith("field-"));
  const heading = column && select.closest("table").querySelector(`.${column.replace("field", "column")}`);
  return (select.labels[0] ?? heading)?.textContent.trim().replace(/:$/, "");
}

function name() {
  for (const part of document.querySelectorAll(PARTS)) {
    if (part.ariaLabel) continue;
    // What one searches in stands at the end of the page, and is open alone.
    const box = part.closest(".select2-container:not(.select2-container--open > *)");
    const select = box?.previousElementSibling;
    part.ariaLabel = (select?.labels && nameOf(select)) || "Search";
  }
}

new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
