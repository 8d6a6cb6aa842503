// Around textual-serve's terminal: where it connects to, when it is drawn first, and what is said
// once it has ended. Runs after textual.js, which builds the terminal in window.onload.
"use strict";

(() => {
  const LOST = "The program was left, or the connection was lost. What was said is kept: after “Begin again”, r goes on with an open hour.";
  const FONTS = ["16px 'Roboto Mono'", "bold 16px 'Roboto Mono'", "italic 16px 'Roboto Mono'"];
  const Plain = window.WebSocket;
  let why = LOST;

  // The server says in a message of its own why a tab ends.
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (typeof data !== "string") return;
        const [kind, text] = JSON.parse(data);
        if (kind === "problem") why = text;
      });
    }
  };

  const onClass = (name, act) => {
    const watcher = new MutationObserver(() => {
      if (!document.body.classList.contains(name)) return;
      watcher.disconnect();
      act();
    });
    watcher.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  };

  const build = window.onload;
  window.onload = async (event) => {
    const terminal = document.getElementById("terminal");
    // As the page was reached: behind a proxy the server itself does not know.
    const here = new URL(terminal.dataset.sessionWebsocketUrl, window.location.href);
    here.protocol = here.protocol.replace("http", "ws");
    terminal.dataset.sessionWebsocketUrl = here.href;
    onClass("-first-byte", () => terminal.querySelector("textarea")?.focus());
    onClass("-closed", () => {
      document.getElementById("ended-why").textContent = why;
      document.getElementById("again").focus();
    });
    // Letters are measured once: the font has to be there before.
    await Promise.allSettled(FONTS.map((font) => document.fonts.load(font)));
    build(event);
  };
})();
