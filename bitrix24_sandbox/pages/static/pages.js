"use strict";

/* The page renews its live parts by reading itself again. A part that somebody is typing in is left alone. */

const PERIOD_MS = 1000;
const known = new Map();
const movedByHand = new Set();
let dragged = null;

const liveParts = (root) => root.querySelectorAll("[data-live]");
for (const part of liveParts(document)) known.set(part.id, part.outerHTML);

function isBusy(part) {
  if (dragged || part.dataset.dirty) return true;
  const active = document.activeElement;
  return part.contains(active) && active.matches("input, select, textarea");
}

async function renew() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of liveParts(fresh)) {
    const old = document.getElementById(part.id);
    if (!old || known.get(part.id) === part.outerHTML || isBusy(old)) continue;
    known.set(part.id, part.outerHTML);
    replace(old, document.importNode(part, true));
  }
}

function replace(old, part) {
  const before = new Map([...keyed(old)].map((each) => [each.dataset.key, each]));
  const scrolled = [old, ...old.querySelectorAll("[data-column]")].map((each) => [each.scrollLeft, each.scrollTop]);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(part);
  [part, ...part.querySelectorAll("[data-column]")].forEach((each, place) => {
    [each.scrollLeft, each.scrollTop] = scrolled[place] ?? [0, 0];
  });
  if (focused) refocus(part, focused);
  for (const each of keyed(part)) tellChange(before.get(each.dataset.key), each);
  prepare(part);
}

function* keyed(part) {
  if (part.dataset.key) yield part;
  yield* part.querySelectorAll("[data-key]");
}

function refocus(part, focused) {
  const same = [...part.querySelectorAll("a, button, summary, select")].find(
    (each) => each.outerHTML === focused.outerHTML || (focused.id && each.id === focused.id)
      || (focused.value && each.name === focused.name && each.value === focused.value));
  same?.focus({ preventScroll: true });
}

function tellChange(old, each) {
  const { key, sort, stage, title, note } = each.dataset;
  if (note !== undefined) {
    if (old && old.dataset.note !== note) tellNote(note);
    return;
  }
  if (!old) each.classList.add("fresh");
  else if (sort && Number(sort) < Number(old.dataset.sort) && !movedByHand.has(key)) {
    each.classList.add("returned");
    say(`Сделка ${title ? `«${title}» ` : ""}возвращена на стадию «${stage}»`, "back");
  } else if (!sort && old.innerHTML !== each.innerHTML) each.classList.add("fresh");
  movedByHand.delete(key);
}

function tellNote(state) {
  if (state === "warning") say("Контроль регламента: есть замечания", "warning");
  if (state === "clear") say("Всё исправлено", "clear");
}

function say(text, tone) {
  const toast = document.createElement("div");
  toast.className = `toast toast--${tone}`;
  toast.textContent = text;
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), 7000);
}

async function keepRenewing() {
  try {
    await renew();
  } catch {
    /* The sandbox is being restarted: ask again. */
  }
  setTimeout(keepRenewing, PERIOD_MS);
}

/* Moving a deal on the board: by dragging or by its list of stages, both through the tile's own form. */

async function move(tile, stage) {
  movedByHand.add(tile.dataset.key);
  const form = tile.querySelector("form");
  const body = new URLSearchParams({ board: "1", stage });
  const answer = await fetch(form.action, { method: "POST", body });
  if (!answer.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    say(page.querySelector("[role=alert]")?.textContent ?? "Не получилось", "back");
  }
  document.activeElement?.blur();
  known.delete("board");
  await renew();
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-deal]");
  if (dragged) {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.deal);
    dragged.classList.add("dragged");
  }
});
document.addEventListener("dragover", (event) => {
  const column = event.target.closest?.("[data-column]");
  markTarget(dragged && column);
  if (dragged && column) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const column = event.target.closest?.("[data-column]");
  if (!dragged || !column) return;
  event.preventDefault();
  const tile = dragged;
  dragged = null;
  if (tile.closest("[data-column]") === column) return;
  column.querySelector(".tiles").prepend(tile);
  move(tile, column.dataset.column);
});
document.addEventListener("dragend", () => {
  document.querySelector(".dragged")?.classList.remove("dragged");
  dragged = null;
  markTarget(null);
});

function markTarget(column) {
  for (const each of document.querySelectorAll(".target")) if (each !== column) each.classList.remove("target");
  column?.classList?.add("target");
}

/* Forms. */

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form.submit();
  if (event.target.matches("[data-move]")) move(event.target.closest("[data-deal]"), event.target.value);
});

document.addEventListener("input", (event) => {
  const kept = event.target.closest("[data-keep]");
  if (kept) {
    kept.dataset.dirty = "1";
    kept.querySelector(".unsaved").textContent = "Есть несохранённые изменения";
  }
  if (event.target.matches("[data-suggest]")) {
    clearTimeout(typing);
    typing = setTimeout(suggest, 200, event.target);
  }
});

/* A form that is saved says so on the next page; leaving one that is not asks first. */

let saving = false;
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-keep]")) return;
  saving = true;
  if (!event.submitter?.hasAttribute("formaction")) sessionStorage.setItem("saved", "1");
});
addEventListener("beforeunload", (event) => {
  if (!saving && document.querySelector("[data-dirty]")) event.preventDefault();
});
if (sessionStorage.getItem("saved")) {
  sessionStorage.removeItem("saved");
  if (!document.querySelector("[role=alert]")) say("Сохранено", "clear");
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]") && document.referrer) {
    event.preventDefault();
    history.back();
  }
  const add = event.target.closest("[data-add]");
  if (!add) return;
  const group = add.closest(".group");
  const rows = group.querySelector(".rows");
  rows.append(group.querySelector("template").content.cloneNode(true));
  rows.lastElementChild.querySelector("input:not([type=hidden])").focus();
});

document.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("[data-focus]")?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details[open].adder");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
  const inComment = event.target.matches?.(".say textarea");
  if (inComment && event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
});

let typing = 0;
let asked = 0;
async function suggest(input) {
  const number = ++asked;
  const answer = await fetch(`/suggest/${input.dataset.suggest}?find=${encodeURIComponent(input.value)}`);
  const found = answer.ok ? await answer.json() : [];
  if (number !== asked) return;
  input.list.replaceChildren(...found.map((text) => Object.assign(document.createElement("option"), { value: text })));
}

/* What the server cannot know: where the current stage stands in the strip. */

function prepare(root) {
  const strip = root.matches?.(".stages") ? root : root.querySelector(".stages");
  const current = strip?.querySelector("[aria-current]");
  if (current) strip.scrollLeft = current.offsetLeft - strip.offsetLeft - 24;
}

document.documentElement.classList.add("scripted");
prepare(document);
setTimeout(keepRenewing, PERIOD_MS);
