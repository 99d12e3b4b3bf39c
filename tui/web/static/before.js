// Before the terminal starts: where its socket is, how large its type is, and a hold on the socket.
"use strict";

const terminal = document.getElementById("terminal");
const gone = document.getElementById("gone");
const touch = matchMedia("(pointer: coarse)").matches;
document.body.classList.toggle("touch", touch);

function socketAddress() {
  const address = new URL("ws", location.href.split(/[?#]/)[0]);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const puzzle = new URLSearchParams(location.search).get("p");
  return address.href + (puzzle ? "/" + encodeURIComponent(puzzle) : "");
}

// The largest type at which one of these windows fits; the first ones show more.
function typeSize() {
  const width = terminal.clientWidth, height = terminal.clientHeight;
  const windows = width < height ? [[39, 24]] : [[120, 41], [100, 30], [80, 24]];
  let size = 8;
  for (const [columns, rows] of windows) {
    size = Math.floor(Math.min(width / columns / 0.602, height / rows / 1.32));
    if (size >= 16) break;
  }
  return Math.max(8, Math.min(30, size));
}

// Some browsers report this in the wrong unit; without it the terminal reckons for itself.
delete ResizeObserverEntry.prototype.devicePixelContentBoxSize;

terminal.dataset.sessionWebsocketUrl = socketAddress();

function isGone(why) {
  document.getElementById("why").textContent = why;
  gone.hidden = false;
}

let line = null;
window.WebSocket = class extends window.WebSocket {
  constructor(...address) {
    super(...address);
    line = this;
    this.addEventListener("close", (event) => isGone(event.reason || "The game on the server has ended. What you played is kept."));
    this.addEventListener("message", (event) => {
      if (typeof event.data !== "string") return;
      const [kind, key] = JSON.parse(event.data);
      if (kind !== "deliver_file_start") return;
      event.stopImmediatePropagation();
      const link = document.createElement("a");
      link.href = "download/" + encodeURIComponent(key);
      link.download = "";
      link.click();
    });
  }
};

// The terminal sends its focus before its socket is open: that is no error.
const send = window.WebSocket.prototype.send;
window.WebSocket.prototype.send = function (data) {
  if (this.readyState === this.OPEN) send.call(this, data);
};

function type(text) {
  if (line && line.readyState === WebSocket.OPEN) line.send(JSON.stringify(["stdin", text]));
}

function paste(text) {
  if (text.length > 1000000) return alert("This is more than 1 MB: too much for a puzzle.");
  type("\x1b[200~" + text.replaceAll("\x1b", "") + "\x1b[201~");
}
