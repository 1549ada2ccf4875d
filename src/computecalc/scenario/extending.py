"""The ancestry of a scenario: what it extends, in its own file and in others, as layers to merge."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.errors import Diagnostic, ScenarioError, did_you_mean
from computecalc.records import record
from computecalc.scenario.other_files import FileParts, Library
from computecalc.yamlio.nodes import MappingNode, ScalarNode, SequenceNode, merge

__all__ = ["extended"]

_MOST_LAYERS = 256
"""Fragments that one scenario may be merged from; lists of parents that repeat each other double with every level."""

_DEEPEST = 64
"""Levels of `extends` at most."""


@record
class _Step:
    """A fragment on the way up, and the file it stands in."""

    file: FileParts
    name: str
    node: MappingNode


def extended(file: FileParts, name: str, node: MappingNode, library: Library) -> MappingNode:
    """Merge a scenario with the defaults and with all that it extends, farthest ancestor first.

    Parameters
    ----------
    file : FileParts
        The file it stands in.
    name : str
        Its name there.
    node : MappingNode
        What is written of it.
    library : Library
        Where other files come from.

    Raises
    ------
    ScenarioError
        CC303 for `extends` of another form or too long, CC307 for a name that there is none of, CC308 for a
        circle, CC312 for a file that must not be read.
    """
    layers = [file.defaults] if file.defaults is not None else []
    _add(layers, _Step(file, name, node), (), library)
    result = layers[0]
    for layer in layers[1:]:
        merged = merge(result, layer)
        if not isinstance(merged, MappingNode):
            raise TypeError(f"two mappings merged into something else at {layer.span.label}")
        result = merged
    return MappingNode({key: entry for key, entry in result.entries.items() if key != "extends"}, result.span)


def _add(layers: list[MappingNode], step: _Step, seen: tuple[_Step, ...], library: Library) -> None:
    """Append the layers from the farthest ancestor to the fragment itself."""
    names = [(each.file.document, each.name) for each in seen]
    if (step.file.document, step.name) in names:
        circle = seen[names.index((step.file.document, step.name)) :]
        shown = " -> ".join([*(each.name for each in circle), step.name])
        span = step.node.entries["extends"].node.span
        raise ScenarioError(Diagnostic("CC308", f"`extends` goes in a circle: {shown}", span=span))
    for parent in _parents(step.node):
        if len(seen) >= _DEEPEST or len(layers) >= _MOST_LAYERS:
            message = f"`extends` is too long a chain: at most {_DEEPEST} levels and {_MOST_LAYERS} fragments in all"
            raise ScenarioError(Diagnostic("CC303", message, span=parent.span, hint="merge some of the fragments"))
        above = _found(step.file, parent, library)
        if above.file is not step.file and above.file.defaults is not None:
            # What is extended is what the other file says of it, its defaults included.
            layers.append(above.file.defaults)
        _add(layers, above, (*seen, step), library)
    layers.append(step.node)


def _parents(node: MappingNode) -> Sequence[ScalarNode]:
    entry = node.entries.get("extends")
    if entry is None:
        return ()
    given = entry.node
    items = given.items if isinstance(given, SequenceNode) else (given,)
    names = [item for item in items if isinstance(item, ScalarNode) and isinstance(item.value, str)]
    if len(names) != len(items):
        message = "`extends` wants a name or a list of names"
        hint = "extends: [base, spot], or extends: other.yaml#base"
        raise ScenarioError(Diagnostic("CC303", message, span=given.span, hint=hint))
    return names


def _found(file: FileParts, parent: ScalarNode, library: Library) -> _Step:
    """Find what a name means: in this file, or, as `other.yaml#name`, in another one."""
    text = str(parent.value)
    node = file.fragment(text)
    if node is not None:
        return _Step(file, text, node)
    path, sign, name = text.rpartition("#")
    if sign:
        if not path or not name:
            message = f"`extends` wants a file and a name in it, not {text!r}"
            raise ScenarioError(Diagnostic("CC303", message, span=parent.span, hint="extends: other.yaml#base"))
        other = library.other(path, file.document, parent.span)
        node = other.fragment(name)
        if node is not None:
            return _Step(other, name, node)
        file, text = other, name
    known = [*file.profiles, *file.scenarios]
    near = did_you_mean(text, known)
    hint = f"did you mean {' or '.join(near)}?" if near else f"defined there: {', '.join(sorted(known))}"
    where = f" in {file.document.name}" if sign else ""
    message = f"there is no scenario or profile {text!r}{where} to extend"
    raise ScenarioError(Diagnostic("CC307", message, span=parent.span, hint=hint))
