"""The form of SARIF, as far as readers of it depend on it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlparse

LEVELS = {"none", "note", "warning", "error"}


def well_formed(document: dict[str, Any]) -> None:
    """Assert what every reader of the format relies on."""
    assert set(document) == {"$schema", "version", "runs"}  # 3.13
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-schema-2.1.0.json")
    for run in document["runs"]:
        assert {"tool", "results"} <= set(run)  # 3.14.6, 3.14.23
        assert re.fullmatch(r"[^/].*/", run["automationDetails"]["id"])  # 3.17.2
        driver = run["tool"]["driver"]  # 3.18.2
        assert driver["name"]  # 3.19.8
        assert re.fullmatch(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?", driver["language"])  # 3.19.21
        for base in run["originalUriBaseIds"].values():  # 3.14.14
            assert urlparse(base["uri"]).scheme == "file"
            assert base["uri"].endswith("/")
        ids = [rule["id"] for rule in driver["rules"]]
        assert len(ids) == len(set(ids))
        for rule in driver["rules"]:  # 3.49
            for text in ("shortDescription", "fullDescription", "help"):
                assert rule[text]["text"].strip()  # 3.12.3
            assert rule["defaultConfiguration"]["level"] in LEVELS  # 3.50.3
            assert "helpUri" not in rule
        seen = set()
        for result in run["results"]:  # 3.27
            assert result["message"]["text"].strip()  # 3.27.11
            assert ids[result["ruleIndex"]] == result["ruleId"]  # 3.27.6
            assert result["level"] in LEVELS  # 3.27.10
            for location in result["locations"]:
                _place(location, run)
            for name, value in result["partialFingerprints"].items():  # 3.27.17
                assert re.fullmatch(r"\w+/v\d+", name)
                seen.add(value)
            for suppression in result.get("suppressions", []):  # 3.35
                assert suppression["kind"] in {"inSource", "external"}
                assert suppression["status"] in {"accepted", "underReview", "rejected"}
                _place(suppression["location"], run)
        assert len(seen) == len(run["results"])


def _place(location: dict[str, Any], run: dict[str, Any]) -> None:
    artifact = location["physicalLocation"]["artifactLocation"]  # 3.4
    assert re.fullmatch(r"[!-~]+", artifact["uri"])  # 3.4.3: a URI reference
    if "uriBaseId" in artifact:
        assert artifact["uriBaseId"] in run["originalUriBaseIds"]
        assert not urlparse(artifact["uri"]).scheme
        assert not artifact["uri"].startswith("/")
    line = location["physicalLocation"]["region"]["startLine"]  # 3.30.5
    assert isinstance(line, int)
    assert line >= 1
