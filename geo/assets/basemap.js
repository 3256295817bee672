/* Land, sea, provinces and borders, and where a country's name can stand. The stylesheet colours them. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const PANES = { country: 210, country_border: 340, disputed: 320, disputed_line: 341, province_border: 330 };
  const GRID = 22; // points across the view at which a country is looked for

  const inside = (ring, x, y) => {
    let is = false;
    for (let at = 0, last = ring.length - 1; at < ring.length; last = at, at += 1) {
      const [ax, ay] = ring[at], [bx, by] = ring[last];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) is = !is;
    }
    return is;
  };
  const polygons = (geometry) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : []);
  const holds = (faces, x, y) => faces.some((face) => {
    const [west, south, east, north] = face.box;
    return x >= west && x <= east && y >= south && y <= north && inside(face.rings[0], x, y) && !face.rings.slice(1).some((hole) => inside(hole, x, y));
  });
  const boxOf = (ring) => ring.reduce(([west, south, east, north], [x, y]) =>
    [Math.min(west, x), Math.min(south, y), Math.max(east, x), Math.max(north, y)], [180, 90, -180, -90]);

  NS.Basemap = class {
    constructor(map, story) {
      this.map = map;
      const lands = story.basemap.features.filter(({ properties, geometry }) => properties.layer === "country" && geometry);
      this.drawn = lands.length ? boxOf(lands.flatMap(({ geometry }) => polygons(geometry)).flatMap((face) => face[0])) : null;
      for (const [layer, height] of Object.entries(PANES)) {
        const pane = `dl-${layer}`;
        NS.picturePane(map, pane, height);
        const features = story.basemap.features.filter((feature) => feature.properties.layer === layer && feature.geometry);
        const renderer = L.svg({ pane, padding: 0.6 });
        if (layer === "country" && this.drawn) this.sea(pane, renderer);
        const style = (feature) => ({
          pane, renderer, interactive: false, weight: 1, smoothFactor: 0.8,
          className: `dl-${layer}${this.isHome(feature) ? " dl-home" : ""}`,
          ...(layer === "disputed" ? { fillColor: "url(#dl-hatch)", fillOpacity: 1 } : {}),
        });
        L.geoJSON({ type: "FeatureCollection", features }, { pane, style, interactive: false }).addTo(map);
      }
      const rings = lands.filter((feature) => this.isHome(feature)).flatMap((feature) => polygons(feature.geometry)).map((face) => face[0]);
      this.home = rings.length ? boxOf(rings.flat()) : null;
      this.names = story.basemap.features
        .filter(({ properties, geometry }) => geometry && properties.name && properties.iso !== "" && ["country", "disputed"].includes(properties.layer))
        .map((feature) => ({
          name: feature.properties.name, label: feature.properties.label || null, layer: feature.properties.layer, home: this.isHome(feature),
          faces: polygons(feature.geometry).map((rings) => ({ rings, box: boxOf(rings[0]) })),
        }));
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
        const is = seen.length ? lats.map((lat) => lons.map((lon) => holds(seen, lon, lat))) : [];
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
