"""Reading a configuration key by key: what is asked for is checked, what nobody asked for is refused.

A configuration that says something which the importer does not look at may describe another model than the one
that would come out. Hence every key is either read, or known not to change a shape, or an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from computecalc.errors import Diagnostic, ScenarioError, Span, did_you_mean
from computecalc.records import record
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode, child, plain

__all__ = ["IRRELEVANT", "MOST_LAYERS", "ConfigReader", "Family", "key_set"]

MOST_LAYERS = 10_000
"""Layers at most: they are listed one by one while they are sorted into groups."""

_LARGEST = 1_000_000_000

_STAND_IN = 1
"""Taken for a value with a problem, so that the rest is still looked at."""


def key_set(names: str) -> frozenset[str]:
    """Return keys that are written parted by blanks."""
    return frozenset(names.split())


IRRELEVANT = key_set(
    "_attn_implementation _attn_implementation_autoset _commit_hash _name_or_path activation_function"
    " architectures auto_map aux_loss_alpha bad_words_ids begin_suppress_tokens chunk_size_feed_forward clip_qkv"
    " diversity_penalty do_sample dtype early_stopping ep_size exponential_decay_length_penalty"
    " finetuning_task forced_bos_token_id forced_eos_token_id hidden_act hidden_activation id2label init_std"
    " initializer_range initializer_factor is_decoder is_training keep_window_size label2id length_penalty"
    " max_length max_window_layers"
    " min_length model_type mrope_section no_repeat_ngram_size encoder_no_repeat_ngram_size norm_topk_prob"
    " num_beam_groups num_beams num_logits_to_keep num_return_sequences original_max_position_embeddings"
    " output_attentions output_hidden_states output_router_logits output_scores partial_rotary_factor prefix"
    " pretraining_tp problem_type quantization quantization_config remove_invalid_values"
    " repetition_penalty return_dict return_dict_in_generate rotary_dim rotary_pct rotary_emb_base"
    " routed_scaling_factor scoring_func seq_aux suppress_tokens swiglu_alpha swiglu_limit"
    " task_specific_params temperature tf_legacy_loss tie_encoder_decoder tokenizer_class top_k top_p torch_dtype"
    " torchscript transformers_version typical_p unsloth_fixed unsloth_version use_bfloat16 use_cache use_mrope"
    " use_routing_bias attn_logit_softcapping final_logit_softcapping query_pre_attn_scalar logit_scale"
    " attention_value_scale"
)
"""Keys of all families that change no shape: generation, training, numerics, names."""

_IRRELEVANT_PATTERN = re.compile(
    r".*_token_(id|index|ids)|.*dropout.*|.*drop|rope_.*|.*_rope_theta|.*_eps|.*_epsilon|router_.*_loss_coef|.*_jitter_(noise|eps)|summary_.*"
)

_FIXED: Mapping[str, tuple[object, ...]] = {
    "add_cross_attention": (False,),
    "is_encoder_decoder": (False,),
    "cross_attention_hidden_size": (),
    "pruned_heads": ({},),
    "use_bidirectional_attention": (False, "vision"),
}
"""Keys of all families that are understood at these values only."""


@record
class Family:
    """How the configurations of one model type are read."""

    build: Callable[[ConfigReader], dict[str, Any]]
    """Returns the architecture in the words of the catalog."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The family's own names of common keys, several parted by blanks; the common name is understood, too."""
    defaults: Mapping[str, object] = field(default_factory=dict)
    """What an absent key means, where published configurations leave it out."""
    fixed: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    """Keys that are understood at these values only."""
    ignored: frozenset[str] = frozenset()
    """Keys of this family that change no shape."""


