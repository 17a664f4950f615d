/* A box in which one writes a few letters and chooses: the palette (asks the server) and the templates (stand in the page).
   A combobox with a listbox: the field keeps the focus, the option that Enter would take is the active one. */
(() => {
  "use strict";
  const options = (box) => [...box.querySelectorAll("[role=option]")].filter((option) => !option.hidden);
  const field = (box) => box.querySelector("[role=combobox]");
  const plain = (text) => text.toLocaleLowerCase().normalize("NFC");

  function activate(box, option) {
    for (const each of box.querySelectorAll("[role=option]")) each.setAttribute("aria-selected", String(each === option));
    if (option) { field(box).setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    else field(box).removeAttribute("aria-activedescendant");
  }
  const active = (box) => box.querySelector("[role=option][aria-selected=true]");

  function settle(box) {
    const shown = options(box);
    activate(box, shown[0] || null);
    const empty = box.querySelector("[data-empty]");
    if (empty) empty.hidden = shown.length > 0 || field(box).value.trim() === "";
  }
  function narrow(box) {
    const words = plain(field(box).value).split(/\s+/).filter(Boolean);
    for (const option of box.querySelectorAll("[role=option]")) {
      const text = plain(`${option.dataset.words || ""} ${option.textContent}`);
      option.hidden = !words.every((word) => text.includes(word));
    }
    settle(box);
  }

  // What the page itself can do now: everything with a key that stands in the list of shortcuts.
  function deeds() {
    const said = new Map();
    for (const row of document.querySelectorAll("#u-keys [data-keys]")) said.set(row.dataset.keys.split(" ")[0], row.nextElementSibling.textContent);
    const seen = new Set();
    return [...document.querySelectorAll("[data-key]")].filter((target) => {
      const key = target.dataset.key;
      if (!said.has(key) || seen.has(key) || !(target.checkVisibility?.() ?? true)) return false;
      seen.add(key);
      return true;
    }).map((target) => ({ target, key: target.dataset.key, words: said.get(target.dataset.key) }));
  }
  let asked = 0;
  let wait = 0;
  async function ask(box) {
    const turn = ++asked;
    const text = field(box).value.trim();
    let html = "";
    try {
      const answer = await fetch(`${box.dataset.ask}?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true" } });
      if (answer.ok) html = await answer.text();
    } catch { /* offline: what the page itself can do is still there */ }
    if (turn !== asked) return;
    const list = box.querySelector("[role=listbox]");
    const words = plain(text).split(/\s+/).filter(Boolean);
    list.innerHTML = html;
    const first = list.firstChild;
    deeds().filter((deed) => words.every((word) => plain(deed.words).includes(word))).forEach((deed, number) => {
      const option = document.createElement("a");
      option.setAttribute("role", "option");
      option.id = `u-deed-${number}`;
      option.href = "#";
      option.textContent = deed.words;
      const key = document.createElement("kbd");
      key.textContent = deed.key;
      option.append(" ", key);
      option.addEventListener("click", (event) => { event.preventDefault(); box.close(); run(deed.target); });
      if (words.length) list.insertBefore(option, first); else list.append(option);
    });
    for (const option of list.querySelectorAll("[role=option]")) option.tabIndex = -1;
    box.removeAttribute("aria-busy");
    settle(box);
  }
  function run(target) {
    if (target.matches("textarea, input:not([type=checkbox]), select")) target.focus();
    else if (target.tagName === "DETAILS") { target.open = true; target.querySelector("textarea, input:not([type=hidden]), select, button")?.focus(); }
    else target.click();
  }

  function open(id) {
    const box = document.getElementById(id);
    if (!box || (box.open && box.matches(":modal"))) return;
    if (box.open) box.close();
    if (document.querySelector("dialog:modal")) return;
    field(box).value = "";
    box.showModal();
    field(box).focus();
    if (box.dataset.ask) { box.setAttribute("aria-busy", "true"); ask(box); } else narrow(box);
  }
  for (const box of document.querySelectorAll("[data-chooser]")) {
    for (const option of box.querySelectorAll("[role=option]")) option.tabIndex = -1;
    field(box).addEventListener("input", () => {
      if (!box.dataset.ask) { narrow(box); return; }
      clearTimeout(wait);
      asked++; // an answer to what stood there before is no answer any more
      box.setAttribute("aria-busy", "true");
      wait = setTimeout(() => ask(box), 120);
    });
    box.addEventListener("keydown", (event) => {
      if (event.target !== field(box)) return;
      const shown = options(box);
      const at = shown.indexOf(active(box));
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const by = event.key === "ArrowDown" ? 1 : -1;
        if (shown.length) activate(box, shown[(at + by + shown.length) % shown.length]);
      } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        // Somebody who writes faster than the server answers means what they wrote, not what stood there before.
        if (box.getAttribute("aria-busy") === "true") { clearTimeout(wait); ask(box).then(() => active(box)?.click()); }
        else active(box)?.click();
      }
    });
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  }
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens]");
    if (opener) { event.preventDefault(); open(opener.dataset.opens.slice(1)); }
  });
  window.uppsiktChooser = { open };
})();
