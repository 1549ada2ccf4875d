"""Turns a collection of model architectures into catalogs/models/.

Usage: python scripts/import_models.py COLLECTION.yaml OUTPUT_FOLDER

What the collection cannot say (files, aliases, windows, corrections) is in import_models.yaml beside this script,
so that running it again gives the same files.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from import_writer import block, number, write_catalog

COMMENT = (
    "Imported by scripts/import_models.py with the corrections of scripts/import_models.yaml:"
    " edit those and run it again, or this file and them."
)
ATTENTION = {
    "heads": "heads",
    "kv_heads": "kv_heads",
    "head_dim": "head_size",
    "v_head_dim": "value_head_size",
    "qkv_bias": "qkv_bias",
    "out_bias": "output_bias",
    "qk_norm": "qk_norm",
    "output_gate": "output_gate",
    "sinks": "sinks",
    "k_eq_v": "shared_key_value",
    "no_kv": "reused_key_value",
    "txl_rel": "relative_positions",
    "indexer": "indexer",
}
LATENT = {
    "heads": "heads",
    "q_lora_rank": "query_rank",
    "kv_lora_rank": "kv_rank",
    "qk_nope_head_dim": "nope_head_size",
    "qk_rope_head_dim": "rope_head_size",
    "v_head_dim": "value_head_size",
    "output_gate": "output_gate",
    "indexer": "indexer",
}
COMPRESSED = {
    "heads": "heads",
    "head_dim": "head_size",
    "q_lora_rank": "query_rank",
    "o_groups": "output_groups",
    "o_lora_rank": "output_rank",
    "compress": "compression",
    "indexer": "indexer",
}
INDEXER = {"heads": "heads", "head_dim": "head_size", "topk": "keys"}
GATED_DELTA = {
    "k_heads": "key_heads",
    "v_heads": "value_heads",
    "k_head_dim": "key_head_size",
    "v_head_dim": "value_head_size",
    "d_conv": "convolution",
}
KIMI_DELTA = {
    "heads": "heads",
    "head_dim": "head_size",
    "d_conv": "convolution",
    "full_rank_gate": "full_rank_gate",
}
LIGHTNING = {"heads": "heads", "head_dim": "head_size"}
MAMBA = {
    "expand": "expansion",
    "d_state": "state_size",
    "d_conv": "convolution",
    "dt_rank": "time_step_rank",
    "inner_norms": "inner_norms",
}
MAMBA2 = {
    "heads": "heads",
    "head_dim": "head_size",
    "groups": "groups",
    "d_state": "state_size",
    "d_conv": "convolution",
}
DENSE = {"size": "width", "gated": "gated", "bias": "bias"}
EXPERTS = {
    "experts": "experts",
    "top_k": "experts_per_token",
    "expert_size": "width",
    "gated": "gated",
    "bias": "bias",
    "shared_experts": "shared_experts",
    "shared_size": "shared_width",
    "shared_gate": "shared_gate",
    "router_bias": "router_bias",
    "parallel_dense_size": "parallel_dense_width",
    "latent_size": "latent_width",
    "latent_norm": "latent_norm",
}
SHAPES = {
    "attention": ("attention", ATTENTION),
    "mla": ("mla", LATENT),
    "dsv4": ("compressed", COMPRESSED),
    "gdn": ("gated_delta", GATED_DELTA),
    "kda": ("kimi_delta", KIMI_DELTA),
    "lightning": ("lightning", LIGHTNING),
    "mamba1": ("mamba", MAMBA),
    "mamba2": ("mamba2", MAMBA2),
    "dense": ("dense", DENSE),
    "moe": ("moe", EXPERTS),
}
QK_NORMS = {"head": "head", "per_head_vec": "heads", "full": "full"}
CONVENTIONS = {
    "incl_embeddings": ("including embeddings", "active_params"),
    "excl_input_embedding": ("excluding input embedding", "active_excl_input_embedding"),
    "excl_all_embeddings": ("excluding all embeddings", "active_non_embedding"),
}
"""The catalog's word for a convention of counting, and the collection's count in it."""
ACTIVE_ERROR = 0.02
"""Relative error of the publisher's active parameters above which the entry says why."""
STATUS = (("benchmark", "benchmark"), ("NOT confirmed", "rumoured"))


