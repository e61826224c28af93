// The map of cameras. Its counts and cameras come by tiles of 512 points, each with its words in the language of the page;
// the list of the page has the same without script. Leaflet (a global, L) draws; nothing here asks another server.
const CELL_TILE = 512;
const FIRST_ZOOM = 5;
const LAST_ZOOM = 18;
const MOST_KEPT = 200; // tiles
const MOST_SHOWN = 20; // cameras of one mark in a popup
const APART = 32; // points from mark to mark, so that each can be touched (WCAG 2.2, 2.5.8)

/** A topology (TopoJSON) as polygons of Leaflet: rings of latitudes and longitudes. */
function ringsOf(topology) {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((arc) => {
    let x = 0;
    let y = 0;
    return arc.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return [y * scale[1] + translate[1], x * scale[0] + translate[0]];
    });
  });
  const ring = (numbers) => numbers.flatMap((n) => (n < 0 ? [...arcs[~n]].reverse() : arcs[n]));
  return topology.objects.authorities.geometries.map((area) => area.arcs.map((polygon) => polygon.map(ring)));
}

function drawOutline(map, address) {
  const looks = { interactive: false, color: "#6b7f86", weight: 1, fillColor: "#fbfaf5", fillOpacity: 1 };
  return fetch(address)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
    .then((topology) => {
      const group = L.layerGroup(ringsOf(topology).map((rings) => L.polygon(rings, looks)));
      group.addTo(map);
    })
    .catch(() => undefined); // without its backdrop the map still tells where cameras are
}

/** What the buttons do, so that nobody needs to drag. */
function move(map, how, whole) {
  const step = { west: [-0.4, 0], east: [0.4, 0], north: [0, -0.4], south: [0, 0.4] }[how];
  const size = map.getSize();
  if (step) map.panBy([step[0] * size.x, step[1] * size.y]);
  else if (how === "in") map.zoomIn();
  else if (how === "out") map.zoomOut();
  else map.fitBounds(whole, { maxZoom: 16 });
}

function newMap(element, options = {}) {
  const map = L.map(element, {
    attributionControl: Boolean(options.attribution), zoomControl: false, preferCanvas: true,
    minZoom: FIRST_ZOOM, maxZoom: LAST_ZOOM,
    maxBounds: [[48.5, -9], [57.5, 5]],
    keyboardPanDelta: 160, zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    fadeAnimation: false, markerZoomAnimation: false,
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });
  if (options.tiles) {
    L.tileLayer(options.tiles, { maxZoom: LAST_ZOOM, attribution: plain(options.attribution) }).addTo(map);
    map.attributionControl.setPrefix(false);
  }
  return map;
}

function plain(text) {
  const holder = document.createElement("span");
  holder.textContent = text;
  return holder.innerHTML;
}

/** A mark that is a button with a name for everybody who does not see it. */
function mark(place, text, size, name, kind, whenChosen) {
  const icon = L.divIcon({ className: `ccp-mark${kind}`, html: text, iconSize: [size, size] });
  const marker = L.marker(place, { icon, keyboard: true, title: name, riseOnHover: true });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", name));
  marker.on("keydown", ({ originalEvent: event }) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    whenChosen(marker);
  });
  marker.on("click", () => whenChosen(marker));
  return marker;
}

function short(count) {
  if (count < 1000) return String(count);
  return count < 1e6 ? `${Math.round(count / 1000)}k` : `${(count / 1e6).toFixed(1)}m`;
}

function link(address, text) {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.className = "govuk-link";
  anchor.textContent = text;
  return anchor;
}

function item(content) {
  const li = document.createElement("li");
  li.append(content);
  return li;
}

/** What opens at a mark of cameras: each leads to its place in the list of its system. */
function cardOf(cameras, words) {
  const card = document.createElement("div");
  if (cameras.length > 1) {
    const heading = document.createElement("p");
    heading.textContent = `${words.same} ${cameras.length}`;
    card.append(heading);
  }
  const list = document.createElement("ul");
  list.append(...cameras.slice(0, MOST_SHOWN).map((camera) => {
    const entry = item(link(camera.address, camera.words));
    if (camera.operator) entry.append(document.createElement("br"), camera.operator);
    return entry;
  }));
  card.append(list);
  if (cameras.length > MOST_SHOWN) {
    const rest = document.createElement("p");
    rest.textContent = `${words.more} ${cameras.length - MOST_SHOWN}`;
    card.append(rest);
  }
  return card;
}

