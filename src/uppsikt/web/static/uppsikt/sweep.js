/* A round worked through by keyboard: more rows come below as one gets there, what has been on the screen is told, an item
   opens beside the list. Nothing that is on the screen moves, and the focus stays where it is. Without this the page still works. */
(() => {
  "use strict";
  const sweep = document.querySelector("[data-sweep]");
  if (!sweep) return;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const tell = (words) => document.dispatchEvent(new CustomEvent("uppsikt:tell", { detail: words }));
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}"), "HX-Request": "true" };
  const list = document.getElementById("rundan");
  const panel = document.getElementById("panel");
  const narrow = matchMedia("(max-width: 1000px)");
  const ask = (url, more = {}) => fetch(url, { headers, cache: "no-store", ...more });
  const parsed = (text) => { const made = document.createElement("template"); made.innerHTML = text; return made.content; };

  // What has been on the screen is told in handfuls ----------------------------------------------------------------
  const sum = document.getElementById("kvar");
  const waiting = new Set();
  let timer = 0, sending = null;
  function said(left) {
    sum.dataset.left = left;
    sum.textContent = left === 0 ? sweep.dataset.wordsAll : left === 1 ? sweep.dataset.wordsOne : sweep.dataset.wordsMany.replace("{n}", left);
  }
  async function send(keepalive = false) {
    clearTimeout(timer); timer = 0;
    if (sending) { await sending; }
    if (!waiting.size) return true;
    const now = [...waiting].slice(0, 300);
    now.forEach((key) => waiting.delete(key));
    const body = new URLSearchParams(now.map((key) => ["handling", key]));
    sending = (async () => {
      try {
        const answer = await ask(sweep.dataset.shownUrl, { method: "POST", body, keepalive });
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        said((await answer.json()).left);
        return true;
      } catch {
        now.forEach((key) => waiting.add(key));
        later(5000);
        tell(sweep.dataset.wordsFailed);
        return false;
      }
    })();
    const went = await sending;
    sending = null;
    return went && (waiting.size ? send(keepalive) : true);
  }
  function later(wait = 600) { if (!timer) timer = setTimeout(() => send(), wait); }
  function see(row) {
    if (!row || "done" in row.dataset) return;
    row.dataset.done = "";
    waiting.add(row.dataset.seen);
    eye.unobserve(row);
    later();
  }
  // Seen is what stands on the screen for a moment by its end: whoever scrolls past in a rush has not seen it.
  const rests = new Map();
  const eye = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect } of entries) {
      clearTimeout(rests.get(target));
      const enough = isIntersecting && (intersectionRatio > 0.6 || intersectionRect.height > innerHeight * 0.6);
      if (enough) rests.set(target, setTimeout(() => see(target), 150));
    }
  }, { threshold: [0, 0.3, 0.65, 1] });
  const watch = () => { for (const row of all("[data-seen]:not([data-done])")) eye.observe(row); };
  addEventListener("pagehide", () => { if (waiting.size) send(true); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && waiting.size) send(true); });

  // More rows come below --------------------------------------------------------------------------------------------
  let coming = null;
  async function more() {
    const mark = list?.querySelector("[data-more]");
    if (!mark || coming) return coming;
    coming = (async () => {
      try {
        const answer = await ask(mark.dataset.more);
        if (!answer.ok || answer.redirected) return;
        const part = parsed(await answer.text());
        for (const row of all("[data-seen]", part)) if (document.getElementById(row.id)) row.remove();
        mark.after(part);
        mark.remove();
        watch();
        near.disconnect();
        for (const next of all("[data-more]")) near.observe(next);
      } catch { /* the link stays, to be followed by hand */ } finally { coming = null; }
    })();
    return coming;
  }
  const near = new IntersectionObserver((entries) => { if (entries.some((each) => each.isIntersecting)) more(); }, { root: null, rootMargin: "1500px" });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-seen]");
    if (!row) return;
    setTimeout(() => { if (row.contains(document.activeElement)) see(row); }, 150);
    // The list has its own scroll: what lies far below is never near for the observer, so the keys ask too.
    let ahead = row;
    for (let step = 0; step < 15 && ahead; step += 1) ahead = ahead.nextElementSibling;
    if (!ahead || ahead.matches("[data-more]")) more();
  });

  // An item beside the list -----------------------------------------------------------------------------------------
  const links = () => all("[data-item]", list || sweep);
  const here = () => document.activeElement?.closest?.("[data-seen]")?.querySelector("[data-item]") || list?.querySelector("[data-item][aria-current]") || links()[0];
  function put(text) {
    const part = parsed(text);
    const fresh = part.querySelector("template")?.content.querySelector("[data-seen]");
    part.querySelector("template")?.remove();
    panel.replaceChildren(part);
    window.htmx?.process?.(panel);
    panel.scrollTop = 0;
    if (fresh) renew(fresh);
  }
  // The row as it stands now: its words change in place, the link that has the focus stays the same element.
  function renew(fresh) {
    const row = document.getElementById(fresh.id);
    if (!row) return;
    const [old, now] = [row.querySelector("[data-item]"), fresh.querySelector("[data-item]")];
    old.replaceChildren(...now.childNodes);
    if (now.dataset.case) old.dataset.case = now.dataset.case;
  }
  async function open(link, more = {}) {
    if (!link) return false;
    for (const each of links()) each.toggleAttribute("aria-current", false);
    link.setAttribute("aria-current", "true");
    see(link.closest("[data-seen]"));
    try {
      const answer = await ask(more.url || link.href, more);
      const text = answer.ok ? await answer.text() : "";
      // A form may lead on to the item as it stands then; anything else (a login) is not put here.
      if (!text.includes("data-panel=")) { location.assign(link.href); return false; }
      put(text);
      return true;
    } catch { tell(document.body.dataset.wordsStopped || ""); return false; }
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#rundan [data-item]");
    if (!link || narrow.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!panel.contains(form) || form.method === "dialog") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    open(current(), { url: form.action, method: "POST", body });
  }, true);
  const current = () => document.getElementById(`post-${panel.querySelector("[data-panel]")?.dataset.panel}`) || here();

  async function opened(link) {
    const shown = panel.querySelector("[data-panel]")?.dataset.panel;
    return link && (shown === link.id.replace("post-", "") || (await open(link)));
  }
  const acts = {
    async "sweep-open"() { const link = here(); if (link) (narrow.matches ? location.assign(link.href) : open(link)); },
    async "sweep-remove"() {
      const link = here();
      if (!link) return;
      if (narrow.matches) { location.assign(link.href); return; }
      if (await opened(link)) panel.querySelector("[data-remove]")?.click();
    },
    async "sweep-answer"() { const link = here(); if (link?.dataset.case) { await send(); location.assign(link.dataset.case); } },
    async "sweep-fine"() { if (await opened(here())) panel.querySelector("[data-fine]")?.click(); },
    async "sweep-next"() {
      const next = () => all("[data-seen]:not([data-done]) [data-item]", list || sweep)[0];
      if (!next()) await more();
      if (next()) { next().focus(); return; }
      if ((await send()) && Number(sum.dataset.left) > 0) location.assign(`${location.pathname}?kvar=1`);
    },
  };
  document.addEventListener("uppsikt:act", (event) => acts[event.detail]?.());

  // The form of a removal comes from the room that decides, into a dialog beside the list ----------------------------
  const dialog = document.getElementById("avgor");
  const place = dialog?.querySelector("[data-place]");
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-remove]");
    if (!button || !dialog || narrow.matches || event.ctrlKey || event.metaKey || event.button) return;
    event.preventDefault();
    const answer = await ask(button.dataset.remove).catch(() => null);
    if (!answer?.ok || answer.redirected) { location.assign(button.href); return; }
    place.replaceChildren(parsed(await answer.text()));
    if (!dialog.open) dialog.showModal();
    // What is chosen already is where one goes on from.
    (place.querySelector("[data-focus]") || place.querySelector("input:checked, input:not([type=hidden]), textarea, button"))?.focus();
  });
  // A digit chooses a ground, but where somebody writes.
  dialog?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation(); // the page's own way of sending would send it once more
      const form = place.querySelector("form[data-grounds]");
      form?.requestSubmit(form.querySelector("button:not([type=button])"));
      return;
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, input[type=text]")) return;
    const ground = /^[0-9]$/.test(event.key) && place.querySelector(`[data-digit="${event.key}"]`);
    if (!ground) return;
    event.preventDefault();
    ground.click();
    ground.focus();
  });
  dialog?.addEventListener("close", () => { place.replaceChildren(); current()?.focus(); });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.closest("#avgor") || form.method === "dialog") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const answer = await ask(form.action, { method: "POST", body }).catch(() => null);
    delete form.dataset.sent;
    if (!answer) { tell(document.body.dataset.wordsStopped || ""); return; }
    const text = answer.redirected ? "" : await answer.text();
    const part = parsed(text);
    if (!(answer.headers.get("HX-Trigger") || "").includes("uppsikt:removed") && part.querySelector("form")) {
      place.replaceChildren(part); // what is missing is said where it is filled in
      place.querySelector("[aria-invalid=true], [role=alert], input, textarea")?.focus();
      return;
    }
    const link = current();
    dialog.close();
    tell(part.textContent.trim().replace(/\s+/g, " ").slice(0, 200));
    await open(link);
    link?.focus();
  }, true);

  // Signing waits for what is on its way ----------------------------------------------------------------------------
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-sign]") || !waiting.size && !sending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await send()) form.requestSubmit(event.submitter); // what could not be told is said, and signing waits
  }, true);

  watch();
  for (const mark of all("[data-more]")) near.observe(mark);
  if (!document.querySelector("[data-panel]") && !location.hash) links()[0]?.focus({ preventScroll: true });
})();
