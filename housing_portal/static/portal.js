// Comforts on top of pages that work without them. A module: it runs once the page is parsed.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Mistakes: take the person to the list of them.
document.querySelector("[data-error-summary]")?.focus();

// A fragment link to an input must put the cursor there, with its label in sight.
for (const link of all("[data-error-summary] a")) {
  link.addEventListener("click", (event) => {
    const input = document.getElementById(link.hash.slice(1));
    if (!input) return;
    event.preventDefault();
    (input.closest("fieldset, .govuk-form-group") ?? input).scrollIntoView();
    input.focus({ preventScroll: true });
  });
}

// Passwords can be read while they are typed, and are hidden again before they are sent.
for (const button of all("[data-password-toggle]")) {
  const input = document.getElementById(button.dataset.passwordToggle);
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
    button.setAttribute("aria-label", shown ? button.dataset.hideLabel : button.dataset.showLabel);
  };
  show(false);
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  input.form?.addEventListener("submit", () => show(false));
}

// A second press on "send" does nothing. Disabling waits a moment, so that the pressed button is still sent.
for (const form of all("form[method=post]:not([hx-post])")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => all("button:not([type=button])", form).forEach((button) => (button.disabled = true)));
  });
}
addEventListener("pageshow", () => {
  for (const form of all("form[data-sent]")) {
    delete form.dataset.sent;
    all("button:not([type=button])", form).forEach((button) => (button.disabled = false));
  }
});

// Leaving with unsaved answers asks first; the words stand in the page: data-unsaved on the form.
for (const form of all("form[data-unsaved]")) {
  const leave = (event) => event.preventDefault();
  form.addEventListener("input", () => {
    if (form.dataset.changed) return;
    form.dataset.changed = "yes";
    addEventListener("beforeunload", leave);
    const words = document.createElement("p");
    words.className = "portal-unsaved";
    words.role = "status";
    words.textContent = form.dataset.unsaved;
    (form.querySelector(".portal-actions") ?? form).append(words);
  });
  form.addEventListener("submit", () => removeEventListener("beforeunload", leave));
}

// Characters left in a long text.
for (const area of all("[data-limit]")) {
  const words = document.getElementById(`${area.id}-count`);
  const count = () => {
    const left = Number(area.dataset.limit) - [...area.value].length;
    words.textContent = (left < 0 ? area.dataset.over : area.dataset.left).replace("#", Math.abs(left));
    words.classList.toggle("govuk-error-message", left < 0);
  };
  area.addEventListener("input", count);
  count();
}

// A follow-up question shows only under the answer that asks for it.
for (const input of all("[data-reveals]")) {
  const more = document.getElementById(input.dataset.reveals);
  const update = () => (more.hidden = !input.checked);
  for (const other of all(`input[name="${CSS.escape(input.name)}"]`)) other.addEventListener("change", update);
  update();
}

// The documents of a case: one at a time.
for (const viewer of all("[data-viewer]")) {
  const tabs = all(".portal-viewer__tabs a", viewer);
  const panels = tabs.map((tab) => document.getElementById(tab.hash.slice(1)));
  const list = viewer.querySelector(".portal-viewer__tabs");
  const open = (chosen) => {
    tabs.forEach((tab, index) => {
      tab.ariaSelected = String(index === chosen);
      tab.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    });
  };
  list.role = "tablist";
  tabs.forEach((tab, index) => {
    tab.role = "tab";
    tab.id ||= `${panels[index].id}-tab`;
    tab.parentElement.role = "presentation";
    tab.setAttribute("aria-controls", panels[index].id);
    panels[index].role = "tabpanel";
    panels[index].setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      open(index);
    });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = (index + step + tabs.length) % tabs.length;
      open(next);
      tabs[next].focus();
    });
  });
  const asked = tabs.findIndex((tab) => tab.hash === location.hash);
  open(Math.max(asked, 0));
}

// Copy a code; the button appears only where copying is allowed.
if (navigator.clipboard) {
  for (const button of all("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
    });
  }
}

