/* Comforts only: every page reads and works without this file. */
(function () {
  "use strict";
  var body = document.querySelector("[data-body]");
  var sizes = document.querySelectorAll("button[data-size]");
  var KEY = "mz-text-size";

  function recall() {
    try { return localStorage.getItem(KEY) || "m"; } catch (e) { return "m"; }
  }
  function resize(size) {
    body.setAttribute("data-size", size);
    sizes.forEach(function (b) {
      b.setAttribute("aria-pressed", String(b.getAttribute("data-size") === size));
    });
    try { localStorage.setItem(KEY, size); } catch (e) { /* private windows refuse; the choice then lasts one page */ }
  }
  if (body && sizes.length) {
    sizes.forEach(function (b) {
      b.addEventListener("click", function () { resize(b.getAttribute("data-size")); });
    });
    sizes[0].parentNode.hidden = false;
    resize(recall());
  }

  document.querySelectorAll("[data-print]").forEach(function (b) {
    b.hidden = false;
    b.addEventListener("click", function () { window.print(); });
  });

  /* One reading is told when the page is looked at for the first time; nothing about the reader goes with it. */
  function tell() {
    var place = document.querySelector("[data-views-id]");
    fetch("/-/views?page=" + encodeURIComponent(location.pathname), {
      method: "POST", credentials: "omit", referrerPolicy: "no-referrer", keepalive: true
    })
      .then(function (answer) { return place && answer.status === 200 ? answer.json() : null; })
      .then(function (data) {
        if (data && typeof data.views === "number") {
          place.textContent = "浏览次数：" + data.views;
          place.hidden = false;
        }
      })
      .catch(function () { /* the counter is an ornament: without it nothing is shown */ });
  }
  function whenSeen() {
    if (document.visibilityState === "hidden") { return; }
    document.removeEventListener("visibilitychange", whenSeen);
    tell();
  }
  document.addEventListener("visibilitychange", whenSeen); /* opened behind another page, or fetched ahead */
  whenSeen();

  /* An urgent notice of the city, above every page; homes carry it in themselves. */
  if (!document.querySelector(".city-notice")) {
    fetch("/notice.json", { credentials: "omit" })
      .then(function (answer) { return answer.ok ? answer.json() : []; })
      .then(function (notices) {
        var main = document.getElementById("main");
        notices.forEach(function (notice) {
          var line = document.createElement("p"), text = line;
          line.className = "city-notice";
          line.setAttribute("role", "alert");
          if (notice.url) { text = line.appendChild(document.createElement("a")); text.href = notice.url; }
          text.textContent = notice.text;
          main.insertBefore(line, main.firstChild);
        });
      })
      .catch(function () { /* the notice is on every home as well */ });
  }

  /* A QR code left open would cover the text; Escape and a click elsewhere close it. */
  var qr = document.querySelector("details.qr");
  if (qr) {
    document.addEventListener("keydown", function (e) {
      if (e.key === "Escape" && qr.open) { qr.open = false; qr.querySelector("summary").focus(); }
    });
    document.addEventListener("click", function (e) {
      if (qr.open && !qr.contains(e.target)) { qr.open = false; }
    });
  }
})();
