/* Land, sea, provinces and borders, and where a country's name can stand. The stylesheet colours them. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const PANES = { country: 210, country_border: 340, disputed: 320, disputed_line: 341, province_border: 330 };
  const GRID = 22; // points across the view at which a country is looked for

  const polygons = (geometry) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : []);
  const joined = ([west, south, east, north], [left, low, right, high]) => [Math.min(west, left), Math.min(south, low), Math.max(east, right), Math.max(north, high)];
  const boxOf = (ring) => ring.reduce((box, [x, y]) => joined(box, [x, y, x, y]), [180, 90, -180, -90]);

  /** Where a parallel crosses the rings of a face, as longitudes from west to east: it is inside from each odd one to the next. */
  const crossings = (rings, y) => {
    const found = [];
    for (const ring of rings) {
      for (let at = 0, last = ring.length - 1; at < ring.length; last = at, at += 1) {
        const [ax, ay] = ring[at], [bx, by] = ring[last];
        if (ay > y !== by > y) found.push(((bx - ax) * (y - ay)) / (by - ay) + ax);
      }
    }
    return found.sort((one, two) => one - two);
  };

  /** Of meridians from west to east, those at which a parallel runs through one of the faces. */
  const held = (faces, y, lons) => {
    const row = new Array(lons.length).fill(false);
    for (const { rings, box: [, south, , north] } of faces) {
      if (y < south || y > north) continue;
      const cuts = crossings(rings, y);
      for (let at = 0, column = 0; at + 1 < cuts.length; at += 2) {
        while (column < lons.length && lons[column] <= cuts[at]) column += 1;
        for (; column < lons.length && lons[column] <= cuts[at + 1]; column += 1) row[column] = true;
      }
    }
    return row;
  };

  NS.Basemap = class {
    /** Known before it is drawn: `drawn`, the box of all that it has, and `home`, that of the story's countries. */
    constructor(map, story) {
      Object.assign(this, { map, features: story.basemap.features.filter(({ geometry }) => geometry) });
      const lands = this.of("country").map((feature) => ({ home: this.isHome(feature), rings: polygons(feature.geometry).map((face) => face[0]) }));
      const around = (rings) => (rings.length ? rings.map(boxOf).reduce(joined) : null);
      this.drawn = around(lands.flatMap(({ rings }) => rings));
      this.home = around(lands.filter(({ home }) => home).flatMap(({ rings }) => rings));
      this.names = this.features.filter(({ properties }) => properties.name && properties.iso !== "" && ["country", "disputed"].includes(properties.layer))
        .map((feature) => ({
          name: feature.properties.name, label: feature.properties.label || null, layer: feature.properties.layer, home: this.isHome(feature),
          faces: polygons(feature.geometry).map((rings) => ({ rings, box: boxOf(rings[0]) })),
        }));
    }

    of(layer) {
      return this.features.filter(({ properties }) => properties.layer === layer);
    }

    draw() {
      for (const [layer, height] of Object.entries(PANES)) {
        const pane = `dl-${layer}`;
        NS.picturePane(this.map, pane, height);
        const renderer = L.svg({ pane, padding: 0.6 });
        if (layer === "country" && this.drawn) this.sea(pane, renderer);
        const style = (feature) => ({
          pane, renderer, interactive: false, weight: 1, smoothFactor: 0.8,
          className: `dl-${layer}${this.isHome(feature) ? " dl-home" : ""}`,
          ...(layer === "disputed" ? { fillColor: "url(#dl-hatch)", fillOpacity: 1 } : {}),
        });
        L.geoJSON({ type: "FeatureCollection", features: this.of(layer) }, { pane, style, interactive: false }).addTo(this.map);
      }
    }

    /** The sea lies under the countries and ends where they do: beyond is nothing that anybody could take for water. */
    sea(pane, renderer) {
      const [west, south, east, north] = this.drawn;
      L.rectangle([[south, west], [north, east]], { pane, renderer, interactive: false, stroke: false, className: "dl-sea" }).addTo(this.map);
    }

    isHome({ properties }) {
      return Boolean(properties.story || properties.home);
    }

    /** Points of the view (layer pixels) at which each name could stand, the roomiest first: [{name, layer, points}]. */
    stands() {
      const view = this.map.getPixelBounds(), origin = this.map.getPixelOrigin();
      const step = (view.max.x - view.min.x) / GRID;
      if (!(step > 0)) return []; // a frame that nobody sees yet has no width
      const rows = Math.max(2, Math.round((view.max.y - view.min.y) / step));
      const columns = Array.from({ length: GRID }, (_, at) => view.min.x + (at + 0.5) * step);
      const lines = Array.from({ length: rows }, (_, at) => view.min.y + (at + 0.5) * step);
      const lons = columns.map((x) => this.map.unproject([x, 0]).lng), lats = lines.map((y) => this.map.unproject([0, y]).lat);
      return this.names.filter(({ home }) => !home).map(({ name, label, layer, faces }) => {
        if (layer === "disputed") {
          const [west, south, east, north] = faces[0].box;
          const [lon, lat] = label || [(west + east) / 2, (south + north) / 2];
          return { name, layer, points: [this.map.latLngToLayerPoint([lat, lon])] };
        }
        const seen = faces.filter(({ box: [west, south, east, north] }) => east > lons[0] && west < lons.at(-1) && north > lats.at(-1) && south < lats[0]);
        const is = seen.length ? lats.map((lat) => held(seen, lat, lons)) : [];
        const covers = (x, y) => {
          const row = is[Math.round((y + origin.y - lines[0]) / step)];
          return Boolean(row && row[Math.round((x + origin.x - columns[0]) / step)]);
        };
        return { name, layer, covers, points: this.roomiest(is).map(([row, column]) => L.point(columns[column], lines[row])._subtract(origin)) };
      });
    }

    /** Cells of a grid that are true, by how far the nearest cell is that is not; at most 40. */
    roomiest(is) {
      const found = [];
      is.forEach((row, y) => row.forEach((held, x) => {
        if (!held) return;
        let reach = 1;
        const free = () => {
          for (let dy = -reach; dy <= reach; dy += 1) {
            for (let dx = -reach * 2; dx <= reach * 2; dx += 1) {
              if (!(is[y + dy] && is[y + dy][x + dx])) return false;
            }
          }
          return true;
        };
        while (reach < 8 && free()) reach += 1;
        found.push([reach, y, x]);
      }));
      return found.sort((one, two) => two[0] - one[0]).slice(0, 40).map(([, y, x]) => [y, x]);
    }
  };
})();
