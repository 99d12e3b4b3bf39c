// After the terminal's program is there: start it once its type is, and give it the keys.
"use strict";

const start = window.onload;
window.onload = null;

function takeKeys() {
  const keys = document.querySelector(".xterm-helper-textarea");
  if (!keys) return;
  keys.setAttribute("aria-label", "Keys for the game");
  if (touch) keys.setAttribute("inputmode", "none");
  keys.focus({ preventScroll: true });
}

async function begin() {
  try { await document.fonts.load("16px 'Roboto Mono'"); } catch { /* another font will do */ }
  terminal.dataset.fontSize = typeSize();
  start(new Event("load"));
  takeKeys();
  setTimeout(takeKeys, 300);
}
if (document.readyState === "complete") begin(); else addEventListener("load", begin);
addEventListener("focus", takeKeys);
terminal.addEventListener("pointerup", takeKeys);

// The browser's own paste instead of a control character.
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v") event.stopImmediatePropagation();
}, true);

// Another window size: another type, with the same game.
let resized;
addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => { if (Math.abs(typeSize() - terminal.dataset.fontSize) > 2) location.reload(); }, 600);
});

// Files: dropped on the page, or chosen.
const file = document.getElementById("file");
async function open(chosen) { if (chosen) paste(await chosen.text()); takeKeys(); }
file.addEventListener("change", () => { open(file.files[0]); file.value = ""; });
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => { event.preventDefault(); open(event.dataTransfer.files[0]); });

// Keys for fingers.
const pad = document.getElementById("keypad");
const KEYS = [
  ["1", "1"], ["2", "2"], ["3", "3"], ["4", "4"], ["5", "5"], ["⌫", "0"],
  ["6", "6"], ["7", "7"], ["8", "8"], ["9", "9"], ["✎", " ", "pencil"], ["↶", "u", "take back"],
  ["hint", "t"], ["check", "x"], ["⏎", "\r", "enter"], ["esc", "\x1b", "back"], ["list", "o", "library"], ["file", null, "open a file"],
];
for (const [name, keys, label] of KEYS) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = name;
  if (label) button.setAttribute("aria-label", label);
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => (keys === null ? file.click() : type(keys)));
  pad.append(button);
}

document.getElementById("again").addEventListener("click", () => location.reload());

// Is the server still there?
let missed = 0;
setInterval(async () => {
  try {
    const answer = await fetch("alive", { cache: "no-store", signal: AbortSignal.timeout(3000) });
    missed = answer.ok ? 0 : missed + 1;
  } catch { missed += 1; }
  if (missed >= 2) isGone("The server can't be reached. What you played is kept there.");
}, 3000);
