/* The inbox as a desk: marking several, putting a text into the answer, keeping drafts on the server. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const tell = (words) => document.dispatchEvent(new CustomEvent("uppsikt:tell", { detail: words }));
  const words = (name) => document.body.dataset["words" + name] || "";

  // Marking: kept by key, since the list changes under one's hands -------------------------------------------------
  const marked = new Set();
  let last = null;
  const boxes = () => all("[data-mark]");
  const rowOf = (box) => box.closest("li");
  function show() {
    const sum = document.querySelector("[data-marked]");
    if (!sum) return;
    const text = marked.size === 0 ? sum.dataset.none : marked.size === 1 ? sum.dataset.one : sum.dataset.many.replace("{n}", marked.size);
    if (sum.textContent !== text) { sum.textContent = text; if (marked.size) tell(text); }
  }
  function set(box, yes) {
    box.checked = yes;
    box.toggleAttribute("checked", yes); // so that the list keeps it when it is brought up to date
    if (yes) marked.add(box.value); else marked.delete(box.value);
  }
  const here = () => {
    const row = document.activeElement?.closest?.("li");
    return (row && row.querySelector("[data-mark]")) || document.querySelector("[data-item][aria-current]")?.closest("li")?.querySelector("[data-mark]") || boxes()[0];
  };
  const acts = {
    mark() { const box = here(); if (box) { set(box, !box.checked); last = box.value; rowOf(box).querySelector("[data-item]")?.focus(); } },
    "mark-to"() {
      const list = boxes();
      const to = list.indexOf(here());
      const from = Math.max(0, list.findIndex((box) => box.value === last));
      if (to < 0) return;
      for (const box of list.slice(Math.min(from, to), Math.max(from, to) + 1)) set(box, true);
    },
    "mark-all"() { const list = boxes(); const yes = list.some((box) => !box.checked); for (const box of list) set(box, yes); },
  };
  document.addEventListener("uppsikt:act", (event) => { if (acts[event.detail]) { acts[event.detail](); show(); } });
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-mark]");
    if (!box) return;
    if (event.shiftKey && last) { set(box, true); box.focus(); acts["mark-to"](); } else { set(box, box.checked); last = box.value; }
    show();
  });
  document.addEventListener("htmx:after:swap", () => {
    const there = new Map(boxes().map((box) => [box.value, box]));
    for (const key of [...marked]) if (there.has(key)) set(there.get(key), true); else marked.delete(key);
    show();
  });

  // A text into the answer: from a template, an earlier answer, a colleague's draft ---------------------------------
  const FIELD = /\{[a-zåäö]+\}/;
  function insert(button) {
    const area = document.querySelector(button.dataset.insert);
    if (!area) return false;
    const folded = area.closest("details:not([open])");
    if (folded) folded.open = true;
    const text = button.dataset.text;
    const own = area.value.trim() !== "" && area.value !== area.defaultValue;
    area.value = own ? `${area.value.trimEnd()}\n\n${text}` : text;
    const hidden = area.form?.querySelector("[name=template]");
    if (hidden) hidden.value = button.dataset.template || "";
    button.closest("dialog")?.close();
    area.focus();
    // The first field that nobody has filled is marked, so that what is written next takes its place.
    const open = FIELD.exec(area.value);
    if (open) area.setSelectionRange(open.index, open.index + open[0].length);
    else area.setSelectionRange(area.value.length, area.value.length);
    area.dispatchEvent(new Event("input", { bubbles: true }));
    const missing = button.dataset.missing ? `${words("Missing")} ${button.dataset.missing}.` : "";
    tell([words("Inserted"), missing, button.dataset.check].filter(Boolean).join(" "));
    return true;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-insert]");
    if (button && insert(button)) event.preventDefault();
  });

  // Drafts ----------------------------------------------------------------------------------------------------------
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}");
  const QUIET = 800;
  const timers = new Map();
  function note(area, text) {
    let mark = area.parentElement.querySelector(":scope > .u-draft");
    if (!mark) { mark = document.createElement("p"); mark.className = "u-meta u-draft"; area.after(mark); }
    mark.replaceChildren(text);
    return mark;
  }
  async function save(area, keepalive = false) {
    clearTimeout(timers.get(area));
    timers.delete(area);
    if (area.dataset.conflict || area.dataset.saving) { if (area.dataset.saving) later(area); return; }
    const text = area.value;
    area.dataset.saving = "yes";
    try {
      const place = area.dataset.draftKey.replace(/^case-\d+-/, "");
      const body = new URLSearchParams({ place, text, version: area.dataset.draftVersion || "0" });
      const answer = await fetch(area.dataset.draftUrl, { method: "POST", headers, body, keepalive });
      if (answer.status === 409) { conflict(area, await answer.json()); return; }
      if (!answer.ok || answer.redirected) return; // what is kept in the tab is kept there
      const kept = await answer.json();
      area.dataset.draftVersion = kept.version;
      area.dataset.savedText = text;
      if (area.value === text) area.dispatchEvent(new CustomEvent("uppsikt:saved", { bubbles: true }));
      note(area, kept.version ? `${words("Saved")} ${kept.at}` : "");
    } catch { /* offline for a moment: what is kept in the tab is kept there */ } finally { delete area.dataset.saving; }
  }
  function conflict(area, there) {
    area.dataset.conflict = "yes";
    const mark = note(area, there.text ? `${words("Elsewhere")} ${there.at}. ` : `${words("SentElsewhere")} `);
    mark.setAttribute("role", "alert");
    const choose = (label, act) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "ds-button", textContent: label });
      button.dataset.variant = "secondary";
      button.addEventListener("click", () => { delete area.dataset.conflict; area.dataset.draftVersion = there.version; act(); mark.removeAttribute("role"); area.focus(); });
      mark.append(button, " ");
    };
    if (there.text) choose(words("TakeTheirs"), () => { area.value = there.text; area.dataset.savedText = there.text; mark.replaceChildren(); });
    choose(words("KeepMine"), () => { mark.replaceChildren(); save(area); });
  }
  function later(area) { clearTimeout(timers.get(area)); timers.set(area, setTimeout(() => save(area), QUIET)); }
  document.addEventListener("input", (event) => {
    const area = event.target.closest?.("[data-draft-url]");
    if (area) later(area);
  });
  addEventListener("pagehide", () => { for (const area of [...timers.keys()]) save(area, true); });
  document.addEventListener("submit", (event) => {
    // What is being sent is no draft any more: nothing may be saved after it was.
    for (const area of [...timers.keys()]) if (area.form === event.target) { clearTimeout(timers.get(area)); timers.delete(area); }
  });
  for (const area of all("[data-draft-url]")) area.dataset.savedText = area.defaultValue;

  // What can be taken back for some seconds says so for so long ------------------------------------------------------
  for (const box of all("[data-gone-in]")) setTimeout(() => {
    if (box.contains(document.activeElement)) document.getElementById("main")?.focus();
    box.remove();
  }, Number(box.dataset.goneIn) * 1000);
})();
