from __future__ import annotations

import numpy as np
import pytest

from computecalc.formulas.power import idle_energy_share, nameplate_overhead, server_peak_power
from computecalc.formulas.training_draw import loaded_draw, step_load


def test_a_step_without_gaps_is_full_load() -> None:
    assert step_load(compute=9.0, optimizer=1.0, step=10.0, stack=1.0) == 1.0


def test_gaps_of_software_are_no_load_and_faster_software_no_more_than_full() -> None:
    loads = step_load(compute=9.0, optimizer=1.0, step=10.0, stack=np.array([0.8, 1.0, 1.25]))
    assert loads == pytest.approx([1.0, 1.0, 0.8])


def test_the_draw_of_olmo_2_in_its_steps_and_in_its_checkpoints() -> None:
    # Morrison et al. 2025: 85 % of the limit while steps run, 15 % while checkpoints are written.
    assert loaded_draw(idle=0.15, maximum=0.85, load=1.0) == 0.85
    assert loaded_draw(idle=0.15, maximum=0.85, load=0.0) == 0.15


@pytest.mark.parametrize(("server", "accelerator", "ratio"), [(6500.0, 400.0, 2.03), (10200.0, 700.0, 1.82)])
def test_nameplates_of_dgx_servers(server: float, accelerator: float, ratio: float) -> None:
    # training-cost-trends, chip to server power: 2.03 for a DGX A100, 1.82 for a DGX H100.
    found = nameplate_overhead(server_maximum=server, accelerators_per_node=8.0, thermal_design=accelerator)
    assert found == pytest.approx(ratio, abs=0.005)


def test_a_site_is_laid_out_for_nameplates() -> None:
    # 100,000 H100 in servers of 10.2 kW and PUE 1.2: 153 MW; Colossus 1 was laid out for 181 MW with all around it.
    found = server_peak_power(server_maximum=10200.0, accelerators_per_node=8.0, accelerators=100e3, pue=1.2)
    assert found == pytest.approx(153e6)


def test_idle_energy_of_a_fleet() -> None:
    # Half the time at 60 %, half at 20 %: 40 % on average, a quarter of the energy while waiting.
    assert idle_energy_share(idle=0.2, average=0.4, load=0.5) == pytest.approx(0.25)
    assert idle_energy_share(idle=0.2, average=0.6, load=1.0) == 0.0
