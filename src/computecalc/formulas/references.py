"""The literature that formulas cite, one entry a key."""

from __future__ import annotations

from computecalc.records import record

__all__ = ["REFERENCES", "Reference"]


@record
class Reference:
    """A publication: enough to find it."""

    authors: str
    year: int
    title: str
    url: str

    def __str__(self) -> str:
        return f"{self.authors} ({self.year}), {self.title}, {self.url}"


REFERENCES: dict[str, Reference] = {
    "agrawal2024": Reference(
        "Agrawal et al.",
        2024,
        "Taming Throughput-Latency Tradeoff in LLM Inference with Sarathi-Serve",
        "https://arxiv.org/abs/2403.02310",
    ),
    "ainslie2023": Reference(
        "Ainslie et al.",
        2023,
        "GQA: Training Generalized Multi-Query Transformer Models",
        "https://arxiv.org/abs/2305.13245",
    ),
    "ansel2024": Reference(
        "Ansel et al.",
        2024,
        "PyTorch 2: Faster Machine Learning Through Dynamic Python Bytecode Transformation and Graph Compilation",
        "https://doi.org/10.1145/3620665.3640366",
    ),
    "barroso2018": Reference(
        "Barroso, Hölzle, Ranganathan",
        2018,
        "The Datacenter as a Computer: Designing Warehouse-Scale Machines, third edition",
        "https://doi.org/10.2200/S00874ED3V01Y201809CAC046",
    ),
    "beltagy2020": Reference(
        "Beltagy, Peters, Cohan",
        2020,
        "Longformer: The Long-Document Transformer",
        "https://arxiv.org/abs/2004.05150",
    ),
    "besiroglu2024": Reference(
        "Besiroglu, Erdil, Barnett, You",
        2024,
        "Chinchilla Scaling: A replication attempt",
        "https://arxiv.org/abs/2404.10102",
    ),
    "bis2022": Reference(
        "BIS, US Department of Commerce",
        2022,
        "Implementation of Additional Export Controls: Certain Advanced Computing Items",
        "https://www.federalregister.gov/documents/2022/10/13/2022-21658/",
    ),
    "bis2023": Reference(
        "BIS, US Department of Commerce",
        2023,
        "Implementation of Additional Export Controls: Certain Advanced Computing Items; Updates and Corrections",
        "https://www.federalregister.gov/documents/2023/10/25/2023-23055/",
    ),
    "california2025": Reference(
        "California Legislature",
        2025,
        "Senate Bill 53, Transparency in Frontier Artificial Intelligence Act",
        "https://leginfo.legislature.ca.gov/faces/billTextClient.xhtml?bill_id=202520260SB53",
    ),
    "chowdhery2022": Reference(
        "Chowdhery et al.",
        2022,
        "PaLM: Scaling Language Modeling with Pathways",
        "https://arxiv.org/abs/2204.02311",
    ),
    "chung2025": Reference(
        "Chung et al.",
        2025,
        "The ML.ENERGY Benchmark: Toward Automated Inference Energy Measurement and Optimization",
        "https://arxiv.org/abs/2505.06371",
    ),
    "commission2025": Reference(
        "European Commission",
        2025,
        "Guidelines on the scope of obligations for providers of general-purpose AI models under the AI Act",
        "https://digital-strategy.ec.europa.eu/en/library/"
        "guidelines-scope-obligations-providers-general-purpose-ai-models-under-ai-act",
    ),
    "cottier2024": Reference(
        "Cottier et al.",
        2024,
        "The rising costs of training frontier AI models",
        "https://arxiv.org/abs/2405.21015",
    ),
    "daly2006": Reference(
        "Daly",
        2006,
        "A Higher Order Estimate of the Optimum Checkpoint Interval for Restart Dumps",
        "https://doi.org/10.1016/j.future.2004.11.016",
    ),
    "dao2023": Reference(
        "Dao",
        2023,
        "FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning",
        "https://arxiv.org/abs/2307.08691",
    ),
    "dao2024": Reference(
        "Dao, Gu",
        2024,
        "Transformers are SSMs: Generalized Models and Efficient Algorithms Through Structured State Space Duality",
        "https://arxiv.org/abs/2405.21060",
    ),
    "deepseek2024": Reference(
        "DeepSeek-AI",
        2024,
        "DeepSeek-V2: A Strong, Economical, and Efficient MoE Language Model",
        "https://arxiv.org/abs/2405.04434",
    ),
    "deepseek2025": Reference(
        "DeepSeek-AI",
        2025,
        "DeepSeek-V3.2: Pushing the Frontier of Open Large Language Models",
        "https://arxiv.org/abs/2512.02556",
    ),
    "dubey2024": Reference("Dubey et al.", 2024, "The Llama 3 Herd of Models", "https://arxiv.org/abs/2407.21783"),
    "fan2007": Reference(
        "Fan, Weber, Barroso",
        2007,
        "Power Provisioning for a Warehouse-sized Computer",
        "https://doi.org/10.1145/1250662.1250665",
    ),
    "fedus2021": Reference(
        "Fedus, Zoph, Shazeer",
        2021,
        "Switch Transformers: Scaling to Trillion Parameter Models",
        "https://arxiv.org/abs/2101.03961",
    ),
    "gale2022": Reference(
        "Gale, Narayanan, Young, Zaharia",
        2022,
        "MegaBlocks: Efficient Sparse Training with Mixture-of-Experts",
        "https://arxiv.org/abs/2211.15841",
    ),
    "ghgprotocol2015": Reference(
        "World Resources Institute",
        2015,
        "GHG Protocol Scope 2 Guidance",
        "https://ghgprotocol.org/scope-2-guidance",
    ),
    "greengrid2011": Reference(
        "The Green Grid",
        2011,
        "Water Usage Effectiveness (WUE): A Green Grid Data Center Sustainability Metric (white paper 35)",
        "https://www.thegreengrid.org",
    ),
    "greengrid2012": Reference(
        "The Green Grid",
        2012,
        "PUE: A Comprehensive Examination of the Metric (white paper 49)",
        "https://www.thegreengrid.org",
    ),
    "gu2023": Reference(
        "Gu, Dao",
        2023,
        "Mamba: Linear-Time Sequence Modeling with Selective State Spaces",
        "https://arxiv.org/abs/2312.00752",
    ),
    "gupta2022": Reference(
        "Gupta et al.",
        2022,
        "ACT: Designing Sustainable Computer Systems with an Architectural Carbon Modeling Tool",
        "https://doi.org/10.1145/3470496.3527408",
    ),
    "hennessy2017": Reference(
        "Hennessy, Patterson",
        2017,
        "Computer Architecture: A Quantitative Approach, sixth edition",
        "https://www.elsevier.com/books/computer-architecture/hennessy/978-0-12-811905-1",
    ),
    "hoffmann2022": Reference(
        "Hoffmann et al.",
        2022,
        "Training Compute-Optimal Large Language Models",
        "https://arxiv.org/abs/2203.15556",
    ),
    "hu2021": Reference(
        "Hu et al.", 2021, "LoRA: Low-Rank Adaptation of Large Language Models", "https://arxiv.org/abs/2106.09685"
    ),
    "iso2024": Reference(
        "ISO/IEC",
        2024,
        "ISO/IEC 21031:2024, Software Carbon Intensity (SCI) specification",
        "https://www.iso.org/standard/86612.html",
    ),
    "jiang2024": Reference(
        "Jiang et al.",
        2024,
        "MegaScale: Scaling Large Language Model Training to More Than 10,000 GPUs",
        "https://arxiv.org/abs/2402.15627",
    ),
    "kaplan2020": Reference(
        "Kaplan et al.", 2020, "Scaling Laws for Neural Language Models", "https://arxiv.org/abs/2001.08361"
    ),
    "kokolis2024": Reference(
        "Kokolis et al.",
        2024,
        "Revisiting Reliability in Large-Scale Machine Learning Research Clusters",
        "https://arxiv.org/abs/2410.21680",
    ),
    "korthikanti2022": Reference(
        "Korthikanti et al.",
        2022,
        "Reducing Activation Recomputation in Large Transformer Models",
        "https://arxiv.org/abs/2205.05198",
    ),
    "kwon2023": Reference(
        "Kwon et al.",
        2023,
        "Efficient Memory Management for Large Language Model Serving with PagedAttention",
        "https://arxiv.org/abs/2309.06180",
    ),
    "lepikhin2020": Reference(
        "Lepikhin et al.",
        2020,
        "GShard: Scaling Giant Models with Conditional Computation and Automatic Sharding",
        "https://arxiv.org/abs/2006.16668",
    ),
    "leviathan2022": Reference(
        "Leviathan, Kalman, Matias",
        2022,
        "Fast Inference from Transformers via Speculative Decoding",
        "https://arxiv.org/abs/2211.17192",
    ),
    "li2020": Reference(
        "Li et al.",
        2020,
        "PyTorch Distributed: Experiences on Accelerating Data Parallel Training",
        "https://arxiv.org/abs/2006.15704",
    ),
    "li2023": Reference(
        "Li et al.",
        2023,
        "Making AI Less Thirsty: Uncovering and Addressing the Secret Water Footprint of AI Models",
        "https://arxiv.org/abs/2304.03271",
    ),
    "little1961": Reference(
        "Little",
        1961,
        "A Proof for the Queuing Formula: L = lambda W",
        "https://doi.org/10.1287/opre.9.3.383",
    ),
    "liu2023": Reference(
        "Liu, Zaharia, Abbeel",
        2023,
        "Ring Attention with Blockwise Transformers for Near-Infinite Context",
        "https://arxiv.org/abs/2310.01889",
    ),
    "liu2024": Reference(
        "Liu et al. (DeepSeek-AI)",
        2024,
        "DeepSeek-V3 Technical Report",
        "https://arxiv.org/abs/2412.19437",
    ),
    "liu2025": Reference(
        "Liu et al.",
        2025,
        "MoE Parallel Folding: Heterogeneous Parallelism Mappings for Efficient Large-Scale MoE Model Training with "
        "Megatron Core",
        "https://arxiv.org/abs/2504.14960",
    ),
    "magaki2016": Reference(
        "Magaki, Khazraee, Vega Gutierrez, Taylor",
        2016,
        "ASIC Clouds: Specializing the Datacenter",
        "https://doi.org/10.1109/ISCA.2016.25",
    ),
    "micikevicius2022": Reference(
        "Micikevicius et al.",
        2022,
        "FP8 Formats for Deep Learning",
        "https://arxiv.org/abs/2209.05433",
    ),
    "morrison2025": Reference(
        "Morrison et al.",
        2025,
        "Holistically Evaluating the Environmental Impact of Creating Language Models",
        "https://arxiv.org/abs/2503.05804",
    ),
    "narayanan2021": Reference(
        "Narayanan et al.",
        2021,
        "Efficient Large-Scale Language Model Training on GPU Clusters",
        "https://arxiv.org/abs/2104.04473",
    ),
    "park2016": Reference(
        "Park",
        2016,
        "Contemporary Engineering Economics, sixth edition",
        "https://www.pearson.com/en-us/subject-catalog/p/contemporary-engineering-economics/P200000003449",
    ),
    "patel2023": Reference(
        "Patel et al.",
        2023,
        "Splitwise: Efficient Generative LLM Inference Using Phase Splitting",
        "https://arxiv.org/abs/2311.18677",
    ),
    "patterson2021": Reference(
        "Patterson et al.",
        2021,
        "Carbon Emissions and Large Neural Network Training",
        "https://arxiv.org/abs/2104.10350",
    ),
    "pope2022": Reference(
        "Pope et al.",
        2022,
        "Efficiently Scaling Transformer Inference",
        "https://arxiv.org/abs/2211.05102",
    ),
    "qi2024": Reference(
        "Qi, Wan, Huang, Lin", 2024, "Zero Bubble Pipeline Parallelism", "https://arxiv.org/abs/2401.10241"
    ),
    "qin2024": Reference(
        "Qin et al.",
        2024,
        "Lightning Attention-2: A Free Lunch for Handling Unlimited Sequence Lengths in Large Language Models",
        "https://arxiv.org/abs/2401.04658",
    ),
    "rajbhandari2020": Reference(
        "Rajbhandari et al.",
        2020,
        "ZeRO: Memory Optimizations Toward Training Trillion Parameter Models",
        "https://arxiv.org/abs/1910.02054",
    ),
    "shazeer2017": Reference(
        "Shazeer et al.",
        2017,
        "Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts Layer",
        "https://arxiv.org/abs/1701.06538",
    ),
    "stapper1983": Reference(
        "Stapper, Armstrong, Saji",
        1983,
        "Integrated Circuit Yield Statistics",
        "https://doi.org/10.1109/PROC.1983.12619",
    ),
    "thakur2005": Reference(
        "Thakur, Rabenseifner, Gropp",
        2005,
        "Optimization of Collective Communication Operations in MPICH",
        "https://doi.org/10.1177/1094342005051521",
    ),
    "union2024": Reference(
        "European Union",
        2024,
        "Regulation (EU) 2024/1689 (AI Act)",
        "https://eur-lex.europa.eu/eli/reg/2024/1689/oj",
    ),
    "vaswani2017": Reference("Vaswani et al.", 2017, "Attention Is All You Need", "https://arxiv.org/abs/1706.03762"),
    "wan2024": Reference(
        "Wan et al.",
        2024,
        "ByteCheckpoint: A Unified Checkpointing System for Large Foundation Model Development",
        "https://arxiv.org/abs/2407.20143",
    ),
    "williams2009": Reference(
        "Williams, Waterman, Patterson",
        2009,
        "Roofline: An Insightful Visual Performance Model for Multicore Architectures",
        "https://doi.org/10.1145/1498765.1498785",
    ),
    "yang2024": Reference(
        "Yang, Kautz, Hatamizadeh",
        2024,
        "Gated Delta Networks: Improving Mamba2 with Delta Rule",
        "https://arxiv.org/abs/2412.06464",
    ),
    "yuan2025": Reference(
        "Yuan et al.",
        2025,
        "Native Sparse Attention: Hardware-Aligned and Natively Trainable Sparse Attention",
        "https://arxiv.org/abs/2502.11089",
    ),
    "zhao2023": Reference(
        "Zhao et al.",
        2023,
        "PyTorch FSDP: Experiences on Scaling Fully Sharded Data Parallel",
        "https://arxiv.org/abs/2304.11277",
    ),
    "zhong2024": Reference(
        "Zhong et al.",
        2024,
        "DistServe: Disaggregating Prefill and Decoding for Goodput-optimized Large Language Model Serving",
        "https://arxiv.org/abs/2401.09670",
    ),
}
