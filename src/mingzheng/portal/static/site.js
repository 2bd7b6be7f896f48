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

  /* Suggestions below a search box of this site: arrows choose, Enter asks, Escape closes. */
  document.querySelectorAll('form.search[action="/search/"] input[name="q"]').forEach(function (box) {
    var list = document.createElement("ul");
    var chosen = -1, waiting = 0, asked = 0;
    list.className = "search-offers";
    list.id = box.id + "-offers";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "搜索建议");
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.parentNode.appendChild(list);
    if (!box.value && location.pathname === "/search/") {
      box.value = new URLSearchParams(location.search).get("q") || "";
    }

    function close() {
      list.hidden = true;
      chosen = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    }
    function take(text) { box.value = text; close(); box.form.submit(); }
    function show(texts) {
      list.textContent = "";
      texts.forEach(function (text, place) {
        var line = document.createElement("li");
        line.id = list.id + "-" + place;
        line.textContent = text;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", "false");
        line.addEventListener("mousedown", function (e) { e.preventDefault(); take(text); });
        list.appendChild(line);
      });
      close();
      list.hidden = texts.length === 0;
      box.setAttribute("aria-expanded", String(!list.hidden));
    }
    function choose(place) {
      var lines = list.children;
      chosen = (place + lines.length) % lines.length;
      Array.prototype.forEach.call(lines, function (line, each) {
        line.setAttribute("aria-selected", String(each === chosen));
      });
      box.setAttribute("aria-activedescendant", lines[chosen].id);
    }
    function ask() {
      var text = box.value.trim(), mine = ++asked;
      if (!text || text.length > 60) { show([]); return; }
      fetch("/search/suggest.json?q=" + encodeURIComponent(text), { credentials: "omit" })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(function (data) {
          if (mine === asked && document.activeElement === box) { show(data && Array.isArray(data.suggestions) ? data.suggestions : []); }
        })
        .catch(function () { close(); });
    }
    box.addEventListener("input", function (e) {
      if (e.isComposing) { return; }
      clearTimeout(waiting);
      waiting = setTimeout(ask, 120);
    });
    box.addEventListener("compositionend", ask);
    box.addEventListener("blur", close);
    box.addEventListener("keydown", function (e) {
      if (e.isComposing || list.hidden) { return; }
      if (e.key === "ArrowDown") { e.preventDefault(); choose(chosen + 1); }
      else if (e.key === "ArrowUp") { e.preventDefault(); choose(chosen < 0 ? -1 : chosen - 1); }
      else if (e.key === "Escape") { e.preventDefault(); close(); }
      else if (e.key === "Enter" && chosen >= 0) { e.preventDefault(); take(list.children[chosen].textContent); }
    });
  });

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
