"""What an embedder feels: compile, load, settle a little, settle a lot, explain one claim."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jiugao import engine
from jiugao.compile import compile_policy
from peers import with_jiugao
from workload import workload

ALL = Path(__file__).parents[2] / "rules"
RULES = ALL / "liaocheng_2022"
FIVE = (
    "liaocheng_2022",
    "liaoning_2018",
    "mengjin_2018",
    "xianning_2017",
    "zaozhuang_2019",
)


@pytest.fixture(scope="module")
def compiled() -> bytes:
    """The program file of Liaocheng."""
    return compile_policy(RULES).program_bytes


def test_import(benchmark):
    """`import jiugao` in a new interpreter, the interpreter's own start included."""
    benchmark(subprocess.run, [sys.executable, "-c", "import jiugao"], check=True)


def test_interpreter_alone(benchmark):
    """The same without the import: what to take off."""
    benchmark(subprocess.run, [sys.executable, "-c", "pass"], check=True)


CHECKS = """
import sys
from jiugao.cli import main
for policy in sys.argv[1:]:
    sys.argv[1:] = ["check", policy, "--parameters", f"{policy}/parameters.sample.toml"]
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise
"""


def test_check_of_five_policies(benchmark):
    """`jiugao check` of each of the five policies in one new interpreter.

    Their open figures are given, as `make demo` gives them: a check that finds an error ends
    before it is whole.
    """
    paths = [str(ALL / policy) for policy in FIVE]
    told = [sys.executable, "-c", CHECKS, *paths]
    benchmark(
        subprocess.run,
        told,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_compile(benchmark):
    """Text of a folder to a program file, checks included."""
    benchmark(compile_policy, RULES)


def test_decode_and_verify(benchmark, compiled):
    """Bytes of a program file to a verified program."""
    benchmark(engine.Program.load, compiled)


@pytest.mark.parametrize("claims", [100, 10_000, 1_000_000])
def test_settle(benchmark, compiled, claims):
    """Columns in memory to columns in memory: is a small table much dearer a claim?"""
    data = workload(claims)
    stream = with_jiugao.claims_stream(data.claims)
    ready = engine.Program.load(compiled)
    benchmark.extra_info["claims"] = len(data.claims)
    benchmark(with_jiugao.settle, ready, stream, data.applications, 1)


def test_explain_one(benchmark, compiled):
    """One claim with every step."""
    data = workload(8)
    stream = with_jiugao.claims_stream(data.claims)
    tables = with_jiugao.tables(stream, data.applications)
    benchmark(engine.trace, engine.Program.load(compiled), tables, 0)


CLAIMS = 8  # a person on average


def test_one_claim_at_a_counter(benchmark, compiled):
    """One claim in order with its account: a person's claims one by one, divided by eight."""
    counter = engine.Counter(engine.Program.load(compiled))
    days = [f"2023-{month:02}-15" for month in range(1, CLAIMS + 1)]
    names = [f"S{n}" for n in range(CLAIMS)]
    values = {
        "med_type": "21",
        "medfee_sumamt": 1_000_000,
        "inscp_scp_amt": 1_000_000,
        "hifp_pay": 400_000,
    }

    def accounts():
        return (counter.account([("特困人员", None, None)]),), {}

    def person(account):
        for day, name in zip(days, names, strict=True):
            account.settle(day, name, values)

    benchmark.extra_info["divide"] = CLAIMS
    benchmark.pedantic(person, setup=accounts, rounds=5000, warmup_rounds=100)
