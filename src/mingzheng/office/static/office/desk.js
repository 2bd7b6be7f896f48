/* The desk's own parts of the page: column tree, search for a document, attachments, checks, and a copy of what is
   being written, kept in this browser in case the session or the line is lost. */
(function () {
  "use strict";

  function token() {
    var field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }
  function el(name, text, attributes) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    return made;
  }
  function changed(input) {
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function columnPicker(root) {
    var input = root.querySelector("input[type=hidden]"), dialog = root.querySelector("[data-dialog]");
    var tree = root.querySelector("[data-tree]"), search = root.querySelector("[data-search]");
    var open = root.querySelector("[data-open]"), loaded = false;
    if (!open) return;

    function choose(node, place) {
      input.value = node.id;
      root.querySelector("[data-chosen]").textContent = place;
      var asks = root.querySelector("[data-asks]");
      asks.replaceChildren(el("p", node.asks));
      if (node.elements.length) asks.append(el("p", "公开要素：" + node.elements.join("、")));
      if (node.points.length) asks.append(el("p", "考察点：" + node.points.join("；")));
      if (node.cycle) asks.append(el("p", "更新周期：" + node.cycle));
      asks.hidden = false;
      dialog.close();
      changed(input);
    }
    function draw(nodes, above) {
      var list = el("ul");
      nodes.forEach(function (node) {
        var place = above ? above + " / " + node.name : node.name;
        var item = el("li", "", { "data-words": (node.name + node.code + node.asks + node.elements.join("")).toLowerCase() });
        if (node.children.length) {
          var group = el("details");
          group.append(el("summary", node.name));
          group.append(draw(node.children, place));
          item.append(group);
        } else {
          var pick = el("button", node.name, { type: "button", title: node.asks });
          pick.append(el("small", node.cycle || ""));
          pick.addEventListener("click", function () { choose(node, place); });
          item.append(pick);
        }
        list.append(item);
      });
      return list;
    }
    function filter() {
      var words = search.value.trim().toLowerCase();
      tree.querySelectorAll("li").forEach(function (item) {
        var self = !words || item.dataset.words.includes(words);
        var below = Array.prototype.some.call(item.querySelectorAll("li"), function (each) { return each.dataset.words.includes(words); });
        var above = item.parentElement.closest("li");
        item.hidden = !(self || below || (above && words && above.dataset.words.includes(words)));
        var group = item.querySelector(":scope > details");
        if (group) group.open = !!words && !item.hidden;
      });
    }
    open.addEventListener("click", function () {
      dialog.showModal();
      search.focus();
      if (loaded) return;
      loaded = true;
      tree.textContent = "正在读取……";
      fetch(root.dataset.source, { headers: { Accept: "application/json" } })
        .then(function (answer) { return answer.json(); })
        .then(function (data) { tree.replaceChildren(draw(data.columns, "")); filter(); })
        .catch(function () { loaded = false; tree.textContent = "公开目录没有读取成功，请关闭后重试。"; });
    });
    root.querySelector("[data-close]").addEventListener("click", function () { dialog.close(); });
    search.addEventListener("input", filter);
    search.addEventListener("keydown", function (event) { if (event.key === "Enter") event.preventDefault(); });
  }

  function documentPicker(root) {
    var input = root.querySelector("input[type=hidden]"), search = root.querySelector("[data-search]");
    var found = root.querySelector("[data-found]"), chosen = root.querySelector("[data-chosen]"), clear = root.querySelector("[data-clear]"), timer;
    search.addEventListener("keydown", function (event) { if (event.key === "Enter") event.preventDefault(); });
    search.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(function () {
        fetch(root.dataset.source + "?q=" + encodeURIComponent(search.value), { headers: { Accept: "application/json" } })
          .then(function (answer) { return answer.json(); })
          .then(function (data) {
            found.replaceChildren();
            data.documents.forEach(function (each) {
              var line = el("li"), pick = el("button", "《" + each.title + "》" + each.doc_no + "　" + each.unit, { type: "button" });
              pick.addEventListener("click", function () {
                input.value = each.id; chosen.textContent = "《" + each.title + "》" + each.doc_no;
                found.hidden = true; search.value = ""; clear.hidden = false; changed(input);
              });
              line.append(pick); found.append(line);
            });
            if (!data.documents.length) found.append(el("li", "没有找到，请换个词。"));
            found.hidden = !search.value.trim();
          });
      }, 250);
    });
    clear.addEventListener("click", function () { input.value = ""; chosen.textContent = "未指明"; clear.hidden = true; changed(input); });
  }

  function attachments(root) {
    var input = root.querySelector("[data-attach]"), error = root.querySelector("[data-attach-error]");
    if (!input) return;
    input.addEventListener("change", function () {
      var files = Array.prototype.slice.call(input.files), label = root.querySelector("label[for=attach]");
      label.textContent = "正在上传……";
      files.reduce(function (before, file) {
        return before.then(function () {
          var data = new FormData();
          data.append("file", file);
          return fetch(root.dataset.upload, { method: "POST", body: data, headers: { "X-CSRFToken": token(), Accept: "application/json" } })
            .then(function (answer) { return answer.json().catch(function () { return { error: "“" + file.name + "”没有上传成功：文件可能过大，或者登录已失效。" }; }); })
            .then(function (done) { if (done.error) throw new Error(done.error); });
        });
      }, Promise.resolve()).then(function () { whenSaved(function () { location.hash = "attachments"; location.reload(); }); })
        .catch(function (problem) { error.textContent = problem.message; error.hidden = false; label.textContent = "添加附件"; input.value = ""; });
    });
  }

  /* Save the form first, so that a reload loses nothing. */
  function whenSaved(then) {
    var form = document.getElementById("w-editor-form");
    if (!form) return then();
    var data = new FormData(form);
    fetch(form.action || location.href, { method: "POST", body: data, headers: { "X-CSRFToken": token(), Accept: "application/json" } })
      .then(function () { window.onbeforeunload = null; form.dispatchEvent(new CustomEvent("w-unsaved:clear")); then(); }, then);
  }

  function localCopy() {
    var form = document.getElementById("w-editor-form"), root = document.querySelector("[data-manuscript]");
    if (!form || !root || !window.localStorage) return;
    var key = "manuscript-" + root.dataset.manuscript, note = document.querySelector("[data-local-copy]");
    var body = form.querySelector("[name=body]"), title = form.querySelector("[name=title]"), served = body.value;
    var kept = null;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch (fault) { kept = null; }
    var version = (form.querySelector("[name=loaded_revision_created_at]") || {}).value || "";
    /* A version that is newer than the one that was sent from shows that the sending arrived. */
    if (kept && kept.sent && kept.version !== version) { localStorage.removeItem(key); kept = null; }
    if (kept && kept.body && kept.body !== served) {
      note.textContent = "本机浏览器里有一份" + kept.at + "没有保存成功的文字。";
      var use = el("button", "恢复这份文字", { type: "button", class: "button button-small" });
      var drop = el("button", "不用了", { type: "button", class: "button button-small button-secondary" });
      use.addEventListener("click", function () {
        title.value = kept.title; changed(title);
        if (body.joditEditor) body.joditEditor.value = kept.body;
        body.value = kept.body; changed(body); note.hidden = true;
      });
      drop.addEventListener("click", function () { localStorage.removeItem(key); note.hidden = true; });
      note.append(use, drop);
      note.hidden = false;
    }
    function keep(sent) {
      var now = new Date();
      localStorage.setItem(key, JSON.stringify({ title: title.value, body: body.value, at: now.toLocaleString("zh-CN"), version: version, sent: sent === true }));
    }
    form.addEventListener("input", function () { keep(false); });
    form.addEventListener("submit", function () { keep(true); });
    form.addEventListener("w-autosave:success", function () { localStorage.removeItem(key); refreshChecks(); });
    form.addEventListener("w-autosave:error", function () {
      note.textContent = "没有保存到服务器：登录可能已失效，或者网络中断。文字已保存在本机浏览器，请在新窗口登录后回到本页继续。";
      note.hidden = false;
    });
  }

  function refreshChecks() {
    var root = document.querySelector("[data-checks]");
    if (!root) return;
    fetch(root.dataset.checks, { headers: { Accept: "text/html" } }).then(function (answer) {
      if (answer.ok && !answer.redirected) answer.text().then(function (html) { root.querySelector("[data-checks-body]").innerHTML = html; });
    });
  }

  /* Say that something takes its time, and take nothing twice. */
  function slow(form) {
    form.addEventListener("submit", function () {
      var button = form.querySelector("button[type=submit]");
      button.textContent = form.dataset.slow;
      setTimeout(function () { button.disabled = true; }, 0);
      if (form.dataset.progress) setInterval(function () { tellProgress(form, button); }, 1000);
    });
  }
  function chooseAll(box) {
    box.addEventListener("change", function () {
      box.closest("table").querySelectorAll("input[name=chosen]").forEach(function (each) { each.checked = box.checked; });
    });
  }
  function tellProgress(form, button) {
    fetch(form.dataset.progress, { headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.json(); })
      .then(function (told) { if (told.read) button.textContent = form.dataset.slow + "已处理" + told.read + "行"; })
      .catch(function () {});
  }

  function ready() {
    document.querySelectorAll("form[data-slow]").forEach(slow);
    document.querySelectorAll("[data-all]").forEach(chooseAll);
    document.querySelectorAll("[data-column-picker]").forEach(columnPicker);
    document.querySelectorAll("[data-document-picker]").forEach(documentPicker);
    document.querySelectorAll("#attachments").forEach(attachments);
    localCopy();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
