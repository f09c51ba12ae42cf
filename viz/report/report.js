"use strict";
// Light or dark by hand; the reader's own preference stays the start.
const root = document.documentElement;
const button = document.getElementById("theme");
button.hidden = false;
button.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
// A link to a folded section opens it.
function unfold() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const details = target && target.querySelector("details");
  if (details) details.open = true;
}
addEventListener("hashchange", unfold);
unfold();
