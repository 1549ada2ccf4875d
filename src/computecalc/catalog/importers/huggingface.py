"""A Hugging Face ``config.json`` as an architecture of the catalog.

The families are tables beside this module: which keys say what, which change nothing. A key that is in neither is
refused, because a configuration that is half understood gives a wrong count without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.importers import deepseek, early, hybrid, llama, windowed
from computecalc.catalog.importers.reading import IRRELEVANT, ConfigReader, Family
from computecalc.errors import Diagnostic, ScenarioError, did_you_mean
from computecalc.records import record
from computecalc.yamlio.loading import load_path
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode, SequenceNode, child

__all__ = ["FAMILIES", "ImportedModel", "architecture_from_config", "import_config", "load_config"]

FAMILIES: Mapping[str, Family] = {
    **llama.FAMILIES,
    **early.FAMILIES,
    **deepseek.FAMILIES,
    **windowed.FAMILIES,
    **hybrid.FAMILIES,
}
"""Every family by its `model_type`."""

_AROUND_TEXT = re.compile(
    r"(image|video|audio|vision|mm|boi|eoi|boa|eoa|projector|projection|merged|media|spatial|multimodal)_.*"
    r"|.*_token_(id|index|ids)|.*_placeholder|ignore_index|use_unified_vision_chunk|text_config|tie_word_embeddings"
    r"|.*_eps|language_model_only|img_token_compression_config"
)
"""Keys beside a `text_config`: other towers, which are not counted, and what is said for the text, too."""

_FURTHER = ("num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules", "use_mtp")

_CLASS_ENDING = re.compile(r"(ForCausalLM|ForConditionalGeneration|LMHeadModel|TextModel|Model)$")


@record
class ImportedModel:
    """A model read from a configuration."""

    architecture: Architecture
    fields: Mapping[str, Any]
    """The architecture as catalog files write it."""
    model_type: str
    context_length: int | None
    notes: tuple[str, ...]
    """What the configuration has that the architecture does not count."""


def architecture_from_config(config: MappingNode) -> Architecture:
    """Return the architecture that a configuration describes.

    Parameters
    ----------
    config : MappingNode
        The configuration, with its places.

    Raises
    ------
    ScenarioError
        As `import_config`.
    """
    return import_config(config).architecture


def load_config(path: Path | str) -> ImportedModel:
    """Read a ``config.json``.

    Parameters
    ----------
    path : Path or str
        The file; diagnostics call it what it is called here.

    Raises
    ------
    UsageError, DocumentError
        When the file cannot be read, or is not JSON.
    ScenarioError
        As `import_config`.
    """
    return import_config(load_path(path))


def import_config(config: Node) -> ImportedModel:
    """Return the model that a configuration describes.

    Parameters
    ----------
    config : Node
        The configuration, with its places.

    Returns
    -------
    ImportedModel
        Its text decoder, with the context length.

    Raises
    ------
    ScenarioError
        CC301 for a key that is not understood, CC302 for one that is missing, CC303 for a value that is wrong or not
        understood, CC306 for an unknown model type; all of them at once.
    """
    if not isinstance(config, MappingNode):
        message = f"{config.span.document.name} is no configuration: it must be a mapping"
        raise ScenarioError(Diagnostic("CC303", message, span=config.span, hint="a config.json starts with {"))
    text = child(config, "text_config")
    node = _text_part(config, text) if isinstance(text, MappingNode) else config
    model_type = _model_type(node, config)
    family = FAMILIES[model_type]
    reader = ConfigReader(node, model_type, family)
    fields = family.build(reader)
    # Not every family states it, but all of them know it.
    context_length = reader.optional("max_position_embeddings")
    reader.finish()
    return ImportedModel(_checked(fields, node), fields, model_type, context_length, tuple(_notes(config, node)))


def _text_part(config: MappingNode, text: MappingNode) -> MappingNode:
    """Return the part about the text decoder, with what only the whole says of the embeddings."""
    unknown = [
        Diagnostic(
            "CC301",
            f"the key `{key}` is not understood beside text_config",
            span=entry.key_span,
            hint="take the key out if it changes no weights of the text decoder",
        )
        for key, entry in config.entries.items()
        if key not in IRRELEVANT and not _AROUND_TEXT.fullmatch(key)
    ]
    if unknown:
        raise ScenarioError(*unknown)
    tied = config.entries.get("tie_word_embeddings")
    if tied is None or "tie_word_embeddings" in text.entries:
        return text
    return MappingNode({**text.entries, "tie_word_embeddings": tied}, text.span)


def _model_type(node: MappingNode, whole: MappingNode) -> str:
    """Return the name of the family, by `model_type`, else by the class that the model is of."""
    stated = child(node, "model_type") or child(whole, "model_type")
    names = [stated.value] if isinstance(stated, ScalarNode) and isinstance(stated.value, str) else []
    if names and names[0] in FAMILIES:
        return str(names[0])
    by_class = {_squeezed(name): name for name in FAMILIES}
    for part in (node, whole):
        classes = child(part, "architectures")
        for item in classes.items if isinstance(classes, SequenceNode) else ():
            if isinstance(item, ScalarNode):
                found = by_class.get(_squeezed(_CLASS_ENDING.sub("", item.text)))
                if found is not None:
                    return found
    known = ", ".join(sorted(FAMILIES))
    if stated is None:
        message = "the configuration has no `model_type`"
        span = whole.span.narrowed(0, 1)
        raise ScenarioError(Diagnostic("CC302", message, span=span, hint=f"understood are {known}"))
    text = stated.text if isinstance(stated, ScalarNode) else "a list or mapping"
    near = did_you_mean(text, FAMILIES)
    suggestion = f"did you mean {' or '.join(near)}? " if near else ""
    message = f"configurations of model_type `{text}` are not understood"
    raise ScenarioError(Diagnostic("CC306", message, span=stated.span, hint=f"{suggestion}understood are {known}"))


def _squeezed(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "")


def _checked(fields: Mapping[str, Any], node: MappingNode) -> Architecture:
    try:
        return Architecture.model_validate(fields)
    except ValidationError as error:
        problems = [
            Diagnostic(
                "CC303",
                f"the configuration gives no model: {item['msg']} ({'.'.join(map(str, item['loc']))})",
                span=node.span.narrowed(0, 1),
                hint="compare it with the published file",
            )
            for item in error.errors(include_url=False, include_input=False)
        ]
        raise ScenarioError(*problems) from error


def _notes(config: MappingNode, node: MappingNode) -> list[str]:
    found = []
    if node is not config:
        found.append("Only the text decoder is counted.")
    if any(getattr(child(node, key), "value", None) for key in _FURTHER):
        found.append("Layers that predict a token further are not counted.")
    return found
