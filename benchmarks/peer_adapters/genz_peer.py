"""GenZ (Bambhaniya et al. 2024): one decode step and one prompt by its modelling functions, in a loop."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import warnings

from measuring import tell  # type: ignore[import-not-found]

with contextlib.redirect_stdout(io.StringIO()):
    from GenZ import decode_moddeling, prefill_moddeling  # type: ignore[import-not-found]


def main() -> None:
    warnings.simplefilter("ignore")
    case = json.loads(sys.argv[1])
    system = {
        "Flops": case["peak_tflops"],
        "Memory_size": case["memory_gb"],
        "Memory_BW": case["bandwidth_gb"],
        "ICN": 450,
        "real_values": True,
    }
    shared = {
        "model": case["genz_model"],
        "input_tokens": case["input"],
        "system_name": system,
        "bits": "bf16",
        "tensor_parallel": 1,
    }

    def run(_: int) -> tuple[float, float, float]:
        decoded = decode_moddeling(batch_size=case["batch"], Bb=1, output_tokens=case["output"], **shared)
        prompt = prefill_moddeling(batch_size=1, **shared)
        summary = decoded.get("summary_table")
        memory = 0.0
        if summary is not None:
            memory = float(summary["Total Weights (MB)"].values[0]) + float(summary["KV Cache (MB)"].values[0])
        return decoded["Latency"] * 1e-3, prompt["Latency"] * 1e-3, memory * 2**20

    step, prompt, memory = run(0)
    figures = {"time.decode_step": step, "time.prompt": prompt}
    if memory:
        figures["memory.per_accelerator"] = memory
    tell(run, figures, seconds=float(sys.argv[2]))


if __name__ == "__main__":
    main()
