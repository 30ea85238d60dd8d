#!/usr/bin/env python3
"""Writes a bill of materials (CycloneDX 1.5, JSON) of everything that is built in: the Rust packages of
Cargo.lock that the programs use, and the packages that go into the window's pages. Each has its version,
licence, hash as the lock file has it, and purl. Reads only files of this repository and what cargo knows
offline; the same commit gives the same bytes.

    scripts/sbom.py [--out FILE]        default: target/sbom.json
"""

import argparse
import base64
import json
import pathlib
import subprocess
import tomllib
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562: names that are addresses


def rust_packages():
    """The packages of the lock file, with what cargo says of them."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--offline"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))
    checksums = {(p["name"], p["version"]): p.get("checksum") for p in lock["package"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    by_id = {package["id"]: package for package in metadata["packages"]}
    reference = {id: f"pkg:cargo/{p['name']}@{p['version']}" for id, p in by_id.items()}
    own = {id for id in metadata["workspace_members"]}
    built_in = used_by_programs(nodes, own, by_id)
    for id, package in by_id.items():
        component = {
            "type": "library",
            "bom-ref": reference[id],
            "name": package["name"],
            "version": package["version"],
            "purl": reference[id],
            "scope": "required" if id in built_in else "excluded",
            "licenses": [{"expression": expression(package["license"])}],
        }
        checksum = checksums.get((package["name"], package["version"]))
        if checksum:
            component["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        if package["description"]:
            component["description"] = " ".join(package["description"].split())
        if id in own:
            component["type"] = "application" if any("bin" in t["kind"] for t in package["targets"]) else "library"
        dependencies = sorted({reference[d["pkg"]] for d in nodes[id]["deps"]})
        yield component, dependencies


def used_by_programs(nodes, own, by_id):
    """What the programs are built from or with: everything but what only the tests need."""
    waiting = [id for id in own if by_id[id]["name"] not in ("pingli-tests",)]
    found = set()
    while waiting:
        id = waiting.pop()
        if id in found:
            continue
        found.add(id)
        for dependency in nodes[id]["deps"]:
            if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"]):
                waiting.append(dependency["pkg"])
    return found


def page_packages():
    """The packages of the window's pages; what only builds or tests them is marked excluded."""
    lock = json.loads((ROOT / "ui/package-lock.json").read_text(encoding="utf-8"))
    for path, package in lock["packages"].items():
        if not path:
            continue
        name = path.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
        algorithm, digest = package["integrity"].split("-", 1)
        # Svelte is named among what builds the pages, and its runtime is compiled into them.
        only_builds = package.get("dev", False) and name != "svelte"
        component = {
            "type": "library",
            "bom-ref": f"{purl}#{path}",
            "name": name,
            "version": package["version"],
            "purl": purl,
            "scope": "excluded" if only_builds else "required",
            "licenses": [{"expression": expression(package.get("license", "NOASSERTION"))}],
            "hashes": [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": base64.b64decode(digest).hex()}],
        }
        yield component, []


def expression(text):
    """An SPDX expression; older packages write a slash for OR."""
    return (text or "NOASSERTION").replace(" / ", "/").replace("/", " OR ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "target/sbom.json")
    arguments = parser.parse_args()
    found = [*rust_packages(), *page_packages()]
    components = sorted((component for component, _ in found), key=lambda component: component["bom-ref"])
    product = next(component for component in components if component["bom-ref"].startswith("pkg:cargo/pingli@"))
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": product},
        "components": [component for component in components if component is not product],
        "dependencies": sorted(
            ({"ref": component["bom-ref"], "dependsOn": dependencies} for component, dependencies in found),
            key=lambda entry: entry["ref"],
        ),
    }
    # A serial number that is the same for the same contents.
    serial = uuid.uuid5(NAMESPACE, json.dumps(bom, sort_keys=True))
    bom = {"bomFormat": bom.pop("bomFormat"), "specVersion": bom.pop("specVersion"), "serialNumber": f"urn:uuid:{serial}", **bom}
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(bom, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    required = sum(component["scope"] == "required" for component in components)
    print(f"{arguments.out}: {len(components)} packages, {required} of them built in")


if __name__ == "__main__":
    main()
