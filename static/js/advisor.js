// Progressive help: after a refused form the keyboard starts at the summary.
document.getElementById("error-summary")?.focus();
