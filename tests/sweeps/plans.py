"""Plans that several tests sweep, and what reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from computecalc.catalog.lookup import Catalog
from computecalc.sweeps.plan import Plan
from computecalc.sweeps.reading import read_plan
from computecalc.sweeps.running import SweepResult, run_sweep
from computecalc.yamlio.loading import load_text

CATALOG = Catalog.open()

DENSE = """\
version: 1
scenarios:
  dense:
    kind: train
    model: llama-3.1-70b
    data: {tokens: 15T tokens, sequence_length: 4096 token, global_batch: 1024}
    cluster: {accelerator: h100-sxm, count: 1024, precision: bf16}
    layout: {tensor: 8, pipeline: 4}
    site: {region: US-VA}
    money: {price: 2 USD/accelerator/h}
"""
EXPERTS = """\
version: 1
scenarios:
  experts:
    kind: train
    model: deepseek-v3
    data: {tokens: 14.8T tokens, sequence_length: 4096 token, global_batch: 15360}
    cluster: {accelerator: h800-sxm, count: 2048, precision: fp8}
    layout: {tensor: 1, pipeline: 16, expert: 64, micro_batch: 1}
    money: {price: 2 USD/accelerator/h}
"""
STATED = """\
version: 1
scenarios:
  stated:
    kind: train
    model: llama-3.1-8b
    data: {tokens: 1T tokens}
    cluster: {accelerator: h100-sxm, count: 512}
    efficiency: {mfu: 0.4, goodput: 0.9}
    money: {price: 2 USD/accelerator/h}
"""
SERVED = """\
version: 1
scenarios:
  served:
    kind: infer
    model: llama-3.1-8b
    traffic: {input: 1000 token/request, output: 300 token/request, rate: 20 request/s}
    serving: {accelerator: h100-sxm, tensor: 1, precision: fp8, batch: 32}
    site: {region: US-VA}
    money: {price: 2 USD/accelerator/h}
"""
CAMPUS = """\
version: 1
scenarios:
  campus:
    kind: campus
    cluster: {accelerator: gb200-nvl72, count: 500000}
    site: {region: US-TX, pue: 1.2}
    power: {host_overhead: 1.53}
"""
ADAPTERS = """\
version: 1
scenarios:
  adapters:
    kind: train
    task: lora
    model: llama-3.1-70b
    lora: {rank: 16, targets: all}
    data: {tokens: 1B tokens, sequence_length: 4096 token, global_batch: 128}
    cluster: {accelerator: h100-sxm, count: 16}
    layout: {tensor: 8, pipeline: 1}
    money: {price: 2 USD/accelerator/h}
"""
SMALL = (
    STATED
    + """\
    matrix: {cluster.accelerator: [h100-sxm, b200-sxm], cluster.count: [256, 512, 0, 1024]}
    sample:
      cases: 500
      seed: 3
      axes:
        data.tokens: {from: 1T tokens, to: 20T tokens, spacing: log}
        efficiency.mfu: 0.30..0.40..0.50
"""
)
"""2 x 4 points of 500 samples, one value of which cannot be: 4,000 cases, 1,000 of them refused."""


def plan_of(text: str, **options: Any) -> Plan:
    """Read the plan of a text."""
    return read_plan(load_text(text, "plan.yaml"), **options)


def swept(text: str, folder: Path, **options: Any) -> SweepResult:
    """Sweep the plan of a text."""
    return run_sweep(plan_of(text), folder, catalog=CATALOG, **options)


def content(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
