/* Passkeys: what the browser's own dialogue needs, and back into the form. Without it the page's other ways still work. */
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const no = form.querySelector("[data-passkey-no]");
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      no.hidden = true;
      try {
        const options = form.dataset.passkeyOptions ? JSON.parse(form.dataset.passkeyOptions) : await fetched(form);
        const credential = form.dataset.passkey === "create" ? await create(form, options.creation_options) : await window.webauthnJSON.get(options.request_options);
        form.elements.credential.value = JSON.stringify(credential);
        form.requestSubmit();
      } catch {
        no.hidden = false; // the person pressed cancel, or the key did not fit: the page says so
      }
    }, { capture: true });
  }
  async function fetched(form) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }
  function create(form, options) {
    const alone = Boolean(form.elements.passwordless?.checked);
    const choice = options.publicKey.authenticatorSelection;
    choice.residentKey = alone ? "required" : "discouraged";
    choice.requireResidentKey = alone;
    if (alone) choice.userVerification = "required";
    return window.webauthnJSON.create(options);
  }
})();
