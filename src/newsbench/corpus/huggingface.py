"""`.huggingface.yaml`: what `datasets.load_dataset` needs to know of the configurations, from their Arrow schemas."""

from __future__ import annotations

from newsbench.pagetable import make_schemas


def write_card(files: list[dict], version: str) -> str:
    """Write configurations, features and counts as YAML.

    `files` are entries of the manifest. A digest of the files stands in each description, because `datasets` finds its
    cache by a hash of this text: without it a changed file would be served stale. A wrong count of rows is an error.
    """
    import yaml

    configurations, infos = [], []
    for name, schema in make_schemas().items():
        own = [file for file in files if file["configuration"] == name]
        if not own:
            continue
        paths = [{"split": file["split"], "path": f"data/{version}/{file['path']}"} for file in own]
        default = {"default": True} if name == "pages" else {}
        configurations.append({"config_name": name, "data_files": paths} | default)
        size = sum(file["bytes"] for file in own)
        infos.append({
            "config_name": name,
            "version": version,
            "description": f"newsbench {version} {name}, sha256 {digest_of(own)}",
            "features": [_feature(field.name, field.type) for field in schema],
            "splits": [{"name": f["split"], "num_bytes": f["bytes"], "num_examples": f["rows"]} for f in own],
            "download_size": size,
            "dataset_size": size,
        })  # fmt: skip
    document = {"configs": configurations, "dataset_info": infos}
    return "# Written by scripts/build_dataset.py.\n" + yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def digest_of(files: list[dict]) -> str:
    """Give the SHA-256 of the files' own checksums, listed by path as `sha256sum` lists them."""
    import hashlib

    ordered = sorted(files, key=lambda file: file["path"])
    return hashlib.sha256("".join(f"{file['sha256']}  {file['path']}\n" for file in ordered).encode()).hexdigest()


def _feature(name: str, arrow_type) -> dict:
    return {"name": name} | _type(arrow_type)


def _type(arrow_type) -> dict:
    import pyarrow as pa

    if pa.types.is_struct(arrow_type):
        return {"struct": [_feature(field.name, field.type) for field in arrow_type]}
    if pa.types.is_list(arrow_type):
        inner = _type(arrow_type.value_type)
        return {"list": inner.get("dtype") or inner["struct"]}
    return {"dtype": {"date32[day]": "date32"}.get(str(arrow_type), str(arrow_type))}
