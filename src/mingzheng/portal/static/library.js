/* Narrows the library of documents by several things at once. Without it every list has a page of its own. */
(function () {
  "use strict";
  var form = document.querySelector("[data-library]");
  if (!form || !window.fetch) return;
  var lists = document.querySelector("[data-library-lists]"), plain = document.querySelector("[data-library-plain]");
  var told = document.querySelector("[data-library-count]"), before = lists.innerHTML, rows = null, most = 100;
  var facets = ["year", "theme", "status", "unit"], names = {};
  facets.forEach(function (facet) {
    names[facet] = {};
    form.elements[facet].querySelectorAll("option").forEach(function (each) {
      names[facet][each.value] = each.textContent.replace(/（\d+）$/, "");
    });
  });
  form.hidden = false;
  plain.hidden = true;

  function cell(row, text, kind, label) {
    var made = document.createElement("td");
    made.setAttribute("role", "cell");
    if (kind) made.className = kind;
    if (label) made.dataset.label = label;
    if (typeof text === "string") made.textContent = text; else made.append(text);
    row.append(made);
  }
  function line(each) {
    var row = document.createElement("tr"), link = document.createElement("a"), tag = document.createElement("span");
    row.setAttribute("role", "row");
    link.href = each[2]; link.textContent = each[0];
    tag.className = "tag" + (each[7] === "expired" || each[7] === "repealed" ? " tag-ended" : "");
    tag.textContent = names.status[each[7]];
    cell(row, link, "c-title"); cell(row, each[1], "c-doc"); cell(row, names.unit[each[8]] || "", "c-unit");
    cell(row, each[3], "c-date", "成文"); cell(row, each[4] || "—", "c-date", "有效期至"); cell(row, tag);
    return row;
  }
  function show() {
    var words = form.elements.q.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    var wanted = facets.map(function (facet) { return form.elements[facet].value; });
    if (!words.length && !wanted.some(Boolean)) { lists.innerHTML = before; told.hidden = true; return; }
    var found = rows.filter(function (each) {
      var text = (each[0] + each[1]).toLowerCase();
      return wanted.every(function (value, at) { return !value || each[5 + at] === value; }) &&
        words.every(function (word) { return text.includes(word); });
    });
    told.hidden = false;
    told.textContent = "符合条件的文件" + found.length + "件" + (found.length > most ? "，显示最近的" + most + "件，请缩小范围。" : "。");
    var table = document.createElement("table"), head = document.createElement("tr"), body = document.createElement("tbody");
    table.className = "item-table numbered library-table"; table.setAttribute("role", "table");
    ["名称", "文号", "制定单位", "成文日期", "有效期至", "有效性"].forEach(function (name) {
      var made = document.createElement("th");
      made.scope = "col"; made.textContent = name; head.append(made);
    });
    found.slice(0, most).forEach(function (each) { body.append(line(each)); });
    table.append(document.createElement("thead"), body);
    table.tHead.append(head);
    lists.replaceChildren(table);
  }
  function changed() {
    if (rows) { show(); return; }
    fetch(form.dataset.library).then(function (answer) { return answer.json(); }).then(function (data) { rows = data; show(); });
  }
  form.addEventListener("submit", function (event) { event.preventDefault(); changed(); });
  form.addEventListener("input", changed);
})();
