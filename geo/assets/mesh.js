/* Cells and edges as they were sent: each corner once, and rings as numbers of corners. The same as geo/mesh.py, back again. */
(() => {
  "use strict";
  const NS = (window.Dateline = window.Dateline || {});
  const UNIT = 10000; // of a degree: whole numbers of its parts divide to the figures that were meant

  /** {corners, cells, edges} as sent -> {cells: [[ring]], edges: [line]}, rings closed, points [lon, lat] in degrees. */
  NS.unfoldedMesh = ({ corners, cells, edges }) => {
    const points = [];
    for (let at = 0, lon = 0, lat = 0; at < corners.length; at += 2) {
      lon += corners[at];
      lat += corners[at + 1];
      points.push([lon / UNIT, lat / UNIT]);
    }
    let number = 0;
    const line = (told) => told.map((step) => points[(number += step)]);
    const closed = (ring) => [...ring, ring[0]];
    const found = { cells: cells.map((rings) => rings.map((ring) => closed(line(ring)))), edges: [] };
    let edge = 0;
    for (const [step, ...told] of edges) {
      edge += step;
      while (found.edges.length < edge) found.edges.push([]);
      found.edges.push(line(told));
    }
    return found;
  };

  /** Points [lon, lat] as Leaflet takes them: [lat, lon]. */
  NS.turned = (points) => points.map(([lon, lat]) => [lat, lon]);
})();
