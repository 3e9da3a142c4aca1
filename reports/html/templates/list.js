// The list of domains in an overview: filters that need no server. The data are
// a JSON block; nothing of them becomes markup.
(function () {
  "use strict";
  var doc = document, block = doc.getElementById("domains"), form = doc.getElementById("filters");
  if (!block || !form) { return; }
  var data = JSON.parse(block.textContent), rows = data.rows, step = 20, shown = step, hits = [];
  var body = doc.getElementById("found"), count = doc.getElementById("hits"), more = doc.getElementById("more");
  var box = { q: doc.getElementById("f-q"), owner: doc.getElementById("f-owner") };
  var pick = { tone: data.tones, rule: data.rules, place: data.places, why: data.whys };
  var keys = { tone: data.marks, rule: data.ids, place: null, why: data.reasons };
  block.textContent = "";

  function lang() { return doc.getElementById("pick-en").checked ? 1 : 0; }
  function text(t) { return typeof t === "string" ? t : t[lang()]; }
  function has(t, part) { return typeof t === "string" ? t.toLowerCase().indexOf(part) >= 0 : has(t[0], part) || has(t[1], part); }
  function make(tag, cls, content) {
    var e = doc.createElement(tag);
    if (cls) { e.className = cls; }
    if (content !== undefined) { e.textContent = content; }
    return e;
  }
  // A text in both languages, of which the style sheet shows one.
  function both(t) {
    var e = doc.createDocumentFragment();
    if (typeof t === "string") { e.appendChild(doc.createTextNode(t)); return e; }
    ["zh", "en"].forEach(function (l, i) {
      var s = make("span", l, t[i]);
      s.lang = i ? "en" : "zh-CN";
      e.appendChild(s);
    });
    return e;
  }
  function options(name) {
    var select = doc.getElementById("f-" + name), was = select.value, list = pick[name];
    select.length = 1;
    list.map(function (t, i) { return { i: i, t: text(t) }; })
      .filter(function (o) { return o.t !== "" && !(name === "why" && o.i === 0); })
      .sort(function (a, b) { return name === "tone" ? a.i - b.i : a.t.localeCompare(b.t, lang() ? "en" : "zh"); })
      .forEach(function (o) {
        var e = make("option", "", o.t);
        e.value = o.i;
        select.appendChild(e);
      });
    select.value = was;
    select.closest("label").hidden = select.length < 2;
  }
  function chosen(name) {
    var v = doc.getElementById("f-" + name).value;
    return v === "" ? -1 : +v;
  }
  // rank is the severity that a row has by one rule, or as a whole; -1: not there.
  function tone(row, rule) {
    if (rule < 0) { return row[1]; }
    for (var i = 0; i < row[5].length; i++) {
      if (row[5][i] >> 2 === rule) { return 3 - (row[5][i] & 3); }
    }
    return -1;
  }
  function filter() {
    var q = box.q.value.trim().toLowerCase(), owner = box.owner.value.trim().toLowerCase();
    var rule = chosen("rule"), want = chosen("tone"), place = chosen("place"), why = chosen("why");
    var owners = data.owners.map(function (o) { return owner === "" || has(o, owner); });
    hits = rows.filter(function (r) {
      var t = tone(r, rule);
      return t >= 0 && (want < 0 || t === want) && (place < 0 || r[3] === place) && (why < 0 || r[4] === why) && owners[r[2]] &&
        (q === "" || r[0].indexOf(q) >= 0 || (r[7] && r[7].toLowerCase().indexOf(q) >= 0) || (r[8] && r[8].toLowerCase().indexOf(q) >= 0));
    });
    shown = step;
    show();
  }
  function mark(name) {
    var svg = doc.querySelector("svg.mark").cloneNode(true), use = svg.firstElementChild;
    use.setAttribute("href", "#m-" + name);
    return svg;
  }
  function line(r) {
    var tr = make("tr"), name = make("td"), state = make("td", "t-" + data.marks[r[1]]), word = make("span", "word"), what = make("td");
    var label = r[7] || r[0], link = make(r[6] ? "a" : "span", "", label);
    if (r[6]) { link.href = "domains/" + (r[6] + (r[6].slice(-1) === "/" ? r[0] : "")).split("/").map(encodeURIComponent).join("/") + ".html"; }
    name.appendChild(link);
    if (r[7]) { name.appendChild(make("br")); name.appendChild(make("span", "id mono", r[0])); }
    word.appendChild(mark(data.marks[r[1]]));
    word.appendChild(doc.createTextNode(" "));
    word.appendChild(both(data.tones[r[1]]));
    state.appendChild(word);
    r[5].slice().sort(function (a, b) { return (b & 3) - (a & 3); }).forEach(function (v) {
      var one = make("div", "t-" + data.marks[3 - (v & 3)]);
      one.appendChild(mark(data.marks[3 - (v & 3)]));
      one.appendChild(doc.createTextNode(" "));
      one.appendChild(both(data.rules[v >> 2]));
      what.appendChild(one);
    });
    if (r[4]) { what.appendChild(both(data.whys[r[4]])); what.className = "soft"; }
    [name, state, what].forEach(function (td) { tr.appendChild(td); });
    [data.owners[r[2]], data.places[r[3]]].forEach(function (t) { tr.appendChild(make("td", "soft")).appendChild(both(t)); });
    return tr;
  }
  function show() {
    var part = doc.createDocumentFragment();
    hits.slice(0, shown).forEach(function (r) { part.appendChild(line(r)); });
    body.textContent = "";
    body.appendChild(part);
    count.textContent = hits.length.toLocaleString("en") + " / " + rows.length.toLocaleString("en");
    more.hidden = hits.length <= shown;
  }
  // A link such as #rule=footer-link-missing&owner=… sets the filters.
  function follow() {
    var hash = location.hash.slice(1);
    if (hash.indexOf("=") < 0) { return; }
    Array.prototype.forEach.call(form.querySelectorAll("input, select"), function (f) { f.value = ""; });
    new URLSearchParams(hash).forEach(function (value, name) {
      if (box[name]) { box[name].value = value; return; }
      var list = pick[name] && (keys[name] || pick[name]);
      (list || []).forEach(function (k, i) {
        if (k === value || k[0] === value || k[1] === value) { doc.getElementById("f-" + name).value = i; }
      });
    });
    filter();
    doc.getElementById("list").scrollIntoView();
  }
  function words() { Object.keys(pick).forEach(options); }
  words();
  form.hidden = false;
  form.addEventListener("input", filter);
  more.addEventListener("click", function () { shown += 10 * step; show(); });
  ["pick-zh", "pick-en"].forEach(function (id) { doc.getElementById(id).addEventListener("change", words); });
  addEventListener("hashchange", follow);
  filter();
  follow();
})();
