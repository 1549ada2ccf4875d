"""llm-analysis (Li 2023): one training step by `LLMAnalysis.training`, in a loop."""

from __future__ import annotations

import json
import logging
import sys

from llm_analysis.analysis import DSZeRO, LLMAnalysis  # type: ignore[import-not-found]
from llm_analysis.config import (  # type: ignore[import-not-found]
    ModelConfig,
    ParallelismConfig,
    get_dtype_config_by_name,
    get_gpu_config_by_name,
)
from measuring import tell  # type: ignore[import-not-found]


def main() -> None:
    logging.disable(logging.CRITICAL)
    case = json.loads(sys.argv[1])
    model = ModelConfig(
        name="case",
        num_layers=case["layers"],
        n_head=case["heads"],
        hidden_dim=case["hidden"],
        vocab_size=case["vocab"],
        max_seq_len=case["sequence"],
        ffn_embed_dim=case["ffn"],
    )
    gpu, dtype = get_gpu_config_by_name("h100-sxm-80gb"), get_dtype_config_by_name("w16a16e16")
    parallelism = ParallelismConfig(
        tp_size=case["tensor"], pp_size=case["pipeline"], dp_size=case["data"], sp_size=case["tensor"]
    )

    def run(number: int) -> dict[str, float]:
        analysis = LLMAnalysis(model, gpu, dtype, parallelism)
        found: dict[str, float] = analysis.training(
            batch_size_per_gpu=case["micro_batch"],
            global_batch_size=case["global_batch"],
            seq_len=case["sequence"],
            total_num_tokens=1_000_000_000 + number,
            ds_zero=DSZeRO.STAGE_1,
        )
        return found

    found = run(0)
    memory = found["(weight+op_state+grad+act)_memory_per_gpu"]
    figures = {"time.step": found["latency_per_iter"], "memory.per_accelerator": memory}
    tell(run, figures, seconds=float(sys.argv[2]))


if __name__ == "__main__":
    main()
