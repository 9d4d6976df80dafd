// Small helps that the pages also do without: a print button, showing one sector at a time, and a warning two minutes before
// the session ends (WCAG 2.2.1). What is filtered away on the screen is still printed.
(function () {
  "use strict";
  var WARN_BEFORE = 120;
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  document.querySelectorAll("[data-filter]").forEach(function (filter) {
    var lines = filter.parentNode.querySelectorAll("li[data-lane]");
    filter.hidden = false;
    filter.querySelector("select").addEventListener("change", function (event) {
      var shown = 0;
      lines.forEach(function (line) {
        var away = event.target.value !== "" && line.dataset.lane !== event.target.value;
        line.classList.toggle("filtered-away", away);
        shown += away ? 0 : 1;
      });
      filter.querySelector("[role=status]").textContent = "Viser " + shown + " af " + lines.length;
    });
  });
  var left = Number(document.body.dataset.secondsLeft || 0);
  var warning = document.getElementById("leave-warning");
  if (left > 0 && warning) {
    window.setTimeout(function () { warning.hidden = false; }, Math.max(0, left - WARN_BEFORE) * 1000);
    window.setTimeout(function () { window.location.assign("/"); }, left * 1000);
  }
})();
