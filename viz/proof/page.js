"use strict";
(() => {
  const steps = [...document.querySelectorAll(".step")];
  const byNumber = new Map(steps.map((step) => [step.dataset.step, step]));
  const figure = document.querySelector(".figure");
  const graphs = [...document.querySelectorAll(".graphs > .graph")]; // Graphviz has elements of this class too
  const search = document.getElementById("search");
  const hits = document.getElementById("hits");
  const runs = [...document.querySelectorAll(".run")];
  let current = null;

  const words = (text) => (text || "").split(" ").filter(Boolean);
  /* Steps that the keys go through: not those of a closed run. */
  const shown = () => steps.filter((step) => step.getClientRects().length);

  /* What a step speaks of in the figure: "segment:AB angle:ABC". */
  function light(step, name) {
    if (!figure || !step) return;
    for (const mark of words(step.dataset.marks)) {
      const cut = mark.indexOf(":");
      const kind = mark.slice(0, cut);
      const value = CSS.escape(mark.slice(cut + 1));
      let parts = figure.querySelectorAll(kind === "point" ? `[data-point="${value}"]` : `.target[data-${kind}="${value}"]`);
      if (!parts.length) parts = figure.querySelectorAll(`[data-${kind}="${value}"]:not(text)`);
      for (const part of parts) part.classList.add(name);
    }
  }

  function lightAll(step) {
    if (!figure) return;
    for (const part of figure.querySelectorAll(".lit, .near")) part.classList.remove("lit", "near");
    if (!step) return;
    for (const number of words(step.dataset.from)) {
      const premise = byNumber.get(number);
      // Dozens of sums of angles would cover the figure: those of a closed run stay dark.
      if (premise && !premise.closest(".run:not(.open)")) light(premise, "near");
    }
    light(step, "lit");
  }

  /* The nodes of a graph that belong to a step: those that link to it. */
  const nodes = (graph, number) =>
    [...graph.querySelectorAll("a")]
      .filter((link) => (link.getAttribute("xlink:href") || link.getAttribute("href")) === `#step-${number}`)
      .map((link) => link.closest(".node"))
      .filter(Boolean);

  /* The number that a step goes by in the proof graph: a run of steps is one node. */
  const place = (graph, number) => {
    const run = graph.id === "graph-proof" && byNumber.get(number)?.closest(".run");
    return run ? run.dataset.first : number;
  };

  function markGraph(step) {
    for (const graph of graphs) {
      for (const part of graph.querySelectorAll(".current, .premise")) part.classList.remove("current", "premise");
      if (!step) continue;
      const number = place(graph, step.dataset.step);
      for (const from of words(step.dataset.from).map((one) => place(graph, one))) {
        for (const node of nodes(graph, from)) node.classList.add("premise");
        const edge = graph.querySelector(`#edge-${from}-${number}`);
        if (edge) edge.classList.add("current");
      }
      const own = nodes(graph, number);
      for (const node of own) node.classList.add("current");
      if (own.length) reveal(graph, own.at(-1));
    }
  }

  function reveal(box, node) {
    if (box.hidden) return;
    const a = node.getBoundingClientRect();
    const b = box.getBoundingClientRect();
    if (a.left < b.left || a.right > b.right) box.scrollLeft += (a.left + a.right - b.left - b.right) / 2;
    if (a.top < b.top || a.bottom > b.bottom) box.scrollTop += (a.top + a.bottom - b.top - b.bottom) / 2;
  }

  function open(step, wanted) {
    const details = step.querySelector(".details");
    const button = step.querySelector(".more");
    if (!details || !button) return;
    details.hidden = !wanted;
    button.setAttribute("aria-expanded", String(wanted));
  }

  function openRun(run, wanted) {
    run.classList.toggle("open", wanted);
    run.querySelector(".fold").setAttribute("aria-expanded", String(wanted));
  }

  const isOpen = (step) => {
    const details = step.querySelector(".details");
    return Boolean(details) && !details.hidden;
  };

  /* Make a step the current one; its details open, those of the one before close unless all are open. */
  function select(step, options = {}) {
    const before = current;
    if (before && before !== step && !document.body.classList.contains("open-all")) open(before, false);
    for (const other of document.querySelectorAll(".step.current, .step.premise")) {
      other.classList.remove("current", "premise");
      other.removeAttribute("aria-current");
    }
    current = step;
    if (step) {
      step.classList.remove("miss");
      const run = step.closest(".run");
      if (run) {
        run.classList.remove("miss");
        openRun(run, true);
      }
      step.classList.add("current");
      step.setAttribute("aria-current", "step");
      for (const number of words(step.dataset.from)) {
        const premise = byNumber.get(number);
        if (premise) premise.classList.add("premise");
      }
      if (options.open !== false) open(step, true);
      if (options.scroll !== false) bring(step);
      if (location.hash !== `#step-${step.dataset.step}`) {
        history.replaceState(null, "", `#step-${step.dataset.step}`);
      }
    }
    lightAll(step);
    markGraph(step);
  }

  function bring(step) {
    const box = step.getBoundingClientRect();
    const bars = [...document.querySelectorAll(".bar, .figure")].filter((part) => getComputedStyle(part).position === "sticky");
    const top = Math.max(0, ...bars.map((part) => part.getBoundingClientRect()).filter((r) => r.top < 80 && r.left < box.right && r.right > box.left).map((r) => r.bottom));
    if (box.top < top + 8 || box.height > innerHeight - top) scrollBy({ top: box.top - top - 8 });
    else if (box.bottom > innerHeight - 8) scrollBy({ top: Math.min(box.bottom - innerHeight + 16, box.top - top - 8) });
  }

  function move(by) {
    const list = shown();
    if (!list.length) return;
    const place = list.indexOf(current);
    const next = place < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, place + by));
    select(list[next]);
  }

  function end(place) {
    const step = shown().at(place);
    if (step) select(step);
  }

  function toggleAll(wanted) {
    document.body.classList.toggle("open-all", wanted);
    for (const step of steps) open(step, wanted);
    for (const run of runs) openRun(run, wanted || run.contains(current));
    if (current) bring(current);
  }

  function filter() {
    const wanted = search.value.trim().toLowerCase().normalize("NFKC").split(/\s+/).filter(Boolean);
    let found = 0;
    for (const step of steps) {
      const text = (step.dataset.text || "").toLowerCase().normalize("NFKC");
      const fits = wanted.every((word) => text.includes(word));
      step.classList.toggle("miss", !fits);
      found += fits ? 1 : 0;
    }
    for (const run of runs) {
      const fits = run.querySelector(".step:not(.miss)") !== null;
      run.classList.toggle("miss", !fits);
      run.classList.toggle("searched", fits && wanted.length > 0);
    }
    hits.textContent = wanted.length ? `${found} ${hits.dataset.label}` : "";
  }

  function clear() {
    search.value = "";
    filter();
    search.blur();
  }

  function fromHash() {
    const found = /^#step-(\d+)$/.exec(location.hash);
    const step = found && byNumber.get(found[1]);
    if (step) select(step);
  }

  for (const run of runs) {
    run.querySelector(".fold").addEventListener("click", () => openRun(run, !run.classList.contains("open")));
  }

  for (const step of steps) {
    step.addEventListener("click", (event) => {
      if (event.target.closest(".details") || event.target.closest("a.ref")) return;
      if (event.target.closest("a")) event.preventDefault();
      if (String(getSelection()).length) return;
      if (current === step) open(step, !isOpen(step));
      else select(step);
    });
    step.addEventListener("mouseenter", () => { if (!current) lightAll(step); });
    step.addEventListener("mouseleave", () => { if (!current) lightAll(null); });
  }

  if (figure) {
    figure.addEventListener("click", (event) => {
      const part = event.target.closest("[data-segment],[data-angle],[data-polygon],[data-arc],[data-circle],[data-point]");
      if (!part) return select(null);
      const [kind, value] = Object.entries(part.dataset)[0];
      const mark = `${kind}:${value}`;
      const list = steps.filter((step) => words(step.dataset.marks).includes(mark));
      if (list.length) select(list[(list.indexOf(current) + 1) % list.length]);
    });
  }

  for (const graph of graphs) {
    graph.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      const found = /#step-(\d+)$/.exec(link.getAttribute("xlink:href") || link.getAttribute("href") || "");
      const step = found && byNumber.get(found[1]);
      if (step) select(step);
    });
  }

  const tabs = [...document.querySelectorAll(".tabs [role=tab]")];
  for (const tab of tabs) {
    tab.addEventListener("click", () => {
      for (const other of tabs) {
        other.setAttribute("aria-selected", String(other === tab));
        document.getElementById(other.getAttribute("aria-controls")).hidden = other !== tab;
      }
      fit();
      markGraph(current);
    });
  }

  const wide = document.getElementById("wide");
  function widen(wanted) {
    if (!wide) return;
    document.body.classList.toggle("wide-graph", wanted);
    wide.setAttribute("aria-pressed", String(wanted));
    fit();
    markGraph(current);
  }
  if (wide) wide.addEventListener("click", () => widen(!document.body.classList.contains("wide-graph")));

  /* A graph fills its panel, but never so small that its text cannot be read. */
  function fit() {
    for (const graph of graphs) {
      const svg = graph.querySelector("svg");
      if (!svg || graph.hidden) continue;
      const natural = svg.viewBox.baseVal.width * 1.2;
      const room = graph.clientWidth - 20;
      svg.setAttribute("width", String(Math.round(Math.max(Math.min(natural, room), natural * 0.62))));
      svg.removeAttribute("height");
      if (!current) {
        const goal = graph.querySelector(".node.goal");
        if (goal) reveal(graph, goal);
      }
    }
  }

  document.getElementById("all").addEventListener("click", () => toggleAll(!document.body.classList.contains("open-all")));
  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      search.blur();
      const list = shown();
      if (list.length) select(list[0]);
    }
  });

  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (search.value) clear();
      else if (document.activeElement === search) search.blur();
      else if (document.body.classList.contains("wide-graph")) widen(false);
      else select(null);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === search) return;
    const actions = {
      j: () => move(1),
      ArrowDown: () => move(1),
      k: () => move(-1),
      ArrowUp: () => move(-1),
      Home: () => end(0),
      End: () => end(-1),
      o: () => current && open(current, !isOpen(current)),
      c: () => toggleAll(!document.body.classList.contains("open-all")),
      g: () => widen(!document.body.classList.contains("wide-graph")),
      "/": () => search.focus(),
    };
    if (event.key === "Enter" && !event.target.closest("a, button")) actions.Enter = actions.o;
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });

  addEventListener("hashchange", fromHash);
  addEventListener("resize", fit);
  fit();
  fromHash();
})();
