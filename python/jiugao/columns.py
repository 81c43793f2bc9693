"""Columns that results have of their own or from the claims: no benefit's code is one of them.

Those that rules read are declared by the profile and not repeated here.
"""

from __future__ import annotations

RESULT_COLUMNS = frozenset({
    "benefit_year", "role", "standing", "psn_burden", "excess", "payee", "due_by",
    "payee_excess", "outlay_replaced", "reject", "reject_column", "application", "month",
})  # fmt: skip
"""Of settlements, years and measures, and of the batches they are made from."""

PASSED_COLUMNS = frozenset({
    "psn_no", "setl_id", "certno", "mdtrt_id", "init_setl_id", "refd_setl_flag",
    "vali_flag", "year", "fixmedins_code", "rx_fixmedins_code", "mid_setl_flag",
    "manl_reim_rea", "insu_admdvs", "insuplc_admdvs", "insu_optins", "fix_blng_admdvs",
    "updt_time", "special_drug_amt",
})  # fmt: skip
"""Of claims and enrolment that no rule reads, and that may pass through to results."""

ROW_COLUMNS = frozenset({"file", "row", "rid", "case_no", "day_of_row"})
"""Where a row came from, beside its results while they are made."""

TAKEN_COLUMNS = RESULT_COLUMNS | PASSED_COLUMNS | ROW_COLUMNS
