// The board: appointments are dragged and stretched here; the server decides (SVC-03).
"use strict";

(() => {
  const place = document.getElementById("board");
  const asked = place.dataset;
  const refusal = document.getElementById("board-refusal");
  const status = document.getElementById("board-status");
  const detail = document.getElementById("board-detail");
  const narrow = window.matchMedia("(max-width: 700px)").matches;
  const letter = asked.by === "technicians" ? "t" : "b";
  const EVERY = 20000; // ms from one look to the next
  const week = asked.span === "week";
  let dragging = false;
  let sending = false;
  let last = document.getElementById("board-data").textContent;

  const two = (number) => String(number).padStart(2, "0");
  const clock = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;
  const local = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${clock(at)}`;
  const address = (pattern, pk) => pattern.replace("/0/", `/${pk}/`);

  const events = (told) => {
    const everybody = told[asked.by].map((one) => one.id);
    const shut = told.shut.map((one) => ({
      start: one.start,
      end: one.end,
      title: one.why,
      display: "background",
      resourceIds: one.who ? [one.who] : everybody,
      classNames: ["board-shut"],
    }));
    const booked = told.events.map((one) => ({
      id: String(one.id),
      start: one.start,
      end: one.end,
      title: `${one.car} ${one.customer}`,
      resourceIds: one.who.filter((who) => who[0] === letter),
      editable: Boolean(asked.own) && one.holding && !narrow,
      classNames: [`board-${one.status}`],
      extendedProps: one,
    }));
    return narrow ? booked : [...shut, ...booked];
  };

  const line = (text, name = "span") => {
    const node = document.createElement(name);
    node.textContent = text;
    return node;
  };
  const content = ({ event }) => {
    if (event.display === "background") return { domNodes: [line(event.title)] };
    const one = event.extendedProps;
    const box = document.createElement("div");
    box.className = "board-what";
    const others = narrow ? [one.bay, one.technician] : [letter === "t" ? one.bay : one.technician];
    const lines = [
      [week && !narrow ? one.car : `${clock(event.start)} ${one.car}`, one.customer].join(" "),
      [one.model, one.work].filter(Boolean).join(" · "),
      [one.state, one.advisor, ...others].filter(Boolean).join(" · "),
    ];
    box.append(line(lines[0], "b"), line(lines[1]), line(lines[2]));
    box.title = `${clock(event.start)}–${clock(event.end)}\n${lines.join("\n")}`;
    return { domNodes: [box] };
  };

  const show = ({ event }) => {
    const one = event.extendedProps;
    if (!one.id) return;
    const told = { ...one, time: `${clock(event.start)}–${clock(event.end)}` };
    for (const node of detail.querySelectorAll("[data-told]")) node.textContent = told[node.dataset.told] || "—";
    detail.querySelector("[data-told=state]").className = `badge board-key board-${one.status}`;
    detail.querySelector("[data-link=page]").href = address(asked.page, one.id);
    const move = detail.querySelector("[data-link=move]");
    if (move) {
      move.href = address(asked.move, one.id);
      move.hidden = !one.holding;
    }
    detail.showModal();
  };

  const paint = (told) => {
    calendar.setOption("resources", told[asked.by]);
    calendar.setOption("slotMinTime", told.from);
    calendar.setOption("slotMaxTime", told.until);
    calendar.setOption("events", events(told));
  };

  // Nobody is kept signed in by a board that is only looked at.
  const look = async (mine = false) => {
    try {
      const answer = await fetch(asked.feed, { headers: { "X-Background": "1" } });
      if (answer.redirected || !answer.ok) return say("signedOut");
      const text = await answer.text();
      if (dragging || (sending && !mine)) return;
      if (text !== last) paint(JSON.parse(text));
      last = text;
      status.textContent = clock(new Date());
      status.classList.remove("text-red");
    } catch {
      status.classList.add("text-red");
    }
  };

  const refuse = (one, minutes, { refusal: sentence, times }) => {
    refusal.querySelector(".said").textContent = sentence;
    const offers = refusal.querySelector(".times");
    for (const old of offers.querySelectorAll("button")) old.remove();
    for (const time of times) {
      const button = line(time.text, "button");
      button.type = "button";
      button.className = "btn btn-sm num";
      button.addEventListener("click", () => send(one, { starts_at: time.at, minutes }));
      offers.append(button);
    }
    offers.hidden = !times.length;
    refusal.hidden = false;
    refusal.focus({ preventScroll: true });
    refusal.scrollIntoView({ block: "nearest" });
  };

  const send = async (one, facts, revert = () => {}) => {
    sending = true;
    place.classList.add("board-wait");
    refusal.hidden = true;
    const told = await ask(one, facts, revert);
    if (told) {
      last = "";
      await look(true); // the fresh version is drawn before anything can be dragged again
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 50)));
    }
    sending = false;
    place.classList.remove("board-wait");
    if (told?.said) status.textContent = told.said;
    if (told?.refusal) refuse(one, facts.minutes, told);
  };

  // What the server decided, whichever way; nothing when it could not be asked.
  const ask = async (one, facts, revert) => {
    const body = new URLSearchParams({ ...facts, version: one.version, csrfmiddlewaretoken: asked.csrf });
    try {
      const answer = await fetch(address(asked.drag, one.id), { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) revert();
      if ([200, 409, 422].includes(answer.status)) return await answer.json();
      say({ 401: "signedOut", 403: "forbidden", 404: "gone" }[answer.status] || "failed");
    } catch {
      revert();
      say("offline");
    }
    return null;
  };

  const changed = ({ event, newResource, revert }) => {
    const one = event.extendedProps;
    const who = newResource ? newResource.id : event.resourceIds[0];
    const facts = {
      starts_at: local(event.start),
      minutes: Math.round((event.end - event.start) / 60000),
      [letter === "b" ? "bay" : "technician"]: who.slice(1),
    };
    send(one, facts, revert);
  };
  const started = () => { dragging = true; };
  const stopped = () => { dragging = false; };

  const told = JSON.parse(last);
  const views = narrow ? ["listDay", "listWeek"] : ["resourceTimelineDay", "resourceTimelineWeek"];
  const calendar = EventCalendar.create(place, {
    view: views[Number(week)],
    date: asked.day,
    firstDay: 1,
    locale: document.documentElement.lang,
    headerToolbar: { start: "", center: "", end: "" },
    resources: told[asked.by],
    events: events(told),
    eventContent: content,
    eventClick: show,
    eventDrop: changed,
    eventResize: changed,
    eventDragStart: started,
    eventDragStop: stopped,
    eventResizeStart: started,
    eventResizeStop: stopped,
    noEventsContent: asked.empty,
    nowIndicator: true,
    slotMinTime: told.from,
    slotMaxTime: told.until,
    slotDuration: week ? "01:00" : "00:30",
    snapDuration: week ? "00:15" : "00:05",
    slotWidth: week ? 64 : 56,
    slotLabelFormat: (at) => `${at.getHours()}:${two(at.getMinutes())}`,
  });
  // The library's roles make a table without rows of it: to be read out it is a group of buttons.
  // What is wider than the screen is scrolled by the keyboard too.
  const plain = () => {
    for (const part of place.querySelectorAll("section")) part.tabIndex = 0;
    for (const node of place.querySelectorAll("[role]:not(.ec-event)")) {
      for (const { name } of [...node.attributes]) if (/^role$|^aria-(col|row)/.test(name)) node.removeAttribute(name);
    }
  };
  plain();
  new MutationObserver(plain).observe(place, { childList: true, subtree: true });

  setInterval(() => {
    if (!document.hidden && !dragging && !sending && !detail.open) look();
  }, EVERY);
})();
