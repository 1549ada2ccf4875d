"""Calculon (Isaev et al. 2023): one training step by `Llm.compile` and `Llm.run`, in a loop.

Its repository is given by the environment variable CALCULON; the package of that name on PyPI is another one.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path

sys.path.insert(0, os.environ["CALCULON"])
from calculon.llm.llm import Llm  # type: ignore[import-not-found]
from calculon.system import System  # type: ignore[import-not-found]
from measuring import tell  # type: ignore[import-not-found]


def main() -> None:
    case, log = json.loads(sys.argv[1]), logging.getLogger()
    logging.disable(logging.CRITICAL)
    system = json.loads((Path(os.environ["CALCULON"]) / "systems" / "h100_80g_nvl8.json").read_text())
    application = {
        "name": "case",
        "hidden": case["hidden"],
        "feedforward": case["ffn"],
        "seq_size": case["sequence"],
        "attn_heads": case["heads"],
        "attn_size": case["hidden"] // case["heads"],
        "num_blocks": case["layers"],
    }
    execution = {
        "num_procs": case["count"],
        "tensor_par": case["tensor"],
        "pipeline_par": case["pipeline"],
        "data_par": case["data"],
        "tensor_par_net": 0,
        "pipeline_par_net": 1,
        "data_par_net": 1,
        "batch_size": case["global_batch"],
        "microbatch_size": case["micro_batch"],
        "datatype": "float16",
        "fused_activation": True,
        "attention_type": "multihead",
        "activation_recompute": "attn_only",  # what fused attention does by itself
        "pipeline_interleaving": case["virtual_pipeline"],
        "optimizer_sharding": True,
        "tensor_par_comm_type": "rs_ag",
        "tensor_par_overlap": "none",
        "seq_par_ag_redo": False,
        "data_par_overlap": True,
        "weight_offload": False,
        "activations_offload": False,
        "optimizer_offload": False,
        "training": True,
    }

    def run(_: int) -> Llm:
        model = Llm(Llm.Application(application), log)
        syst = System(system)
        model.compile(syst, Llm.Execution.from_json(execution))
        model.run(syst)
        return model

    found = run(0)
    figures = {"time.step": found.get_total_time(), "memory.per_accelerator": found.get_mem_tier1_cap_req()}
    tell(run, figures, seconds=float(sys.argv[2]))


if __name__ == "__main__":
    main()
