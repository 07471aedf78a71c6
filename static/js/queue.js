// Keys of the moderation queue. Every one of them presses a button or follows a link that is on the page: without this file all of it works by hand.
// Single letters can be switched off (kept in this browser); together with Alt and Shift they work always, in fields too (WCAG 2.1.4).

const STORE = "queue-keys";
const page = document.querySelector("[data-queue]");
const dialog = document.getElementById("queue-keys");
const said = document.querySelector("[data-queue-said]");
// The decision that was begun with a key and waits for its ground and facts: the value of its button.
let begun = "";

const singleKeysAreOn = () => {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
};

const say = (text) => {
  said.textContent = text;
};

const find = (selector) => page.querySelector(selector);
const all = (selector) => [...page.querySelectorAll(selector)];
const button = (key) => find(`[data-queue-key="${key}"]`);
const isVisible = (element) => element.getClientRects().length > 0;

const press = (key) => {
  const target = button(key);
  if (!target || target.disabled) return false;
  target.click();
  return true;
};

const show = (element) => {
  const folded = element.closest("details:not([open])");
  if (folded) folded.open = true;
  element.focus();
  element.scrollIntoView({ block: "center" });
};

// The next or previous row of the list; beyond its ends the focus stays.
const move = (step) => {
  const rows = all("[data-queue-row]").filter(isVisible);
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)];
  show(next);
  return true;
};

// Approve: straight away only when no mark asks for an answer; else the first unanswered one gets the focus.
const approve = () => {
  const open = find("[data-queue-mark]:not(:checked)");
  if (open) {
    show(open);
    return true;
  }
  return press("a");
};

// What a decision asks for first, where it is not the ground.
const FIELDS = { m: "merge_into", n: "internal_note" };

// Begin a decision that needs words: the focus goes to the grounds (a digit chooses one) or to its field. Ctrl and Enter send it.
const begin = (key) => {
  const target = button(key);
  if (!target) return false;
  begun = target.value;
  all(".queue-begun").forEach((other) => other.classList.remove("queue-begun"));
  target.classList.add("queue-begun");
  const grounds = all("[name=ground]");
  const field = FIELDS[key] && document.getElementById(FIELDS[key]);
  if (field) {
    show(field);
  } else if (key === "s") {
    const spam = grounds.find((ground) => ground.value === "spam");
    if (spam) choose(spam);
  } else if (grounds.length) {
    show(grounds.find((ground) => ground.checked) ?? grounds[0]);
  }
  say(`${target.firstChild.textContent.trim()} …`);
  return true;
};

// Choose a ground: its sentence begins the facts, unless somebody has typed facts of their own.
const begins = () => all("[name=ground]").map((ground) => ground.dataset.queueFacts);

const fill = (ground) => {
  const facts = document.getElementById("facts");
  if (facts && (!facts.value.trim() || begins().includes(facts.value))) facts.value = ground.dataset.queueFacts;
};

const choose = (ground) => {
  ground.checked = true;
  fill(ground);
  const facts = document.getElementById("facts");
  show(facts);
  facts.setSelectionRange(facts.value.length, facts.value.length);
  say(ground.parentElement.textContent.trim());
};

const digit = (key) => {
  const ground = begun && find(`[data-queue-digit="${key}"]`);
  if (!ground) return false;
  choose(ground);
  return true;
};

const send = () => {
  const target = begun && find(`button[value="${begun}"]`);
  if (!target) return false;
  target.click();
  return true;
};

const open = () => {
  if (document.activeElement?.matches("[data-queue-row]")) return false;
  const first = all("[data-queue-row]").find(isVisible);
  if (!first) return false;
  first.click();
  return true;
};

const help = () => {
  if (dialog.open) dialog.close();
  else dialog.showModal();
  return true;
};

const KEYS = {
  a: approve,
  c: () => begin("c"),
  r: () => begin("r"),
  s: () => begin("s"),
  g: () => press("g"),
  m: () => begin("m"),
  n: () => begin("n"),
  u: () => press("u"),
  j: () => move(1),
  k: () => move(-1),
  o: () => {
    const row = document.activeElement?.closest?.("[data-queue-row]");
    if (row) {
      row.click();
      return true;
    }
    return open();
  },
  "?": help,
};

const isTyping = (element) => element.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");

document.addEventListener(
  "keydown",
  (event) => {
    if (event.isComposing || event.repeat) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (send()) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    const withModifier = event.altKey && event.shiftKey;
    if (!withModifier && (event.altKey || !singleKeysAreOn() || isTyping(event.target))) return;
    // With Alt the letter of the key counts, not the character that some keyboards make of it.
    const key = withModifier && /^(Key|Digit)/.test(event.code) ? event.code.slice(-1).toLowerCase() : event.key;
    if (dialog.open && key !== "?") return;
    const done = /^[1-9]$/.test(key) ? digit(key) : KEYS[key]?.();
    if (done) {
      event.preventDefault();
      // Wagtail has keys of its own ("?"): one key does one thing.
      event.stopImmediatePropagation();
    }
  },
  true,
);

const toggle = dialog.querySelector("[data-queue-switch]");
toggle.checked = singleKeysAreOn();
toggle.addEventListener("change", () => {
  try {
    localStorage.setItem(STORE, toggle.checked ? "on" : "off");
  } catch {
    // A browser that keeps nothing keeps the keys on.
  }
});

for (const link of all("[data-queue-help]")) {
  link.hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    help();
  });
}

for (const ground of all("[name=ground]")) ground.addEventListener("change", () => fill(ground));

// Others stand beside the first buttons where there is room.
const others = find(".queue-more");
if (others && matchMedia("(min-width: 50em)").matches) others.open = true;

// The offer to undo ends when its time does, so that nobody presses a button that can only be refused.
const undo = find("[data-queue-undo]");
if (undo) {
  setTimeout(() => {
    undo.querySelector("button").disabled = true;
  }, Number(undo.dataset.queueUndo) * 1000);
}

const problem = find("[role=alert], [aria-invalid=true]");
if (problem) {
  problem.tabIndex = problem.tabIndex >= 0 ? problem.tabIndex : -1;
  problem.focus();
}