function openCard(map, marker, cameras, words) {
  const popup = L.popup({ maxWidth: 320, autoPanPadding: [20, 20] }).setLatLng(marker.getLatLng()).setContent(cardOf(cameras, words));
  popup.openOn(map);
  popup.getElement().querySelector("a.govuk-link").focus();
  popup.once("remove", () => (marker.getElement() ?? map.getContainer()).focus({ preventScroll: true }));
}

/** Cameras whose marks would touch at this zoom are one mark, at the place of the first. */
function together(map, cameras) {
  const groups = [];
  const bySquare = new Map();
  for (const camera of cameras) {
    const at = map.project(camera.place);
    const [column, row] = [Math.floor(at.x / APART), Math.floor(at.y / APART)];
    const around = [-1, 0, 1].flatMap((right) => [-1, 0, 1].flatMap((down) => bySquare.get(`${column + right} ${row + down}`) ?? []));
    const touched = around.find((group) => at.distanceTo(group.at) < APART);
    if (touched) {
      touched.cameras.push(camera);
      continue;
    }
    const group = { at, cameras: [camera] };
    groups.push(group);
    const square = `${column} ${row}`;
    bySquare.set(square, [...(bySquare.get(square) ?? []), group]);
  }
  return groups.map((group) => group.cameras);
}

/** One mark for cameras at a place; it opens their card. */
function markOf(map, cameras, words) {
  const several = cameras.length > 1;
  const name = several ? `${words.same} ${cameras.length}. ${cameras[0].words}` : cameras[0].words;
  const text = several ? short(cameras.length) : "";
  return mark(cameras[0].place, text, several ? 30 : 24, name, " ccp-mark--camera", (marker) => openCard(map, marker, cameras, words));
}

/** The lasting address of a camera, as transparency.addresses.camera_path has it. */
function addressOf(root, path, slug) {
  return `${root}${path}${slug ? `camera/${slug}/` : "cameras/"}`;
}

class CameraMap {
  constructor(part) {
    this.part = part;
    this.words = part.dataset;
    part.hidden = false;
    this.element = part.querySelector("[data-map]");
    this.status = part.querySelector("[data-status]");
    this.list = part.querySelector("#in-view");
    this.kept = new Map();
    this.map = newMap(this.element, { tiles: part.dataset.tiles, attribution: part.dataset.attribution });
    this.marks = L.layerGroup().addTo(this.map);
    const [west, south, east, north] = part.dataset.bounds.split(",").map(Number);
    this.whole = [[south, west], [north, east]];
    this.map.fitBounds(this.whole, { maxZoom: 15, animate: false });
    if (!part.dataset.tiles) drawOutline(this.map, part.dataset.outline);
    this.map.on("moveend", () => this.show());
    part.querySelectorAll("[data-do]").forEach((button) => button.addEventListener("click", () => this.act(button)));
    this.show();
  }

