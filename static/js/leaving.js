// Progressive help: whoever leaves a form with something unsaved is asked first.
addEventListener("load", () => {
  const form = document.querySelector("#content-main form[method=post]");
  if (!form) return;
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  // What was refused is not saved either.
  let stored = form.querySelector(".errornote") ? "" : typed();
  form.addEventListener("submit", (event) => {
    // A preview opens beside it, and stores nothing.
    if (event.submitter?.name !== "_preview") stored = null;
  });
  addEventListener("beforeunload", (event) => {
    if (stored !== null && typed() !== stored) event.preventDefault();
  });
});
