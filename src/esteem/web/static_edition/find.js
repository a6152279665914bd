/* Narrows the A to Z as somebody types. The page is whole without it. */
(function () {
  "use strict";
  var list = document.getElementById("a-to-z");
  if (!list) { return; }
  var label = document.createElement("label");
  label.className = "nhsuk-label";
  label.htmlFor = "find";
  label.textContent = "Find in this edition";
  var field = document.createElement("input");
  field.className = "nhsuk-input nhsuk-input--width-20";
  field.id = "find";
  field.type = "search";
  field.autocomplete = "off";
  var told = document.createElement("p");
  told.setAttribute("role", "status");
  list.parentNode.insertBefore(label, list);
  list.parentNode.insertBefore(field, list);
  list.parentNode.insertBefore(told, list);

  function holds(text, words) {
    return words.every(function (word) { return text.indexOf(word) !== -1; });
  }

  field.addEventListener("input", function () {
    var words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    list.querySelectorAll("section").forEach(function (section) {
      var here = 0;
      section.querySelectorAll("li.entry").forEach(function (entry) {
        var kept = holds(entry.textContent.toLowerCase(), words);
        entry.hidden = !kept;
        here += kept ? 1 : 0;
      });
      section.hidden = here === 0;
      shown += here;
    });
    told.textContent = words.length ? shown + (shown === 1 ? " entry" : " entries") + " found" : "";
  });
}());
