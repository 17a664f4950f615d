/* Shows a notice that came by push, and opens where it points. Nothing is kept, nothing is fetched. */
"use strict";
addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  event.waitUntil(registration.showNotification("Uppsikt", { body: told.words ?? "", tag: told.tag ?? "uppsikt", data: told.url ?? "/" }));
});
addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data, location.origin);
  event.waitUntil(clients.openWindow(url.origin === location.origin ? url.href : "/"));
});