def shape(item: Mapping[str, Any], model: str) -> dict[str, Any]:
    """Return a mixer or feed-forward in the catalog's words; what is false or nothing is left out."""
    kind, words = SHAPES[item["type"]]
    unknown = set(item) - set(words) - {"type", "router_extra"}
    if unknown:
        raise SystemExit(f"{model}: no word for {', '.join(sorted(unknown))}")
    keep_false = {"gated"} if item["type"] == "dense" or item.get("gated") is False else set()
    found: dict[str, Any] = {"type": kind}
    for key, word in words.items():
        value = item.get(key)
        if key == "indexer" and value:
            found[word] = {INDEXER[part]: size for part, size in value.items()}
        elif value or (value is False and key in keep_false):
            found[word] = QK_NORMS[value] if key == "qk_norm" else value
    return found


def mixers_of(model: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mixers of a model, with the windows and indexers' keys that the collection does not have."""
    name = model["id"]
    mixers = {key: shape(item, name) for key, item in model["arch"]["mixers"].items()}
    for key, window in table["window_of_mixer"].get(name, {}).items():
        mixers[key]["window"] = window
    for key, keys in table["keys_of_indexer"].get(name, {}).items():
        mixers[key]["indexer"]["keys"] = keys
    return mixers


def crossed(groups: list[dict[str, Any]], mixers: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the layer groups of an encoder, whose queries see both ways, and of a decoder, which looks at it."""
    (name,) = mixers
    one_way = mixers.pop(name)
    mixers |= {"encoder": one_way | {"bidirectional": True}, "decoder": one_way}
    return [
        group | ({"mixer": "decoder", "cross_mixer": "encoder"} if "cross_mixer" in group else {"mixer": "encoder"})
        for group in groups
    ]


def split(groups: list[dict[str, Any]], mixers: dict[str, Any], rule: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the layer groups with windowed and full attention apart."""
    (name,) = mixers
    full = mixers.pop(name)
    windowed = full | {"window": rule["window"]} | ({"chunked": True} if rule.get("chunked") else {})
    result = []
    for group, count in zip(groups, rule["windowed"], strict=True):
        parts = (("windowed", count), ("full", group["count"] - count))
        result += [group | {"count": layers, "mixer": kind} for kind, layers in parts if layers]
    used = {group["mixer"] for group in result}
    mixers |= {kind: mixer for kind, mixer in (("windowed", windowed), ("full", full)) if kind in used}
    return result


def architecture(model: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the architecture of a model in the catalog's words."""
    arch, name = model["arch"], model["id"]
    mixers = mixers_of(model, table)
    groups = [
        block(
            count=group["count"],
            mixer=group["mixer"],
            cross_mixer=group.get("cross_attention"),
            feed_forward=group["ffn"],
            norms=group["norms"] if group.get("norms", 2) != 2 else None,
            unlisted_parameters=group.get("extra") or arch["ffns"].get(group["ffn"], {}).get("router_extra"),
        )
        for group in arch["layer_groups"]
    ]
    if any("cross_mixer" in group for group in groups):
        groups = crossed(groups, mixers)
    if name in table["windows"]:
        groups = split(groups, mixers, table["windows"][name])
    optional = {
        "norm_bias": arch.get("norm_bias"),
        "learned_positions": arch.get("learned_positions"),
        "embedding_norm": arch.get("embed_norm"),
        "head_bias": arch.get("lm_head_bias"),
        "final_norms": arch.get("final_norms"),
        "unlisted_parameters": arch.get("extra_total"),
    }
    return {
        "hidden": arch["hidden_size"],
        "vocab": arch["vocab_size"],
        "tied_embeddings": arch["tied_embeddings"],
        **{key: value for key, value in optional.items() if value},
        "mixers": mixers,
        "feed_forwards": {key: shape(item, name) for key, item in arch["ffns"].items()},
        "layers": groups,
    }


def count_text(value: float, unit: str) -> str:
    """Return a count with the suffix people use: 671B params, 14.8T tokens."""
    for suffix, size in (("T", 1e12), ("B", 1e9), ("M", 1e6)):
        if value >= size:
            return f"{number(float(f'{value / size:.6g}'))}{suffix} {unit}"
    return f"{number(value)} {unit}"


def cleaned(text: str) -> str:
    """Return a remark of the collection in words that a reader of the catalog understands."""
    for old, new in (
        ("in stored notes", "in secondary notes"),
        ("stored notes", "secondary notes"),
        ("TRAP: ", ""),
        ("in a stored file", "elsewhere"),
    ):
        text = text.replace(old, new)
    return text


def convention(model: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return how the publisher counts active parameters, where known."""
    return CONVENTIONS.get((model.get("computed") or {}).get("published_active_convention") or "")


def active_error(model: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    """Return a remark on active parameters that the derived count misses by more than rounding explains."""
    counted_in = convention(model)
    if counted_in is None:
        return ""
    error = model["computed"][counted_in[1]] / model["published"]["active_params"] - 1
    if abs(error) <= ACTIVE_ERROR:
        return ""
    reason = table["active_errors"].get(model["id"])
    if not reason:
        raise SystemExit(f"{model['id']}: active parameters {error:.1%} off without a reason")
    return f"the derived count is {abs(error):.1%} {'above' if error > 0 else 'below'} it: {reason}".replace("%", " %")


def counted(model: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the parameters counted on the model's own class, where that was done."""
    exact = (model.get("computed") or {}).get("hf_meta_device_total")
    return {"parameters": {"value": exact, "source": "counted", "kind": "derived"}} if exact else None


def published(model: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the publisher's figures, with what they leave out."""
    told, computed = model["published"], model.get("computed", {})
    remark, read = cleaned(told["source"]), told["figure_read_in_stored_material"]
    origin = block(kind=None if read else "assumed", note=remark if read else f"recalled: {remark}")
    found = {"parameters": {"value": count_text(told["total_params"], "params")} | origin}
    if told.get("active_params"):
        value = count_text(told["active_params"], "params")
        note = "; ".join(part for part in (origin.get("note"), active_error(model, table)) if part)
        found["active_parameters"] = {"value": value} | origin | ({"note": note} if note else {})
    error = abs(computed.get("total_error_pct") or 0.0)
    if error > 1:
        reason = table["tolerances"].get(model["id"], told.get("rounding_note"))
        if not reason:
            raise SystemExit(f"{model['id']}: {error} % off without a reason")
        found["tolerance"] = {"value": f"{number(math.ceil(error * 10) / 10)} %", "kind": "derived", "note": reason}
    corrections = table["figures"].get(model["id"], {})
    return found | {path.removeprefix("published."): value for path, value in corrections.items()}


def training(model: Mapping[str, Any], table: Mapping[str, Any], sources: list[str]) -> dict[str, Any]:
    """Return pre-training tokens and sequence length, as far as known."""
    found: dict[str, Any] = {}
    if model.get("training_tokens"):
        note = cleaned(model["training_tokens_source"])
        recalled = "recalled" in note or "commonly cited" in note or "leak" in note
        named = [("Epoch", "epoch-models"), ("MODEL_CARD", "llama-cards")]
        source = next((name for word, name in named if word in note and name in sources), None)
        found["tokens"] = block(
            value=count_text(model["training_tokens"], "tokens"),
            source=source,
            kind="assumed" if recalled else "published",
            note=note,
        )
    if model["id"] in table["sequences"]:
        length, paper = table["sequences"][model["id"]]
        read = model["context_length"] == length or paper in table["sequences_read"]
        found["sequence_length"] = {
            "value": f"{length} tokens",
            "source": paper,
            "kind": "published" if read else "assumed",
        } | ({} if read else {"note": "recalled from the paper; later stages use longer ones"})
    return found


def source_names(model: Mapping[str, Any], table: Mapping[str, Any], used: dict[str, Any], read: str) -> list[str]:
    """Return the names of a model's sources and note them as used in the file."""
    names = []
    for source in model["sources"]:
        found = next((e for words, e in table["sources"].items() if source["title"].startswith(words)), None)
        if found is None:
            raise SystemExit(f"no entry for the source {source['title']!r} of {model['id']}")
        used[found["id"]] = block(
            title=found["title"],
            url=found.get("url"),
            publication=found.get("publication"),
            as_of=found.get("as_of", read),
            licence=found.get("licence"),
        )
        names.append(found["id"])
    if not names:
        epoch = next(e for e in table["sources"].values() if e["id"] == "epoch-models")
        used["epoch-models"] = {key: epoch[key] for key in ("title", "url")} | {"as_of": read}
        names.append("epoch-models")
    return names


def note_of(model: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    """Return what a reader must know."""
    return table["notes"].get(model["id"]) or cleaned(model["notes"] or "")


def entry(model: Mapping[str, Any], table: Mapping[str, Any], used: dict[str, Any], read: str) -> dict[str, Any]:
    """Return one model as an entry of the catalog."""
    sources = source_names(model, table, used, read)
    told = training(model, table, sources)
    if "sequence_length" in told:
        paper = told["sequence_length"]["source"]
        used[paper] = table["papers"][paper]
    status = next((word for sign, word in STATUS if sign in model["openness"]), "released")
    provenance: dict[str, Any] = {"source": sources[0] if len(sources) == 1 else sources, "kind": "published"}
    if not model["verified"] or status == "rumoured":
        provenance |= {"kind": "assumed", "note": "some dimensions recalled; the count reproduces the published total"}
    counts: dict[str, Any] = {}
    if model["arch"] is None:
        total, active = model["published"]["total_params"], model["published"].get("active_params")
        provenance |= {"note": cleaned(model["published"]["source"])}
        counts["parameters"] = count_text(total, "params")
        counts["active_parameters"] = count_text(active or total, "params")
    return block(
        name=model["name"].replace(" (RUMOURED estimate)", " (rumoured)"),
        aliases=table["aliases"].get(model["id"]),
        family=model["family"],
        developer=model["developer"],
        released=re.match(r"\d{4}(-\d{2}(-\d{2})?)?", str(model["release_date"]))[0],
        openness=model["openness"],
        status=status,
        active_convention=convention(model)[0] if convention(model) else None,
        provenance=provenance,
        **counts,
        architecture=architecture(model, table) if model["arch"] else None,
        published=published(model, table) if model["arch"] else None,
        counted=counted(model),
        training=told,
        context_length=f"{model['context_length']} tokens" if model["context_length"] else None,
        notes=note_of(model, table),
    )


def main(collection: Path, output: Path) -> None:
    data = yaml.safe_load(collection.read_text(encoding="utf-8"))
    table = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    models = {model["id"]: model for model in data["models"]}
    placed = {name for names in table["files"].values() for name in names}
    missing = set(models) - placed
    if missing:
        raise SystemExit(f"in no file: {', '.join(sorted(missing))}")
    for stem, names in table["files"].items():
        used: dict[str, Any] = {}
        entries = {name: entry(models[name], table, used, str(data["generated"])) for name in names}
        path = output / f"{stem}.yaml"
        write_catalog(path, kind="model", comment=COMMENT, sources=dict(sorted(used.items())), entries=entries)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
