/* Fingerpost's conversation, on any page:
   <script src="https://your-gateway/widget.js" defer data-name="Your hub" data-colour="#14513f" data-ink="#ffffff"></script>
   What was said never becomes HTML: text goes in as text, links only from http(s) addresses. */
(() => {
  "use strict";
  const tag = document.currentScript;
  const base = new URL(tag.src).origin;
  const { name = "Fingerpost", colour = "#14513f", ink = "#fff", label = "Find support",
    greeting = "Hello. Tell me in your own words what you want for your business, and I will find what is there to help.",
  } = tag.dataset;
  const KEY = "fingerpost:" + base;
  const WAITS = ["waking", "still_answering"];

  const CSS = `
:host{all:initial;--bg:#fff;--fg:#1d2a26;--soft:#eff2ec;--dim:#55625c;--line:#c9cfc6;--bad:#a3230f;
font:16px/1.5 Seravek,Ubuntu,Calibri,"Segoe UI","DejaVu Sans",sans-serif;color:var(--fg)}
*{box-sizing:border-box}
button,textarea{font:inherit;color:inherit}
button{cursor:pointer;border:0;background:none}
:focus-visible{outline:3px solid var(--fg);outline-offset:2px}
.launch{position:fixed;right:20px;bottom:20px;z-index:2147483000;display:flex;gap:10px;align-items:center;padding:13px 30px 13px 18px;
background:var(--m);color:var(--on);font-weight:600;clip-path:polygon(0 0,calc(100% - 16px) 0,100% 50%,calc(100% - 16px) 100%,0 100%)}
.launch:focus-visible,.top button:focus-visible{outline-color:var(--on);outline-offset:-5px}
dialog{position:fixed;inset:auto 20px 20px auto;z-index:2147483001;width:400px;max-width:calc(100vw - 40px);height:min(640px,calc(100vh - 40px));
margin:0;padding:0;border:1px solid var(--line);border-radius:10px;background:var(--bg);color:var(--fg);overflow:hidden;box-shadow:0 12px 40px #0003}
dialog[open]{display:flex;flex-direction:column}
.top{display:flex;align-items:center;gap:8px;padding:12px 10px 12px 18px;background:var(--m);color:var(--on)}
h2{flex:1;margin:0;font-size:17px;font-weight:600}
.top button{min-width:40px;height:40px;font-size:22px;line-height:1;border-radius:6px}
.with{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;padding:8px 18px;background:var(--soft);font-size:14px}
.with button{padding:0;text-decoration:underline}
.who{display:block;font-size:14px;font-weight:600}
.log{flex:1;overflow-y:auto;padding:18px}
.log>div{margin:0 0 12px;overflow-wrap:anywhere}
.says{white-space:pre-wrap;margin:0}
.you{width:fit-content;max-width:85%;margin-left:auto!important;padding:8px 14px;background:var(--soft);border-radius:12px 12px 2px 12px}
.picks{display:flex;flex-wrap:wrap;gap:8px;margin-top:10px}
.picks button{min-height:40px;padding:6px 14px;border:1.5px solid var(--fg);border-radius:20px;text-align:left}
.picks button:hover{background:var(--soft)}
a{color:inherit}
.card{margin-top:10px;padding:14px 16px;border-left:5px solid var(--m);background:var(--soft)}
.card b{display:block;margin-bottom:4px}
ol{margin:8px 0 12px;padding-left:22px}
ol li{padding:10px 0}
ul{margin:10px 0 0;padding:0;list-style:none}
li{padding:10px 0;border-top:1px solid var(--line)}
li small,.note{display:block;color:var(--dim);font-size:14px}
.bad{color:var(--bad)}
.dots:after{content:"…";display:inline-block;width:1em;overflow:hidden;vertical-align:bottom;animation:d 1.2s steps(4) infinite}
@keyframes d{from{width:0}}
form{display:flex;gap:8px;padding:12px;border-top:1px solid var(--line)}
textarea{flex:1;min-width:0;height:46px;max-height:120px;padding:10px 12px;border:1.5px solid var(--dim);border-radius:6px;background:var(--bg);resize:none}
form button{padding:0 18px;border-radius:6px;background:var(--m);color:var(--on);font-weight:600}
.end{padding:0 14px 10px;font-size:13.5px;color:var(--dim)}
.end button{padding:0;text-decoration:underline}
[hidden]{display:none!important}
.off{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (max-width:480px){dialog{inset:0;width:100%;max-width:none;height:100%;max-height:none;border:0;border-radius:0}}
@media (prefers-color-scheme:dark){:host{--bg:#18211e;--fg:#eef1ec;--soft:#26322d;--dim:#b3beb6;--line:#44524b;--bad:#ffb4a6}}
@media (prefers-reduced-motion:reduce){.dots:after{animation:none}}
@media (forced-colors:active){.you,.card,form button,.launch{border:1px solid}}`;

  const make = (kind, props = {}, ...inside) => {
    const node = Object.assign(document.createElement(kind), props);
    node.append(...inside.filter((part) => part != null));
    return node;
  };
  const address = (told) => {
    try {
      const url = new URL(told, base);
      return /^https?:$/.test(url.protocol) ? url.href : null;
    } catch { return null; }
  };
  const link = (url, words) => {
    const href = url && address(url);
    return href ? make("a", { href, textContent: words, target: "_blank", rel: "noopener noreferrer" })
      : document.createTextNode(words);
  };
  const linked = (text, ways) => text.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/)
    .map((part, i) => (i % 2 ? link(ways[part] || part, part) : part));
  const site = (told) => (told && address(told) ? new URL(told, base).hostname.replace(/^www\./, "") : "");
  /* An offer's page is opened by way of our count, which leads to the address in its record and nowhere else. */
  const way = ({ offer, url }) => (offer && url && address(url) ? `${base}/source/${encodeURIComponent(offer)}` : url);
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

  /* Who asked for a person finds that conversation again in a new tab and weeks later, to hear of it and to have it
     deleted: which one it was, and the last line that was shown, stay in this browser; nothing of what was said does. */
  const kept = {
    get: () => { try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return {}; } },
    put: () => { try { localStorage.setItem(KEY, JSON.stringify({ session: state.session, after: state.after })); } catch { /* storage is off */ } },
    drop: () => { try { localStorage.removeItem(KEY); } catch { /* storage is off */ } },
  };

  /* What survives a reload; a message not yet answered is pending. */
  const empty = () => ({ session: null, said: [], pending: null, open: false, person: null, after: 0, back: false });
  let state = empty();
  try { state = { ...state, ...JSON.parse(sessionStorage.getItem(KEY)) }; } catch { /* storage is off */ }
  if (!state.session && !state.said.length) {
    const { session, after } = kept.get();
    if (typeof session === "string" && session) state = { ...state, session, after: Number.isSafeInteger(after) ? after : 0, back: true };
  }
  const save = () => { try { sessionStorage.setItem(KEY, JSON.stringify(state)); } catch { /* storage is off */ } };

  const host = make("div");
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
  } catch { root.append(make("style", { textContent: CSS })); }
  const log = make("div", { className: "log", tabIndex: 0, role: "log", ariaLive: "polite", ariaLabel: "Conversation" });
  const input = make("textarea", { id: "say", rows: 1, maxLength: 4000, placeholder: "Write here" });
  const person = make("div", { className: "with", hidden: true });
  const form = make("form", {}, make("label", { htmlFor: "say", className: "off", textContent: "Your message" }), input,
    make("button", { textContent: "Send" }));
  const close = make("button", { type: "button", ariaLabel: "Close the conversation", textContent: "×" });
  const restart = make("button", { type: "button", textContent: "Delete and start again" });
  const panel = make("dialog", { ariaLabel: name },
    make("div", { className: "top" }, make("h2", { textContent: name }), close), person, log, form,
    make("div", { className: "end" }, restart, " · ", link("/about-your-data", "What happens to your data")));
  const launch = make("button", { className: "launch", type: "button", ariaExpanded: "false", textContent: label });
  root.append(launch, panel);
  host.style.cssText = `--m:${colour};--on:${ink}`;

  /* What was said, drawn. */
  const offer = (one) => make("li", {}, link(way(one), one.name), one.site ? ` (${one.site})` : null,
    ...one.notes.map((textContent) => make("small", { textContent })));
  const step = (one) => make("li", {}, make("b", { textContent: one.name }),
    ...one.notes.map((textContent) => make("small", { textContent })),
    make("small", {}, "Source: ", one.url ? link(way(one), one.site) : one.site, one.age));
  const card = ({ url, steps }) => make("div", { className: "card" },
    make("b", { textContent: "Your roadmap" }), steps.length ? make("ol", {}, ...steps.map(step)) : null,
    link(url, "Open it, keep it or share it"));
  const draw = (line) => {
    if (line.you) return log.append(make("div", { className: "you says", textContent: line.text }));
    /* The steps say the same as the text does for those who have no card. */
    const words = line.roadmap && line.roadmap.steps.length ? "" : line.text;
    const ways = Object.fromEntries((line.offers || []).map((one) => [one.url, way(one)]));
    const box = make("div", {}, line.who ? make("b", { className: "who", textContent: line.who }) : null,
      words ? make("p", { className: "says" }, ...linked(words, ways)) : null);
    if (line.offers) box.append(make("ul", {}, ...line.offers.map(offer)));
    if (line.roadmap) box.append(card(line.roadmap));
    if (line.buttons) box.append(make("div", { className: "picks" }, ...line.buttons.map((b) =>
      make("button", { type: "button", textContent: b.title, onclick: () => send(b.payload, b.title) }))));
    log.append(box);
  };
  const dropButtons = () => {
    log.querySelectorAll(".picks").forEach((picks) => picks.remove());
    state.said.forEach((line) => { delete line.buttons; });
  };
  const day = (iso) => new Date(`${iso}T12:00:00`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  const steps = ({ phases = [] }) => phases.flatMap((phase) => phase.steps).map((s) => ({
    offer: s.offer, name: String(s.name), url: (s.source || {}).url || null,
    site: site((s.source || {}).url) || (s.source || {}).title || "not recorded",
    age: `${s.source_date ? `, page dated ${s.source_date}` : ""}${s.source_checked ? `, seen ${day(s.source_checked)}` : ""}${s.checked ? `; ${s.checked}` : s.assured ? "" : "; not yet checked by the hub"}`,
    notes: [s.provider, (s.why || []).slice(-2).join(". "), `Cost: ${s.cost}`,
      s.apply_by ? `Apply by ${day(s.apply_by)}` : `When: ${s.window}`,
      ...(s.verdict === "unsure" ? [`Not sure yet: ${(s.unsure || [])[0] || "some conditions are open"}`] : [])].filter(Boolean) }));
  /* Of an answer, only what is shown is remembered. */
  const brief = ({ text, buttons, roadmap, offers, who }) => ({
    text, buttons, who, roadmap: roadmap && { url: roadmap.url, steps: roadmap.unchanged ? [] : steps(roadmap) },
    offers: offers && offers.map((o) => ({ offer: o.offer, name: String(o.name || ""), url: (o.source || {}).url,
      site: site((o.source || {}).url),
      notes: [o.provider, o.summary].filter((note) => typeof note === "string" && note) })) });
  /* A long answer is read from its beginning: the message it answers stays in sight. */
  const settle = () => {
    const mine = [...log.querySelectorAll(".you")].pop();
    log.scrollTop = mine ? Math.min(log.scrollHeight, mine.offsetTop - log.offsetTop - 12) : log.scrollHeight;
  };
  const add = (line) => { state.said.push(line); draw(line); settle(); save(); };
  const redraw = () => { log.replaceChildren(); draw({ text: greeting }); state.said.forEach(draw); settle(); };

  /* One line below: busy, waking, or what went wrong and the way out. */
  let status = null;
  const tell = (text, { bad = false, busy = false, again = null } = {}) => {
    if (status) status.remove();
    status = text == null ? null : make("div", { className: "note" + (bad ? " bad" : "") + (busy ? " dots" : ""), textContent: text });
    if (!status) return;
    if (again) status.append(make("div", { className: "picks" }, make("button", { type: "button", textContent: "Try again", onclick: again })));
    log.append(status);
    log.scrollTop = log.scrollHeight;
  };

  /* A person may answer here: asked for every few seconds while that is so, and never while nobody looks. */
  const OPEN = ["new", "taken", "in_contact"];
  let timer = 0, asking = false, lately = Date.now(), returned = state.back;
  const meet = (told) => {
    const { name: who = "", live = false, state: now = "" } = told || {};
    state.person = OPEN.includes(now) ? { name: who, live, state: now } : null;
    if (told && state.session) kept.put();
    person.hidden = !state.person && !state.back;
    person.replaceChildren();
    if (state.back) {
      person.append("You talked here before, and asked for a person.",
        make("button", { type: "button", textContent: "That was not me", onclick: () => { kept.drop(); afresh(); } }));
    }
    if (!state.person) return;
    person.append(live ? `${who} answers here.` : now === "new" ? `Your request is with ${who}.` : `${who} has your request.`);
    if (live) person.append(make("button", { type: "button", textContent: "Back to Fingerpost", onclick: () => send("Back to Fingerpost") }));
  };
  /* The conversation is not there any more: the next message begins another. */
  const lost = () => {
    if (kept.get().session === state.session) kept.drop();
    state.session = null;
    state.back = false;
    meet(null);
  };
  const fresh = (id) => {
    if (!(id > state.after)) return false;
    state.after = id;
    lately = Date.now();
    return true;
  };
  const pause = () => {
    if (!(state.person || returned) || !state.session || !panel.open) return 0;
    if (document.hidden) return 60000;
    return state.person && state.person.live && Date.now() - lately < 300000 ? 3000 : 15000;
  };
  const listen = () => {
    clearTimeout(timer);
    const wait = pause();
    if (wait) timer = setTimeout(news, wait);
  };
  const news = async () => {
    if (asking || !pause()) return;
    asking = true;
    const { session, after } = state;
    let answer;
    try {
      answer = await (await fetch(`${base}/api/chat/news?session=${encodeURIComponent(session)}&after=${after}`,
        { credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(15000) })).json();
    } catch { answer = { error: "offline" }; }
    asking = false;
    if (session === state.session) {
      returned = returned && answer.error && answer.error !== "unknown_session";
      if (answer.error === "unknown_session") lost();
      else if (!answer.error) {
        (answer.lines || []).forEach(({ id, who, text }) => {
          if (!fresh(id)) return;
          add({ text, who });
          log.scrollTop = log.scrollHeight;
        });
        meet(answer.person);
      }
      save();
    }
    listen();
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) news(); });

  /* Asking. A message keeps its id until it is answered, so that trying again never asks twice. */
  let busy = false;
  const post = (path, body) => fetch(base + path, {
    method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" },
    credentials: "omit", signal: AbortSignal.timeout(60000) });
  const ask = async () => {
    try {
      const { message, id } = state.pending;
      const after = state.person ? state.after : undefined;
      return await (await post("/api/chat", { session: state.session, message, message_id: id, after })).json();
    } catch { return { error: "offline", message: "That did not reach us; nothing was lost. Try again." }; }
  };
  const deliver = async () => {
    if (busy || !state.pending) return;
    busy = true;
    const asked = state.pending.id;
    let answer;
    lately = Date.now();
    tell(state.person && state.person.live ? "Sending" : "Looking", { busy });
    for (let tries = 0; tries < 20; tries += 1) {
      answer = await ask();
      if (answer.error === "unknown_session" && state.session) {
        lost();
        save();
      } else if (WAITS.includes(answer.error)) {
        tell(answer.message, { busy });
        await new Promise((done) => { setTimeout(done, 3000); });
      } else break;
      if (!state.pending || state.pending.id !== asked) break;
    }
    busy = false;
    tell(null);
    if (!state.pending || state.pending.id !== asked) return;
    if (!answer.error) {
      state.pending = null;
      if (!answer.session) lost();
      state.session = answer.session;
      if (!state.session) { state.said = []; state.after = 0; redraw(); }
      answer.replies.forEach((reply) => { if (reply.line == null || fresh(reply.line)) add(brief(reply)); });
      meet(answer.person);
      listen();
    } else if (/^(too_long|too_large|empty_message|bad_)/.test(answer.error)) {
      input.value = state.pending.message;
      state.pending = null;
      tell(answer.message, { bad: true });
    } else tell(answer.message, { bad: true, again: deliver });
    save();
  };
  const send = (message, shown = message) => {
    if (busy || !message.trim()) return;
    tell(null);
    dropButtons();
    state.back = false;
    state.pending = { message, id: newId() };
    add({ you: true, text: shown });
    (matchMedia("(pointer:coarse)").matches ? log : input).focus();
    deliver();
  };

  /* On a phone the panel is modal, so that focus cannot wander behind it. */
  const show = () => {
    if (panel.open) return;
    if (matchMedia("(max-width:480px)").matches) panel.showModal(); else panel.show();
    launch.ariaExpanded = "true";
    launch.hidden = true;
    state.open = true;
    save();
    input.focus();
    log.scrollTop = log.scrollHeight;
    news();
  };
  panel.addEventListener("close", () => {
    launch.ariaExpanded = "false";
    launch.hidden = false;
    state.open = false;
    save();
    launch.focus();
  });
  launch.onclick = show;
  close.onclick = () => panel.close();
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); panel.close(); } });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  form.onsubmit = (event) => {
    event.preventDefault();
    if (busy) return;
    const text = input.value;
    input.value = "";
    send(text);
  };
  const afresh = () => {
    state = { ...empty(), open: true };
    meet(null);
    save();
    tell(null);
    redraw();
    input.focus();
  };
  restart.onclick = async () => {
    if (!confirm("Delete this conversation and start again?")) return;
    const { session } = state;
    if (session) {
      const gone = await post("/api/forget", { session }).then((r) => r.ok, () => false);
      if (!gone) return tell("We could not delete it just now. Try again.", { bad: true });
    }
    lost();
    afresh();
  };
  /* A page may offer questions of its own: <button data-fingerpost-ask="I need a grant">. */
  document.addEventListener("click", (event) => {
    const asker = event.target instanceof Element && event.target.closest("[data-fingerpost-ask]");
    if (!asker) return;
    show();
    send(asker.dataset.fingerpostAsk);
  });

  document.body.append(host);
  redraw();
  meet(state.person);
  if (state.open) show();
  deliver();
})();
