/* The body's editor: Jodit with everything off that would ask another host. */
(function () {
  "use strict";

  function uploader(area) {
    var holder = document.querySelector("[data-upload]");
    return {
      url: holder ? holder.dataset.upload : "",
      insertImageAsBase64URI: false,
      imagesExtensions: ["jpg", "png", "jpeg", "gif", "webp"],
      headers: { "X-CSRFToken": token(), Accept: "application/json" },
      filesVariableName: function () { return "file"; },
      data: { inline: "1" },
      isSuccess: function (answer) { return !answer.error; },
      getMessage: function (answer) { return answer.error || "图片没有上传成功。"; },
      process: function (answer) {
        return { files: answer.url ? [answer.url] : [], baseurl: "", path: "", isImages: [true], error: answer.error ? 1 : 0, messages: [answer.error] };
      },
      defaultHandlerSuccess: function (data) {
        var editor = this.j || this;
        data.files.forEach(function (url) {
          var alt = window.prompt("请填写图片说明（供读屏软件朗读）", "") || "";
          var image = editor.createInside.element("img");
          image.setAttribute("src", url);
          image.setAttribute("alt", alt);
          editor.s.insertImage(image, null, null);
        });
      },
    };
  }

  function token() {
    var field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  function start(area) {
    if (area.dataset.ready || !window.Jodit) return;
    area.dataset.ready = "1";
    var editor = window.Jodit.make(area, {
      language: "zh_cn",
      height: 560,
      sourceEditor: "area",
      beautifyHTML: false,
      toolbarAdaptive: true,
      showXPathInStatusbar: false,
      showWordsCounter: false,
      showCharsCounter: true,
      askBeforePasteHTML: false,
      askBeforePasteFromWord: false,
      defaultActionOnPaste: "insert_as_html",
      defaultActionOnPasteFromWord: "insert_clear_html",
      processPasteHTML: true,
      disablePlugins: ["ai-assistant", "speech-recognize", "powered-by-jodit", "video", "media", "file", "iframe", "stat"],
      buttons: ["paragraph", "bold", "underline", "|", "left", "center", "right", "|", "ul", "ol", "outdent", "indent", "|", "table", "link", "image", "hr", "|", "undo", "redo", "eraser", "fullsize", "source"],
      uploader: uploader(area),
      readonly: area.disabled || area.readOnly,
    });
    function keep() {
      if (area.value === editor.value) return;
      area.value = editor.value;
      area.dispatchEvent(new Event("input", { bubbles: true }));
      area.dispatchEvent(new Event("change", { bubbles: true }));
    }
    editor.events.on("change", keep);
    /* The editor tells of a change a moment later: what was typed last must not miss the saving. */
    editor.events.on("keyup blur", keep);
    if (area.form) area.form.addEventListener("submit", function () { editor.synchronizeValues(); keep(); }, true);
    area.joditEditor = editor;
  }

  function all() { document.querySelectorAll("[data-body-editor]").forEach(start); }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all); else all();
})();
