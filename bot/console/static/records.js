// Shows the preview again when somebody pauses in writing. Without this script the button does the same.
(() => {
  "use strict";
  const form = document.querySelector("form.record[data-preview]");
  const place = document.getElementById("preview");
  if (!form || !place) return;
  let waiting = 0;
  let asked = 0;
  const refresh = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "error",
      });
      if (!answer.ok || mine !== asked) return;
      // What the server sends is escaped there; as a document of its own it could not run anything either.
      const read = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...read.body.childNodes);
    } catch { /* the button is still there */ }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 900);
  });
})();
