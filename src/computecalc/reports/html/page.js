"use strict";
(() => {
  const root = document.documentElement;
  const toggle = document.getElementById("theme");
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const named = () => { toggle.textContent = isDark() ? "Light theme" : "Dark theme"; };
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; named(); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", named);
    named();
  }
  // A link to a folded step opens what it lies in.
  const reveal = () => {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
  // Paper cannot be unfolded: all is open while it is printed, and as it was afterwards.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of folded) each.open = false; folded = []; });
})();
