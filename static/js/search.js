// Progressive help: “/” goes to the search field.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable], dialog")) return;
  event.preventDefault();
  document.querySelector(".site-header [type=search]").focus();
});