class ConfigReader:
    """Hands out the values of a configuration; problems are gathered and raised together by `finish`."""

    def __init__(self, node: MappingNode, model_type: str, family: Family, *, prefix: str = "") -> None:
        self.model_type = model_type
        self._node = node
        self._family = family
        self._prefix = prefix
        self._used: set[str] = set()
        self._sections: list[ConfigReader] = []
        self._problems: list[Diagnostic] = []

    def raw(self, key: str) -> object:
        """Return the plain value of a key, its default when it is absent, and count the key as read."""
        found = self._find(key)
        return self._family.defaults.get(key) if found is None else plain(found)

    def has(self, key: str) -> bool:
        """Whether the key is written with a value other than null."""
        found = self._find(key)
        return found is not None and not (isinstance(found, ScalarNode) and found.value is None)

    def size(self, key: str, *, most: int = _LARGEST) -> int:
        """Return a whole number of at least 1 that must be stated."""
        found = self.optional(key, most=most)
        if found is None:
            self._add_missing(key)
            return _STAND_IN
        return found

    def pass_over(self, names: str) -> None:
        """Count keys, parted by blanks, as read: what they say does not apply to this model."""
        self._used.update(names.split())

    def demand(self, key: str) -> None:
        """Note a key that is absent although nothing else says the same."""
        if not self.has(key):
            self._add_missing(key)

    def optional(self, key: str, *, most: int = _LARGEST) -> int | None:
        """Return a whole number of at least 1, None where it is absent, null or 0."""
        value = self.raw(key)
        if value is None or (value == 0 and not isinstance(value, bool)):
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(key, "must be a whole number", "as in the published file")
        elif not 1 <= value <= most:
            self.refuse(key, f"must be from 1 to {most}", "as in the published file")
        else:
            return value
        return _STAND_IN

    def flag(self, key: str, default: bool = False) -> bool:
        """Return true or false; absent and null mean the default of the family, else `default`."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.refuse(key, "must be true or false", "as in the published file")
            return default
        return value

    def items(self, key: str, kind: type, length: int | None = None) -> list[Any] | None:
        """Return a list of `kind`, of at least `length` items; None where it is absent or null."""
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(type(item) is kind for item in value):
            self.refuse(key, f"must be a list of {'words' if kind is str else 'whole numbers'}", "one item a layer")
            return None
        if length is not None and len(value) < length and not self._problems:
            self.refuse(key, f"has {len(value)} items for {length} layers", "one item a layer")
            return None
        return value

    def section(self, key: str, **defaults: object) -> ConfigReader:
        """Return a reader of a mapping below a key; it is finished with this one."""
        node = self._find(key)
        if not isinstance(node, MappingNode):
            if node is None:
                self._add_missing(key)
            else:
                self.refuse(key, "must be a mapping", "as in the published file")
            node = MappingNode({}, self._node.span)
        family = Family(self._family.build, defaults=defaults, ignored=self._family.ignored)
        reader = ConfigReader(node, self.model_type, family, prefix=f"{self._prefix}{key}.")
        self._sections.append(reader)
        return reader

    def refuse(self, key: str, message: str, hint: str) -> None:
        """Note a problem of the value of a key."""
        node = self._find(key)
        span = node.span if isinstance(node, ScalarNode) else self._key_span(key)
        self._add("CC303", f"the key `{self._prefix}{key}` {message}", span, hint)

    def require(self, holds: bool, key: str, message: str, hint: str = "as in the published file") -> None:
        """Note a problem of values that do not go together, where each is sound by itself."""
        if not holds and not self._problems:
            self.refuse(key, message, hint)

    def finish(self) -> None:
        """Look at the keys that nobody asked for, and raise every problem in the order of the document.

        Raises
        ------
        ScenarioError
            CC301 unknown key, CC302 missing key, CC303 a value that is wrong or not understood.
        """
        problems = self._all_problems()
        if problems:
            raise ScenarioError(*sorted(problems, key=_position))

    def _all_problems(self) -> list[Diagnostic]:
        fixed = {**_FIXED, **self._family.fixed}
        for key, entry in self._node.entries.items():
            if key in self._used or key in IRRELEVANT or key in self._family.ignored:
                continue
            if isinstance(entry.node, ScalarNode) and entry.node.value is None:
                continue  # null says nothing
            if key in fixed:
                self._check_fixed(key, entry.node, fixed[key])
            elif not _IRRELEVANT_PATTERN.fullmatch(key):
                self._add_unknown(key, entry.key_span)
        return self._problems + [problem for section in self._sections for problem in section._all_problems()]

    def _check_fixed(self, key: str, node: Node, allowed: tuple[object, ...]) -> None:
        value = plain(node)
        if not any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in allowed):
            said = " or ".join(str(one).lower() for one in allowed) or "null"
            hint = "describe the model by its layer groups instead"
            self.refuse(key, f"is understood as {said} only for model_type {self.model_type}", hint)

    def _add_unknown(self, key: str, span: Span) -> None:
        near = did_you_mean(key, self._used | set(self._family.fixed), most=1)
        hint = f"did you mean `{near[0]}`?" if near else "take the key out if it changes no weights"
        message = f"the key `{self._prefix}{key}` is not understood for model_type {self.model_type}"
        self._add("CC301", message, span, hint)

    def _find(self, key: str) -> Node | None:
        names = (key, *self._family.names.get(key, "").split())
        self._used.update(names)
        stated = [name for name in names if name in self._node.entries]
        for other in stated[1:]:
            if plain(self._node.entries[other].node) != plain(self._node.entries[stated[0]].node):
                span = self._node.entries[other].key_span
                message = f"the keys `{self._prefix}{stated[0]}` and `{other}` mean the same, but differ"
                problem = Diagnostic("CC303", message, span=span, hint="keep the one that is right")
                if problem not in self._problems:
                    self._problems.append(problem)
        return child(self._node, stated[0]) if stated else None

    def _key_span(self, key: str) -> Span | None:
        names = (key, *self._family.names.get(key, "").split())
        return next((self._node.entries[name].key_span for name in names if name in self._node.entries), None)

    def _add_missing(self, key: str) -> None:
        self._add("CC302", f"the key `{self._prefix}{key}` is missing", None, f"every {self.model_type} states it")

    def _add(self, code: str, message: str, span: Span | None, hint: str) -> None:
        problem = Diagnostic(code, message, span=span or self._node.span.narrowed(0, 1), hint=hint)
        if problem not in self._problems:
            self._problems.append(problem)


def _position(diagnostic: Diagnostic) -> tuple[int, int]:
    return (diagnostic.span.line, diagnostic.span.column) if diagnostic.span is not None else (0, 0)
