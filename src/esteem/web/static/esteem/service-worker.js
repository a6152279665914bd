// Keeps the crisis page, and the saved list when its reader looked at it, for when there is no connection. It keeps no other page, and
// nothing that was typed: an address with words in it is never stored.
"use strict";
const CRISIS = "esteem-crisis-VERSION", LIST = "esteem-list";
const PAGES = ["/find-help/crisis", "/find-help/offline"];
const ASSETS = [/*ASSETS*/];
self.addEventListener("install", (event) => event.waitUntil(caches.open(CRISIS).then((kept) => kept.addAll([...PAGES, ...ASSETS])).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("esteem-") && name !== CRISIS && name !== LIST).map((name) => caches.delete(name)))).then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === "/find-help/crisis" && !url.search) {
    event.respondWith(fetch(event.request).then((answer) => { if (answer.ok) { const copy = answer.clone(); caches.open(CRISIS).then((kept) => kept.put("/find-help/crisis", copy)); } return answer; }).catch(() => caches.match("/find-help/crisis")));
  } else if (event.request.mode === "navigate" && url.pathname.startsWith("/find-help")) {
    event.respondWith(fetch(event.request).catch(() => (url.pathname === "/find-help/list" ? caches.open(LIST).then((kept) => kept.match("/find-help/list")) : Promise.resolve(undefined)).then((found) => found || caches.match(url.pathname === "/find-help/crisis" ? "/find-help/crisis" : "/find-help/offline"))));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(event.request).then((found) => found || fetch(event.request)));
  }
});