// The account menu closes with Escape and with a click elsewhere.
for (const menu of all(".portal-account")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

// Companies of the register under the employer field: type two characters, press one, and name and number are filled in.
for (const box of all("[data-suggest]")) {
  const inputs = box.dataset.fills.split(" ").map((id) => document.getElementById(id));
  const list = document.createElement("ul");
  list.className = "portal-suggest__list";
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "govuk-visually-hidden";
  status.role = "status";
  inputs[0].setAttribute("autocomplete", "off");
  inputs[0].after(list, status);
  box.remove();
  let waiting;
  const ask = async () => {
    const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(inputs[0].value)}`);
    if (!answer.ok) return;
    list.innerHTML = await answer.text();
    const count = list.children.length;
    list.hidden = !count;
    status.textContent = box.dataset.found.replace("#", count);
  };
  inputs[0].addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 200);
  });
  list.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-values]");
    if (!choice) return;
    JSON.parse(choice.dataset.values).forEach((value, index) => (inputs[index].value = value));
    list.hidden = true;
    inputs[0].focus();
  });
  inputs[0].addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.hidden = true;
  });
}

// What was sent but perhaps not saved (signed out meanwhile, no network) is offered again when the page comes back.
// It stays in this tab only. The page's version tells whether the save arrived.
const keptKey = `kept:${location.pathname}`;
const stillWaiting = (form, kept) => kept && kept.version === form.elements.page_version?.value;
for (const form of all("form[data-keep]")) {
  const kept = JSON.parse(sessionStorage.getItem(keptKey) ?? "null");
  const shown = new FormData(form);
  const differs = kept?.values.some(([name, value]) => shown.get(name) !== value);
  if (stillWaiting(form, kept) && differs) {
    const notice = document.createElement("div");
    notice.className = "portal-notice portal-notice--flash";
    notice.role = "status";
    const words = document.createElement("p");
    words.className = "portal-notice__text";
    words.textContent = form.dataset.keep;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = form.dataset.bringBack;
    button.addEventListener("click", () => {
      for (const [name, value] of kept.values) {
        for (const input of all(`[name="${CSS.escape(name)}"]`, form)) {
          if (input.type === "radio" || input.type === "checkbox") input.checked = input.value === value;
          else input.value = value;
        }
      }
      notice.remove();
    });
    notice.append(words, button);
    form.before(notice);
  } else {
    sessionStorage.removeItem(keptKey);
  }
  form.addEventListener("submit", () => {
    const values = [...new FormData(form)].filter(([name]) => name !== "csrf_token" && name !== "page_version");
    sessionStorage.setItem(keptKey, JSON.stringify({ version: form.elements.page_version?.value, values }));
  });
}
for (const form of all("form[action$='/sign-out']")) form.addEventListener("submit", () => sessionStorage.clear());

// A question that depends on another answer of the page is shown when that answer is given. Without this script it
// stands there with its hint; the server decides in any event.
for (const box of all("[data-asked-by]")) {
  const deciding = all(`[name="${CSS.escape(box.dataset.askedBy)}"]`, box.closest("form") ?? document); // the preview has no form
  const show = () => {
    const chosen = deciding.find((input) => input.tagName === "SELECT" || input.checked)?.value ?? "";
    box.hidden = !box.dataset.askedFor.split(" ").includes(chosen) && !box.querySelector(".govuk-form-group--error");
  };
  deciding.forEach((input) => input.addEventListener("change", show));
  show();
}

// Answers in a link: they stand behind the #, which a browser never sends. They are copied on request only, and read
// once; then the address is clean again. Only the form of the finder reads them, and only into fields that it has.
for (const form of all("form[data-answers]")) {
  const button = navigator.clipboard && form.querySelector("[data-share]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const given = [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && value);
      await navigator.clipboard.writeText(`${button.dataset.share}#a=${encodeURIComponent(new URLSearchParams(given))}`);
      button.textContent = button.dataset.copied;
    });
  }
  if (form.dataset.answers === "kept" || !location.hash.startsWith("#a=")) continue;
  for (const [name, value] of new URLSearchParams(decodeURIComponent(location.hash.slice(3)))) {
    if (name === "csrf_token") continue;
    for (const input of all(`[name="${CSS.escape(name)}"]`, form)) {
      if (input.type === "radio") input.checked = input.value === value;
      else input.value = value;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.closest("details")?.setAttribute("open", "");
    }
  }
  history.replaceState(null, "", location.pathname + location.search);
}
