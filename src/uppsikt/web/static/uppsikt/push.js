/* Turns push notices on in this browser. The button is shown only where the browser can. */
(() => {
  "use strict";
  const box = document.querySelector("[data-push]");
  if (!box || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const form = box.querySelector("form");
  const no = box.querySelector("[data-push-no]");
  const bytes = (words) => Uint8Array.from(atob(words.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  // The worker's scope holds no page, so `serviceWorker.ready` would never come: its own state is watched instead.
  const active = (worker) => new Promise((resolve) => {
    const coming = worker.installing || worker.waiting;
    if (!coming) return resolve();
    coming.addEventListener("statechange", () => { if (coming.state === "activated") resolve(); });
  });
  box.hidden = false;
  box.querySelector("[data-push-on]").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    button.setAttribute("aria-busy", "true");
    no.hidden = true;
    try {
      const worker = await navigator.serviceWorker.register(box.dataset.pushWorker);
      await active(worker);
      const given = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.dataset.push) });
      form.elements.subscription.value = JSON.stringify(given);
      form.requestSubmit();
    } catch {
      no.hidden = false; // the browser or the person said no; the page says what to do
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
})();
