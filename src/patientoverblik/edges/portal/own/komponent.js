// <samlet-patientoverblik patient="…" link="…">: the overview inside a record system's page.
//
// For every patient there is a frame of its own. When the record system asks for another patient, the frame of the one
// before is taken away in the same breath, and whatever still comes for it finds no place. A frame is shown only after the
// page in it has said, from our origin, that it is about the patient asked for last.
(function () {
  "use strict";
  var ours = new URL(document.currentScript.src).origin;
  var START = ours + "/indlejret/start";
  var LEAST = 200;
  var WAITING = "Henter overblikket …";
  var FAILED = "Overblikket kunne ikke åbnes. Prøv igen om lidt.";
  var STYLE = ":host{display:block}iframe{border:0;width:100%;display:block}iframe[data-waiting]{position:absolute;" +
    "visibility:hidden;height:0}p{margin:0;padding:16px;font-family:sans-serif}";

  function told(answer) {
    return answer.ok ? answer.text() : Promise.reject(new Error("no link"));
  }

  class SamletPatientoverblik extends HTMLElement {
    static get observedAttributes() { return ["patient"]; }

    constructor() {
      super();
      this.attachShadow({ mode: "open" });
      this.shadowRoot.innerHTML = "<style>" + STYLE + "</style><p role=\"status\" hidden></p>";
      this._says = this.shadowRoot.querySelector("p");
      this._frame = null;
      this._patient = "";
      this._listens = false;
      this._hear = this._hear.bind(this);
      // A record system may set its own way to a link: patient => promise of a link.
      this.linkFor = null;
    }

    connectedCallback() {
      window.addEventListener("message", this._hear);
      this._listens = true;
      this._turn();
    }

    disconnectedCallback() {
      window.removeEventListener("message", this._hear);
      this._listens = false;
      this._clear("");
    }

    attributeChangedCallback(_name, before, after) {
      if (this._listens && before !== after) { this._turn(); }
    }

    // Everything of the patient before is gone when this returns; only then is the next one asked for.
    _turn() {
      var patient = this.getAttribute("patient") || "";
      this._clear(patient ? WAITING : "");
      this._patient = patient;
      if (!patient) { return; }
      var frame = this._frame = this._made();
      this._link(patient).then(this._post.bind(this, frame), this._fail.bind(this, frame));
    }

    _clear(text) {
      if (this._frame) { this._frame.remove(); }
      this._frame = null;
      this._say(text);
    }

    _say(text) {
      this._says.textContent = text;
      this._says.hidden = !text;
    }

    _made() {
      var frame = document.createElement("iframe");
      frame.title = "Samlet patientoverblik";
      frame.name = "overblik-" + window.crypto.randomUUID();
      frame.dataset.waiting = "";
      this.shadowRoot.append(frame);
      return frame;
    }

    _link(patient) {
      if (this.linkFor) { return Promise.resolve().then(() => this.linkFor(patient)); }
      var asked = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ patient: patient }) };
      return window.fetch(this.getAttribute("link"), asked).then(told);
    }

    // The link goes in a form's body, into the frame that it was asked for; if that is gone, it goes nowhere.
    _post(frame, link) {
      if (frame !== this._frame) { return; }
      frame.addEventListener("load", this._greet.bind(this, frame));
      var form = document.createElement("form");
      form.method = "post";
      form.action = START;
      form.target = frame.name;
      form.hidden = true;
      var field = document.createElement("input");
      field.type = "hidden";
      field.name = "link";
      field.value = String(link).trim();
      form.append(field);
      document.body.append(form);
      form.submit();
      form.remove();
    }

    _greet(frame) {
      if (frame === this._frame) { frame.contentWindow.postMessage({ overblik: "hello" }, ours); }
    }

    _hear(event) {
      var frame = this._frame, said = event.data;
      if (!frame || event.source !== frame.contentWindow || event.origin !== ours || !said) { return; }
      if (said.overblik === "shown") { this._show(frame, said); }
      if (said.overblik === "size" && !("waiting" in frame.dataset)) { this._size(frame, said.height); }
      if (said.overblik === "at" && !("waiting" in frame.dataset)) { this._go(frame, said.top); }
      if (said.overblik === "back") { this._announce("overblik-tilbage"); }
    }

    // A page that is about nobody (a refusal) says so; any other names the patient asked for last, or is not shown.
    _show(frame, said) {
      if (!said.nobody && said.ref !== this._patient) { this._fail(frame); return; }
      var first = "waiting" in frame.dataset;
      delete frame.dataset.waiting;
      this._say("");
      this._size(frame, said.height);
      if (first) { this._announce(said.nobody ? "overblik-fejl" : "overblik-vist"); }
    }

    _size(frame, height) {
      var most = Number(this.getAttribute("max-height")) || Infinity;
      if (Number.isFinite(height)) { frame.style.height = Math.min(Math.max(height, LEAST), most) + "px"; }
    }

    _go(frame, top) {
      if (Number.isFinite(top)) { window.scrollTo(0, window.scrollY + frame.getBoundingClientRect().top + top); }
    }

    _fail(frame) {
      if (frame !== this._frame) { return; }
      this._clear(FAILED);
      this._announce("overblik-fejl");
    }

    _announce(name) {
      this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail: { patient: this._patient } }));
    }
  }

  window.customElements.define("samlet-patientoverblik", SamletPatientoverblik);
})();
