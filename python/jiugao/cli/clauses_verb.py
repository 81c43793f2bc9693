"""`jiugao clauses`: every clause of the circular, with its rules or the reason for none."""

from __future__ import annotations

from pathlib import Path

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words
from jiugao.cli.words import help_of, say


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("clauses", help=help_of("clauses", language))
    @options.policy_argument()
    @options.settings(language)
    @in_words(language)
    def clauses(policy: Path, settings: tuple[str, ...]) -> Exit:
        from rich.table import Table  # noqa: PLC0415  verbs load late

        from jiugao.cli.tables import console  # noqa: PLC0415
        from jiugao.compile import compile_policy  # noqa: PLC0415
        from jiugao.explain import clauses as table_of  # noqa: PLC0415

        chosen = options.parsed_settings(settings, language)
        compiled = compile_policy(
            policy, settings=chosen, language=language, for_examples=True
        )
        table = Table(say("clause", language), say("carried_by", language), box=None)
        for line in table_of(compiled.policy):
            rules = [
                f"{say('kind.' + rule.kind, language)} {rule.name}  {Path(rule.file).name}:{rule.line}"
                for rule in line.rules
            ]
            reason = (
                [say("not_computed", language, reason=line.reason)]
                if line.reason
                else []
            )
            table.add_row(line.clause, "\n".join([*rules, *reason]))
        console().print(table)
        return Exit.DONE

    return clauses
