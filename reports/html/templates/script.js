(function () {
  "use strict";
  var doc = document, key = "beianwatch-lang";
  function remember(lang) {
    doc.documentElement.lang = lang === "en" ? "en" : "zh-CN";
    try { sessionStorage.setItem(key, lang); } catch (e) { /* no storage: the choice holds for this page */ }
  }
  ["zh", "en"].forEach(function (lang) {
    var pick = doc.getElementById("pick-" + lang), kept = null;
    try { kept = sessionStorage.getItem(key); } catch (e) { /* as above */ }
    if (kept === lang) { pick.checked = true; remember(lang); }
    pick.addEventListener("change", function () { remember(lang); });
  });
  function oldCopy(text) {
    var area = doc.createElement("textarea");
    area.value = text;
    doc.body.appendChild(area);
    area.select();
    var ok = doc.execCommand("copy");
    area.remove();
    return ok;
  }
  Array.prototype.forEach.call(doc.querySelectorAll("button.copy"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var text = button.parentNode.querySelector("pre").textContent;
      function done() {
        button.classList.add("ok");
        setTimeout(function () { button.classList.remove("ok"); }, 2000);
      }
      if (navigator.clipboard && navigator.clipboard.writeText) {
        navigator.clipboard.writeText(text).then(done, function () { if (oldCopy(text)) { done(); } });
      } else if (oldCopy(text)) {
        done();
      }
    });
  });
  // A printed report shows the domains under each rule and change.
  addEventListener("beforeprint", function () {
    Array.prototype.forEach.call(doc.querySelectorAll("details.rule"), function (d) { d.open = true; });
  });
})();
