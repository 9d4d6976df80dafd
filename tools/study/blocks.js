// What stands in view on a page, in reading order: each line once, headings with their level, folds that can be opened.
() => {
  const away = ".jump, .search-all, .filter, .print-head, nav, .news";
  const whole = ".row-line, .person";
  const parts = "p, summary, li, tr, dl > div, h1, h2, h3, [role=heading]";
  const folds = Array.from(document.querySelectorAll("main details"));
  const found = [];
  document.querySelectorAll(`main :is(${whole}, ${parts})`).forEach((each) => {
    const inside = each.parentElement.closest(whole);
    const holds = each.querySelector(`${whole}, ${parts}`);
    if (!each.getClientRects().length || each.closest(away) || inside || (holds && !each.matches(whole))) { return; }
    if (each.parentElement.closest("[role=heading], h1, h2, h3, summary")) { return; }
    const fold = each.matches("summary") ? each.parentElement : each.querySelector("details:not([open])");
    const box = each.getBoundingClientRect();
    const level = each.matches("h1, h2, h3, [role=heading]")
      ? Number(each.getAttribute("aria-level") || each.tagName.slice(1)) : 0;
    found.push({
      text: each.innerText, level: level, top: box.top + window.scrollY, bottom: box.bottom + window.scrollY,
      fold: fold && !fold.open ? folds.indexOf(fold) : -1,
    });
  });
  return found;
}
