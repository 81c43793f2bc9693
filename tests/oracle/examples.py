"""An example of a checked policy comes in; what the second evaluator makes of it goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.oracle import funds
from tests.oracle.evaluate import evaluate
from tests.oracle.exact import own
from tests.oracle.opening import Opening, carried
from tests.oracle.shape import Application, Held, Result
from tests.oracle.subsidies import subsidise

if TYPE_CHECKING:
    from jiugao.policy import model

PERSON = "example"


def settle(policy: model.Policy, example: model.Example) -> Result:
    """The example's claims, identities and applications, the years closed."""
    claims: list[dict[str, Any]] = []
    numbered = {row.label: f"{n:04}" for n, row in enumerate(example.rows)}
    for number, row in enumerate(example.rows):
        columns = {column: own(value) for column, value in row.values.items()}
        columns.setdefault("medfee_sumamt", columns.get("inscp_scp_amt", 0))
        reversed_id = None if row.reverses is None else numbered[row.reverses]
        claims.append(
            columns
            | {
                "psn_no": PERSON,
                "setl_id": f"{number:04}",
                "init_setl_id": reversed_id,
                policy.year_by.column: row.day,
            }
        )
    held = [Held(PERSON, i.identity, i.start, i.end) for i in example.identities]
    asked = [
        Application(PERSON, day, identity) for day, identity in example.applications
    ]
    begun = [_begun(policy, line) for line in example.carried]
    return evaluate(policy, claims, held, asked, begun, close_year=True)


def _begun(policy: model.Policy, line: model.ExampleCarried) -> Opening:
    """What the year begins with, by this policy's names."""
    year = policy.years.of(line.until)
    begun = Opening(PERSON, year, dict(line.totals), line.until)
    return begun if line.code is None else carried(policy, begun, line.code)


def subsidised(policy: model.Policy, example: model.Example) -> list[dict[str, int]]:
    """What the subsidies, by name, give on each enrolment row of the example."""
    name = {subsidy.code: subsidy.name for subsidy in policy.subsidies}
    rows = [
        {column: own(value) for column, value in row.values.items()}
        | {"psn_no": PERSON, "begndate": row.day}
        for row in example.enrolments
    ]
    held = [Held(PERSON, i.identity, i.start, i.end) for i in example.identities]
    given = subsidise(policy, rows, held)
    return [{name[code]: fen for code, fen in row.items()} for row in given]


def differences(policy: model.Policy, example: model.Example) -> list[str]:
    """Where the result is not what the example expects, in words; empty: it holds."""
    result = settle(policy, example)
    code = {benefit.name: [benefit.code] for benefit in policy.benefits}
    for choice in policy.choices:  # a benefit of several classes is all of them
        if choice.whole is not None:
            every = [code[name][0] for name in choice.benefits]
            code[choice.whole.name] = every
    warned = {w.name: w.code for w in policy.warnings}
    found: list[str] = []

    def hold(where: str, name: str, due: object, got: object) -> None:
        if due != got:
            found.append(f"{where}: {name} {due} expected, {got} found")

    for row, expected in zip(result.rows, example.rows, strict=True):
        for name, due in expected.expected.items():
            got = row.burden
            if name != "个人":
                got = sum(row.payments[c] for c in code[name])
            hold(f"row {expected.day}", name, due, got)
        told = (("收款方", "payee"), ("期限", "due_by"))
        for name, word in told:
            due, got = getattr(expected, word), getattr(row.paying, word)
            if due is not None:
                hold(f"row {expected.day}", name, due, got)
    rows, years = result.rows, result.years
    for name, (due, _) in example.expected.items():
        if name in warned:
            hold(
                "warning",
                name,
                due,
                int(any(y.warned.get(warned[name]) for y in years)),
            )
            continue
        paid = {
            c: sum(r.payments.get(c, 0) for r in rows)
            + sum(y.look_back.get(c, 0) for y in years)
            for c in (b.code for b in policy.benefits)
        }
        burden = sum(r.charge - r.other_payers for r in rows) - sum(paid.values())
        burden += sum(r.paying.excess + r.paying.replaced for r in rows)
        got = burden if name == "个人" else sum(paid[c] for c in code[name])
        hold("in all", name, due, got)
    for (number, name), (due, _) in example.year_end.items():
        of_year = [y for y in years if number in (None, y.benefit_year)]
        got = sum(sum(y.year_end.values()) for y in of_year) * -1
        if name != "个人":
            got = sum(y.year_end.get(c, 0) for y in of_year for c in code[name])
        hold("year end", name, due, got)
    for enrolled, given in zip(
        example.enrolments, subsidised(policy, example), strict=True
    ):
        for name, due in enrolled.expected.items():
            hold(f"enrolment {enrolled.day}", name, due, given.get(name, 0))
    for fund in example.funds:
        found += funds.differences(policy, fund)
    return found