  act(button) {
    if (button.dataset.do !== "list") return move(this.map, button.dataset.do, this.whole);
    this.list.hidden = !this.list.hidden;
    button.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  /** The addresses of the tiles of what is in view. */
  tiles() {
    const zoom = this.map.getZoom();
    const { min, max } = this.map.getPixelBounds();
    const last = 2 ** (zoom - 1) - 1;
    const addresses = [];
    for (let row = Math.max(0, Math.floor(min.y / CELL_TILE)); row <= Math.min(last, Math.floor(max.y / CELL_TILE)); row += 1) {
      for (let column = Math.max(0, Math.floor(min.x / CELL_TILE)); column <= Math.min(last, Math.floor(max.x / CELL_TILE)); column += 1) {
        addresses.push(`${this.words.cells}${zoom}/${column}/${row}.json${this.words.query ? `?${this.words.query}` : ""}`);
      }
    }
    return addresses;
  }

  tile(address) {
    if (!this.kept.has(address)) {
      if (this.kept.size >= MOST_KEPT) this.kept.clear();
      const answer = fetch(address).then((found) => (found.ok ? found.json() : Promise.reject(new Error(found.statusText))));
      answer.catch(() => this.kept.delete(address));
      this.kept.set(address, answer);
    }
    return this.kept.get(address);
  }

  async show() {
    const addresses = this.tiles();
    const asked = (this.asked = addresses.join());
    this.element.setAttribute("aria-busy", "true");
    try {
      const tiles = await Promise.all(addresses.map((address) => this.tile(address)));
      if (this.asked === asked) this.draw(tiles);
    } catch {
      if (this.asked === asked) this.status.textContent = this.words.failed;
    }
    if (this.asked === asked) this.element.removeAttribute("aria-busy");
  }

  draw(tiles) {
    const hadFocus = this.marks.getLayers().some((marker) => marker.getElement() === document.activeElement);
    const view = this.map.getBounds();
    const cells = tiles.flatMap((tile) => tile.cells).filter(([latitude, longitude]) => view.contains([latitude, longitude]));
    const cameras = tiles.flatMap((tile) => tile.cameras.map(([latitude, longitude, words, system, slug]) => ({
      place: [latitude, longitude], words, operator: tile.systems[system][1], address: addressOf(this.words.root, tile.systems[system][0], slug),
    }))).filter((camera) => view.contains(camera.place));
    this.marks.clearLayers();
    const entries = cells.map(([latitude, longitude, count, words]) => this.drawCell([latitude, longitude], count, words));
    for (const there of together(this.map, cameras)) {
      markOf(this.map, there, this.words).addTo(this.marks);
      entries.push(...there.map((camera) => item(link(camera.address, [camera.words, camera.operator].filter(Boolean).join(", ")))));
    }
    this.list.replaceChildren(...entries);
    const count = cells.reduce((sum, cell) => sum + cell[2], 0) + cameras.length;
    this.status.textContent = `${this.words.inView} ${count.toLocaleString("en-GB")}`;
    if (hadFocus) this.element.focus({ preventScroll: true });
  }

  drawCell(place, count, words) {
    const nearer = () => {
      this.element.focus({ preventScroll: true }); // the mark goes, and the focus with it
      this.map.setView(place, Math.min(this.map.getZoom() + 2, LAST_ZOOM));
    };
    mark(place, short(count), 26 + 4 * Math.min(3, Math.floor(Math.log10(count))), words, "", nearer).addTo(this.marks);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ccp-plain-button";
    button.textContent = words;
    button.addEventListener("click", nearer);
    return item(button);
  }
}

/** The small map beside the list of one system: the cameras of that page, each leading to its row. */
function drawRows(part) {
  const rows = [...document.querySelectorAll("[data-place]")].map((row) => ({
    place: row.dataset.place.split(",").map(Number), words: row.dataset.words, address: `#${row.id}`,
  }));
  if (!rows.length) return;
  part.hidden = false;
  const map = newMap(part.querySelector("[data-map]"));
  const whole = L.latLngBounds(rows.map((row) => row.place)).pad(0.1);
  map.fitBounds(whole, { maxZoom: 16, animate: false });
  drawOutline(map, part.dataset.outline);
  const marks = L.layerGroup().addTo(map);
  const draw = () => {
    marks.clearLayers();
    together(map, rows).forEach((there) => markOf(map, there, part.dataset).addTo(marks));
  };
  map.on("zoomend", draw);
  draw();
  part.querySelectorAll("[data-do]").forEach((button) => button.addEventListener("click", () => move(map, button.dataset.do, whole)));
}

if (window.L) { // without it the parts stay hidden, and the lists say the same
  document.querySelectorAll('[data-module="ccp-map"]').forEach((part) => new CameraMap(part));
  document.querySelectorAll('[data-module="ccp-row-map"]').forEach(drawRows);
}
