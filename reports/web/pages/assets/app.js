// What moves while a page is looked at: streams of events, copying, ticking all.
// Every page works without this file.
(function () {
  "use strict";
  var doc = document;

  function each(selector, f) { Array.prototype.forEach.call(doc.querySelectorAll(selector), f); }

  // An element with data-live shows what its stream sends: HTML made and escaped by
  // the server. At the end of the stream the page is loaded again.
  function live(element) {
    var stream = new EventSource(element.getAttribute("data-live"));
    stream.addEventListener("state", function (event) { element.innerHTML = JSON.parse(event.data); });
    stream.addEventListener("end", function () { stream.close(); location.replace(location.pathname); });
    addEventListener("pagehide", function () { stream.close(); });
  }

  function oldCopy(text) {
    var area = doc.createElement("textarea");
    area.value = text;
    doc.body.appendChild(area);
    area.select();
    var ok = doc.execCommand("copy");
    area.remove();
    return ok;
  }

  function copier(button) {
    var label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", function () {
      var text = button.closest("section").querySelector("pre").textContent;
      function done() {
        button.textContent = button.getAttribute("data-done");
        button.setAttribute("aria-live", "polite");
        setTimeout(function () { button.textContent = label; }, 2000);
      }
      if (navigator.clipboard && navigator.clipboard.writeText) {
        navigator.clipboard.writeText(text).then(done, function () { if (oldCopy(text)) { done(); } });
      } else if (oldCopy(text)) {
        done();
      }
    });
  }

  function ticker(all) {
    all.hidden = false;
    all.addEventListener("change", function () {
      Array.prototype.forEach.call(all.closest("table").querySelectorAll("tbody input[type=checkbox]"), function (box) { box.checked = all.checked; });
    });
  }

  // On a phone the menu is longer than the screen: its entry of this page is to be seen.
  function here(entry) {
    var menu = entry.parentNode;
    menu.scrollLeft = entry.offsetLeft - menu.offsetLeft - (menu.clientWidth - entry.offsetWidth) / 2;
  }

  function begin() {
    each("input.all", ticker);
  }
  each("[data-live]", live);
  each("button.copy", copier);
  each(".menu [aria-current]", here);
  begin();
  doc.addEventListener("htmx:afterSettle", begin);
})();
