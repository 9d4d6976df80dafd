// Small helps that the pages also do without: a print button, showing one sector at a time, a search over everything on the
// page, and a warning two minutes before the session ends (WCAG 2.2.1). What is filtered away on the screen is still printed.
(function () {
  "use strict";
  var WARN_BEFORE = 120;
  var LONGEST_WAIT = 3600000;
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  // What is new since the last visit is told on its line too, with what it said before; what a plan no longer has, on the plan.
  document.querySelectorAll(".news li").forEach(function (item) {
    var link = item.querySelector("a");
    var line = link && link.hash && document.getElementById(link.hash.slice(1));
    var words = line && line.querySelector(".row-words");
    if (!words) { return; }
    var beside = item.querySelector(".before-now");
    var mark = document.createElement("div");
    mark.className = "changed";
    mark.textContent = ("gone" in item.dataset ? link.textContent + ": " : "") + item.querySelector(".row-facts-line").textContent;
    if (beside) { mark.append(beside.cloneNode(true)); }
    words.after(mark);
  });
  // On a narrow screen what much is said of stands behind its name; what is warned of or new does not, nor where a link leads.
  var narrow = window.matchMedia("(max-width: 767px)");
  var cells = document.querySelectorAll("details.cell");
  function unfold() { cells.forEach(function (cell) { cell.open = true; }); }
  if (narrow.matches) {
    cells.forEach(function (cell) { cell.open = Boolean(cell.querySelector(".changed, :target")); });
  }
  narrow.addEventListener("change", unfold);
  window.addEventListener("beforeprint", unfold);
  function openTo(line) {
    for (var fold = line && line.closest("details"); fold; fold = fold.parentElement.closest("details")) { fold.open = true; }
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#']");
    openTo(link && document.getElementById(link.hash.slice(1)));
  });
  document.querySelectorAll(".jump a").forEach(function (link) {
    link.addEventListener("click", function () { link.closest("details").open = false; });
  });
  document.querySelectorAll("[data-filter]").forEach(function (filter) {
    var part = filter.closest(".part");
    var lines = part.querySelectorAll("li[data-lane]");
    var chosen = filter.querySelectorAll("select");
    function isAway(line) {
      return Array.from(chosen).some(function (select) {
        var has = line.dataset[select.dataset.by];
        if (!select.value || has === undefined) { return false; }
        return select.dataset.by === "problem" ? has.split(" ").indexOf(select.value) < 0 : has !== select.value;
      });
    }
    filter.hidden = false;
    filter.addEventListener("change", function () {
      var shown = 0;
      var on = Array.from(chosen).some(function (select) { return select.value; });
      part.querySelectorAll("tr[data-problem]").forEach(function (row) { row.classList.toggle("filtered-away", isAway(row)); });
      lines.forEach(function (line) {
        var away = isAway(line);
        line.classList.toggle("filtered-away", away);
        shown += away || line.closest("tr.filtered-away") ? 0 : 1;
        var fold = line.closest("details.fold, details.cell");
        if (fold && on && !away) { fold.open = true; }
      });
      filter.querySelector("[role=status]").textContent = "Viser " + shown + " af " + lines.length;
    });
  });
  document.querySelectorAll("[data-search]").forEach(function (box) {
    var field = box.querySelector("input");
    var found = "main .row-line, main .person, main .timeline > li, main .document-list > li, main .sources > li, main .stamkort tbody tr";
    var lines = Array.from(document.querySelectorAll(found)).filter(function (line) { return !line.closest(".news"); });
    function isAway(line) { return line.classList.contains("filtered-away"); }
    function has(line, asked) { return line.textContent.toLocaleLowerCase("da").indexOf(asked) >= 0; }
    // Who searches for a problem is shown its goals and interventions too.
    function isOfProblem(line, asked) {
      var row = line.closest("tr[data-problem]");
      var problem = row && row.querySelector("th .row-line .row-words");
      return Boolean(problem) && has(problem, asked);
    }
    box.hidden = false;
    field.addEventListener("input", function () {
      var asked = field.value.trim().toLocaleLowerCase("da");
      var shown = 0;
      lines.forEach(function (line) {
        var away = asked.length > 1 && !has(line, asked) && !isOfProblem(line, asked);
        line.classList.toggle("filtered-away", away);
        shown += away ? 0 : 1;
        if (asked.length > 1 && !away) { openTo(line.parentElement); }
      });
      document.querySelectorAll("main .part, main .series, main .difference, main tr[data-problem]").forEach(function (part) {
        var inside = lines.filter(function (line) { return part.contains(line); });
        part.classList.toggle("emptied", inside.length > 0 && inside.every(isAway));
      });
      box.querySelector("[role=status]").textContent = asked.length < 2 ? "" : shown
        ? "Viser " + shown + " af " + lines.length : "Ingen linjer på siden har det ord. Det kan stå i dokumenterne.";
    });
  });
  var warning = document.querySelector("#leave-warning form");
  var timers = [];
  function count(left) {
    timers.forEach(window.clearTimeout);
    warning.hidden = true;
    timers = [
      window.setTimeout(function () { warning.hidden = false; }, Math.max(0, left - WARN_BEFORE) * 1000),
      window.setTimeout(leave, left * 1000)
    ];
  }
  function leave() { document.body.hidden = true; window.location.assign(document.body.dataset.leave); }
  if (warning && document.body.dataset.secondsLeft) {
    count(Number(document.body.dataset.secondsLeft));
    warning.addEventListener("submit", function (event) {
      event.preventDefault();
      window.fetch(warning.action, { method: "POST", body: new URLSearchParams(new FormData(warning)) })
        .then(function (answer) { return answer.ok ? answer.json() : Promise.reject(); })
        .then(function (told) { count(told.seconds); }, leave);
    });
  }
  // What is shown is asked for anew when its permit ends, also after a sleep; that nobody asked for it themselves is said
  // in the address, so that it does not keep the session alive. A page kept by the browser is never shown.
  var permit = Number(document.body.dataset.permitSeconds || 0);
  var over = Date.now() + permit * 1000;
  var waiting;
  function askAnew() {
    window.clearTimeout(waiting);
    if (Date.now() >= over) {
      document.body.hidden = true;
      window.history.replaceState(null, "", window.location.pathname + "?igen=1" + window.location.hash);
      window.location.reload();
    }
    else { waiting = window.setTimeout(askAnew, Math.min(over - Date.now(), LONGEST_WAIT)); }
  }
  if (permit) {
    askAnew();
    document.addEventListener("visibilitychange", askAnew);
  }
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { document.body.hidden = true; window.location.reload(); }
  });
})();
