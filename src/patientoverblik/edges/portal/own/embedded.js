// A page that stands in a record system: it tells the page around it what it shows, how tall it is, and that the reader
// wants back. It speaks with the origins of that record system alone, and only with the page that frames it.
(function () {
  "use strict";
  var body = document.body;
  var hosts = body.dataset.hosts.split(" ");
  var around = window.parent;
  var heard = "";
  if (around === window) { return; }
  // A window of its own is closed by its reader; a frame is taken away by the page around it.
  document.querySelectorAll("[data-end]").forEach(function (end) { end.hidden = true; });
  function say(kind, more) {
    if (heard) { around.postMessage(Object.assign({ overblik: kind }, more), heard); }
  }
  function height() {
    return Math.ceil(document.querySelector("footer").getBoundingClientRect().bottom + window.scrollY);
  }
  function introduce(origin) {
    heard = origin;
    var back = document.querySelector("[data-back]");
    if (back) { back.hidden = false; }
    say("shown", { ref: body.dataset.ref, nobody: "nobody" in body.dataset, height: height() });
  }
  window.addEventListener("message", function (event) {
    if (event.source !== around || hosts.indexOf(event.origin) < 0) { return; }
    if (event.data && event.data.overblik === "hello") { introduce(event.origin); }
  });
  document.addEventListener("click", function (event) {
    if (!heard || !event.target.closest("[data-back]")) { return; }
    event.preventDefault();
    say("back");
  });
  // A frame as tall as its page has nothing to scroll: the page around it must go to where a link on the page leads.
  function follow() {
    var target = document.getElementById(window.location.hash.slice(1));
    if (target) { say("at", { top: target.getBoundingClientRect().top }); }
  }
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#']");
    if (link && link.hash === window.location.hash) { follow(); }
  });
  new ResizeObserver(function () { say("size", { height: height() }); }).observe(body);
  // A browser that names the page around it need not wait to be spoken to.
  var first = window.location.ancestorOrigins && window.location.ancestorOrigins[0];
  if (first && hosts.indexOf(first) >= 0) { introduce(first); }
})();
