"""A Streamlit page with streamlit-folium as it is commonly used, for `bench_peers.py`; PEER says which use."""

from __future__ import annotations

import json
import os
from pathlib import Path

import folium
import streamlit as st
from peers import Drawn, chart, of_day, sliding
from streamlit_folium import st_folium

PEER, BASE = os.environ["PEER"], os.environ["LIBRARIES"]
NAMES = json.loads(os.environ["NAMES"])


@st.cache_resource
def what() -> Drawn:
    """Return what is drawn."""
    given = json.loads(Path(os.environ["DRAWN"]).read_text(encoding="utf-8"))
    return Drawn(tuple(given["days"]), tuple(given["rings"]), tuple(map(tuple, given["colours"])))


def layer(day: int) -> folium.GeoJson:
    """Return the cells of a day."""
    return folium.GeoJson(
        of_day(what(), day),
        style_function=lambda feature: {
            "fillColor": feature["properties"]["colour"],
            "fillOpacity": 0.7,
            "weight": 0.8,
            "className": f"peer-cell peer-day-{feature['properties']['day']}",
        },
    )


if PEER in ("bare", "sliding"):
    page = chart(NAMES, BASE)
    if PEER == "sliding":
        sliding(what(), NAMES, BASE).add_to(page)
    st_folium(page, key="map", height=560, use_container_width=True, returned_objects=["last_clicked"])
else:
    shown = st.slider("Day", 0, len(what().days) - 1, 0)
    page = chart(NAMES, BASE)
    if PEER == "rebuilt":
        layer(shown).add_to(page)
        st_folium(page, key="map", height=560, use_container_width=True, returned_objects=[])
    else:
        group = folium.FeatureGroup(name="cells")
        layer(shown).add_to(group)
        st_folium(page, key="map", height=560, use_container_width=True, returned_objects=[], feature_group_to_add=group)
