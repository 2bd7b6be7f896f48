/* Remembers the choices of the version for the elderly (适老版) in this browser, and adds what only a script can do:
   a ruler that follows the eye, and reading aloud. Runs where it stands, before the page below it is drawn. */
(function () {
  "use strict";
  var KEY = "mz-care", fields = Array.from(document.querySelectorAll(".care input"));
  var ruler = null, button = document.querySelector("[data-care-read]"), voices = window.speechSynthesis, queue = [], spoken = null;

  try {
    var kept = JSON.parse(localStorage.getItem(KEY) || "null");
    if (Array.isArray(kept)) fields.forEach(function (field) { field.checked = kept.indexOf(field.id) >= 0; });
  } catch (e) { /* a private window: the choice lasts for this page */ }

  function on(id) { return document.getElementById("care").checked && document.getElementById(id).checked; }
  function changed() {
    var chosen = fields.filter(function (field) { return field.checked; }).map(function (field) { return field.id; });
    try { localStorage.setItem(KEY, JSON.stringify(chosen)); } catch (e) { /* as above */ }
    if (!document.getElementById("care").checked) stop();
  }
  fields.forEach(function (field) { field.addEventListener("change", changed); });
  document.querySelectorAll("[data-care-script]").forEach(function (part) { part.hidden = false; });

  function rule(y) {
    if (!on("care-ruler")) return;
    if (!ruler) {
      ruler = document.createElement("div");
      ruler.className = "care-ruler";
      ruler.setAttribute("aria-hidden", "true");
      document.body.append(ruler);
    }
    ruler.style.top = y + "px";
  }
  document.addEventListener("pointermove", function (event) { rule(event.clientY); });
  document.addEventListener("focusin", function (event) {
    var box = event.target.getBoundingClientRect();
    rule(box.top + Math.min(box.height, 60) / 2);
  });

  function mark(element) {
    if (spoken) spoken.classList.remove("care-spoken");
    spoken = element;
    if (!element) return;
    element.classList.add("care-spoken");
    element.scrollIntoView({ block: "nearest" });
  }
  function stop() {
    queue = [];
    if (voices) voices.cancel();
    mark(null);
    if (button) { button.setAttribute("aria-pressed", "false"); button.textContent = "朗读本页"; }
  }
  function next() {
    var part = queue.shift();
    if (!part) { stop(); return; }
    var words = new SpeechSynthesisUtterance(part.text);
    words.lang = "zh-CN";
    words.rate = 0.9;
    words.onend = function () { if (button.getAttribute("aria-pressed") === "true") next(); };
    mark(part.element);
    voices.speak(words);
  }
  function parts() {
    var chosen = String(window.getSelection());
    if (chosen.trim()) return [{ text: chosen, element: null }];
    var blocks = "h1,h2,h3,h4,h5,h6,p,li,dt,dd,th,td,figcaption,caption,summary";
    return Array.from(document.querySelectorAll("main :is(" + blocks + ")")).filter(function (block) {
      return !block.querySelector(blocks) && block.checkVisibility() && block.innerText.trim();
    }).map(function (block) { return { text: block.innerText, element: block }; });
  }
  if (button && voices && window.SpeechSynthesisUtterance) {
    var offer = function () {
      button.hidden = !voices.getVoices().some(function (voice) { return /^zh|^cmn/i.test(voice.lang); });
    };
    offer();
    voices.addEventListener("voiceschanged", offer);
    button.addEventListener("click", function () {
      if (button.getAttribute("aria-pressed") === "true") { stop(); return; }
      queue = parts();
      button.setAttribute("aria-pressed", "true");
      button.textContent = "停止朗读";
      next();
    });
    window.addEventListener("pagehide", stop);
  }
})();
