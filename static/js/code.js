// Progressive help: the code of a private link, which no browser sends, is typed in.
const form = document.getElementById("code-form");
// The code whose page this is already; none on the page that asks for one.
const kept = form.dataset.open.split("#")[1];

function open() {
  const code = location.hash.slice(1);
  if (!/^[\w-]{24}$/.test(code) || code === kept) return;
  form.elements.code.value = code;
  form.submit();
}

addEventListener("hashchange", open);
if (!document.getElementById("wrong-code")) open();
