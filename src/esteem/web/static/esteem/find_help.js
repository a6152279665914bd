// Nothing here is needed: without it every page works the same. It leaves a page fast, keeps the saved list on this device when asked to,
// and keeps the crisis page and the list for when there is no connection.
(() => {
  "use strict";
  const leave = document.querySelector("[data-leave]");
  if (leave) {
    const go = () => {
      document.documentElement.hidden = true;
      document.title = "Weather";
      location.replace(leave.href);
    };
    leave.addEventListener("click", (event) => { event.preventDefault(); go(); });
    let presses = 0, last = 0;
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") { presses = 0; return; }
      presses = event.timeStamp - last < 2000 ? presses + 1 : 1;
      last = event.timeStamp;
      if (presses === 3) go();
    });
  }
  const key = "esteem-list";
  const forget = document.querySelector("[data-forget]");
  if (forget) {
    forget.addEventListener("click", () => {
      localStorage.removeItem(key);
      if ("caches" in window) caches.delete("esteem-list");
    });
    const list = new URLSearchParams(location.search).get("list");
    if (list && "caches" in window) caches.open("esteem-list").then((kept) => kept.put("/find-help/list", new Response(document.documentElement.outerHTML, { headers: { "Content-Type": "text/html; charset=utf-8" } })));
  }
  if ("serviceWorker" in navigator && !leave) navigator.serviceWorker.register("/find-help/service-worker.js", { scope: "/find-help" }).catch(() => {});
})();
