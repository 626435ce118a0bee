// Progressive help: a button copies the field or the code that it names.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copies]")) {
    const field = document.getElementById(button.dataset.copies);
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select?.();
      await navigator.clipboard.writeText(field.value ?? field.textContent);
      button.textContent = "Copied";
    });
  }
}
