/* What pages do beyond plain links and forms. Everything here is help: without it the forms still work.
   Words shown to people stand in data attributes of <body>, written by the templates in the reader's language. */
(() => {
  "use strict";
  const body = document.body;
  const words = (name) => body.dataset["words" + name] || "";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Toast and live region ------------------------------------------------------------------------------------------
  const toast = document.getElementById("u-toast");
  document.addEventListener("uppsikt:tell", (event) => tell(event.detail));
  let toastTimer = 0;
  function tell(text, { stay = false } = {}) {
    if (!toast || toast.textContent === text) return;
    toast.textContent = text;
    clearTimeout(toastTimer);
    if (!stay) toastTimer = setTimeout(() => (toast.textContent = ""), 8000);
  }
  function hush(text) {
    if (toast && toast.textContent === text) toast.textContent = "";
  }

  // Half-written text ----------------------------------------------------------------------------------------------
  // Kept in this tab only, so that the next person at the computer does not find it.
  const PREFIX = "uppsikt:draft:";
  const store = {
    get(key) { try { return JSON.parse(sessionStorage.getItem(PREFIX + key)); } catch { return null; } },
    set(key, value) { try { sessionStorage.setItem(PREFIX + key, JSON.stringify(value)); } catch { /* full or switched off: the text stays in the field */ } },
    drop(key) { try { sessionStorage.removeItem(PREFIX + key); } catch { /* as above */ } },
    clear() { try { for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key); } catch { /* as above */ } },
  };
  let sending = false;
  const unsent = (area) => area.value.trim() !== "" && area.value !== area.defaultValue && area.value !== area.dataset.savedText;
  document.addEventListener("uppsikt:saved", (event) => store.drop(event.target.dataset.draftKey));

  function restore(area) {
    const kept = store.get(area.dataset.draftKey);
    if (!kept || !kept.text || kept.text === area.value) return;
    if (area.value === "" || area.value === kept.base) {
      area.value = kept.text;
      tell(words("Restored"));
      return;
    }
    const offer = document.createElement("button");
    offer.type = "button";
    offer.className = "ds-button";
    offer.dataset.variant = "tertiary";
    offer.textContent = words("Restore");
    offer.addEventListener("click", () => { area.value = kept.text; area.focus(); offer.remove(); });
    area.after(offer);
  }
  document.addEventListener("input", (event) => {
    const area = event.target.closest?.("[data-draft-key]");
    if (area) store.set(area.dataset.draftKey, { text: area.value, base: area.defaultValue });
  });
  for (const mark of all("[data-draft-sent]")) {
    const found = /draft:(\S+)/.exec(mark.dataset.draftSent);
    if (found) store.drop(found[1]);
  }
  if (document.querySelector("[data-forget-drafts]")) document.addEventListener("submit", () => store.clear());
  all("[data-draft-key]").forEach(restore);
  addEventListener("beforeunload", (event) => {
    if (!sending && all("[data-draft-key]").some(unsent)) event.preventDefault();
  });
  addEventListener("pageshow", () => { sending = false; });

  // Forms: ask first, send once ------------------------------------------------------------------------------------
  const dialog = document.getElementById("u-confirm");
  function ask(text) {
    return new Promise((resolve) => {
      dialog.querySelector("#u-confirm-words").textContent = text;
      dialog.returnValue = "";
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
      dialog.showModal();
    });
  }
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    const button = event.submitter;
    const question = button?.dataset.confirm || form.dataset.confirm;
    if (question && dialog && form.dataset.confirmed !== "yes") {
      event.preventDefault();
      if (await ask(question)) {
        form.dataset.confirmed = "yes";
        form.requestSubmit(button);
      }
      return;
    }
    delete form.dataset.confirmed;
    if (form.dataset.sent) { event.preventDefault(); return; } // a second click on a slow line
    if (form.method === "post" && !form.hasAttribute("hx-post")) {
      form.dataset.sent = "yes";
      sending = true;
      setTimeout(() => delete form.dataset.sent, 10000);
    }
  });
  document.addEventListener("htmx:confirm", (event) => {
    event.preventDefault();
    ask(event.detail.ctx.confirm).then((yes) => (yes ? event.detail.issueRequest() : event.detail.dropRequest()));
  });
  document.addEventListener("click", async (event) => {
    const copy = event.target.closest?.("[data-copy]");
    if (copy) {
      const source = document.querySelector(copy.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.value ?? source.innerText);
        tell(words("Copied"));
      } catch {
        source.select?.(); // no clipboard here: the text is selected, ready for the person's own copying
      }
    }
    if (event.target.closest?.("[data-shortcuts]")) showKeys();
  });
  document.querySelector("[data-focus]")?.focus();

  // On a phone the tabs are wider than the window: the current one comes into sight.
  for (const tab of all(".u-tabs [aria-current]")) {
    const row = tab.closest("ul");
    if (row.scrollWidth > row.clientWidth) row.scrollLeft = tab.parentElement.offsetLeft - row.offsetLeft - 40;
  }

  // Live regions ---------------------------------------------------------------------------------------------------
  const live = (element) => element?.closest?.("[data-live]");
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    if (!live(ctx.sourceElement)) return;
    if (document.hidden) { event.preventDefault(); return; }
    if (ctx.sourceElement.etag) ctx.request.headers["If-None-Match"] = ctx.sourceElement.etag;
    ctx.request.cache = "no-store";
  });
  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    if (!live(ctx.sourceElement)) return;
    const answer = ctx.response.raw;
    if (answer.status === 401 || answer.redirected) {
      event.preventDefault(); // never a login form in place of the list, never a reload under somebody who writes
      tell(words("LoggedOut"), { stay: true });
    } else if (answer.status >= 400) {
      tell(words("Stopped"), { stay: true });
    } else {
      hush(words("Stopped"));
      hush(words("LoggedOut"));
      if (answer.headers.get("ETag")) ctx.sourceElement.etag = answer.headers.get("ETag");
    }
  });
  document.addEventListener("htmx:error", (event) => {
    if (live(event.detail.ctx?.sourceElement)) tell(words("Stopped"), { stay: true });
  });
  let spoken = new Map();
  const speak = () => {
    for (const mark of all("[data-announce]")) {
      const before = spoken.get(mark.id);
      if (before !== undefined && before !== mark.textContent) tell(mark.textContent);
      spoken.set(mark.id, mark.textContent);
    }
  };
  speak();
  document.addEventListener("htmx:after:swap", speak);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) body.dispatchEvent(new Event("uppsikt:refresh")); });

  // A claim is held for as long as the page is open ----------------------------------------------------------------
  for (const claim of all("[data-heartbeat]")) {
    const headers = { ...JSON.parse(body.getAttribute("hx-headers:inherited") || "{}"), "HX-Request": "true", Accept: "text/plain" };
    const beat = setInterval(async () => {
      try {
        const answer = await fetch(claim.dataset.heartbeat, { method: "POST", headers });
        if (answer.status === 409) {
          clearInterval(beat);
          tell((await answer.text()) || words("ClaimLost"), { stay: true });
        } else if (answer.status === 401) {
          tell(words("LoggedOut"), { stay: true });
        }
      } catch { /* offline for a moment: the next beat tries again */ }
    }, Number(claim.dataset.every || 60) * 1000);
  }

  // Preview of the municipality's colour ---------------------------------------------------------------------------
  const colour = document.querySelector("[data-preview-colour]");
  if (colour) {
    const sheet = document.getElementById("u-theme");
    let wait = 0;
    colour.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(() => (sheet.href = `${colour.dataset.previewColour}?colour=${encodeURIComponent(colour.value)}`), 150);
    });
  }

  // Keys -----------------------------------------------------------------------------------------------------------
  const keys = document.getElementById("u-keys");
  const choice = document.getElementById("u-keys-on");
  const OFF = "uppsikt:keys-off";
  const remembered = () => { try { return localStorage.getItem(OFF); } catch { return null; } };
  if (choice) {
    choice.checked = !remembered();
    choice.addEventListener("change", () => { try { choice.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* holds for this page only */ } });
  }
  function showKeys() { if (keys && !keys.open) keys.showModal(); }
  const writing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type);
  // Single keys can be switched off (WCAG 2.1.4), and never act while somebody writes or a dialog is open.
  const quiet = (event) => writing(event.target) || document.querySelector("dialog[open]") || (choice && !choice.checked);
  const single = (act) => (event) => { if (!quiet(event)) act(event); };

  function step(by) {
    const list = document.querySelector("[data-list]");
    const items = list ? all("[data-item]", list) : [];
    if (!items.length) return;
    let at = items.indexOf(document.activeElement.closest?.("[data-item]"));
    if (at < 0) at = items.findIndex((item) => item.hasAttribute("aria-current"));
    const next = items[at < 0 ? 0 : Math.max(0, Math.min(items.length - 1, at + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  // One goes on where the text ends, and not before it.
  function enter(field) {
    field?.focus();
    if (field?.tagName === "TEXTAREA") field.setSelectionRange(field.value.length, field.value.length);
  }
  function press(key, event) {
    const target = all(`[data-key="${CSS.escape(key)}"]`).find((element) => element.checkVisibility?.() ?? true);
    if (!target) return;
    event.preventDefault();
    if (writing(target)) {
      const folded = target.closest("details:not([open])");
      if (folded) folded.open = true;
      enter(target);
    } else if (target.tagName === "DETAILS") {
      target.open = true;
      enter(target.querySelector("textarea, input:not([type=hidden]), select, button"));
    } else {
      target.click();
    }
  }
  // The button marked as the one that sends, where the form's first button does something else (a search).
  function sendFrom(form) { form?.requestSubmit(form.querySelector("button[data-send]") || form.querySelector("button:not([type=button])")); }
  const mark = (id) => (event) => { event.preventDefault(); document.dispatchEvent(new CustomEvent("uppsikt:act", { detail: id })); };
  const acts = {
    down: () => step(1),
    up: () => step(-1),
    help: (event) => { event.preventDefault(); showKeys(); },
    search: (event) => press("/", event),
    palette: (event) => { event.preventDefault(); window.uppsiktChooser?.open("u-palette"); },
  };
  const bindings = {
    Escape: (event) => { if (writing(event.target) && !document.querySelector("dialog[open]")) event.target.blur(); },
    "$mod+Enter": (event) => {
      const form = event.target.form;
      if (event.target.matches("[data-draft-key], [data-submit]") || form?.querySelector("button[data-send]")) { event.preventDefault(); sendFrom(form); }
    },
  };
  // The list that `?` shows is the list that is heard: a key that does not stand there does nothing.
  for (const row of all("#u-keys [data-keys]")) {
    for (const key of row.dataset.keys.split(" ")) {
      const act = acts[row.dataset.act] || (row.dataset.act ? mark(row.dataset.act) : (event) => press(key, event));
      if ("fixed" in row.dataset) bindings[key] ??= acts[row.dataset.act];
      else bindings[key] = single(act);
      if (!bindings[key]) delete bindings[key];
    }
  }
  window.tinykeys?.tinykeys(window, bindings);
})();
