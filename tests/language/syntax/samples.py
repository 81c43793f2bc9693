"""Every construct of the grammar once, in both spellings: what they must agree on."""

from __future__ import annotations

ZH = """\
# 头上的注释
数据标准 国家平台 (nhsa) {
  输入 医疗类别 (med_type 或 med_kind): 代码 { 11 普通门诊；21 普通住院；"A-1" 其他 }
  输入 险种 (insutype): 代码 缺省 居民 { 310 职工；390 居民 }
  输入 开单级别 (level): 代码 由低到高 来自 机构 按 rx_code { 1 乡级；2 县级 }
  输入 人数 (heads): 数 缺省 1
  输入 备注 (memo): 文本 缺省 "无"
  输入 出院 (enddate): 日期 缺省 2023-01-01
  输入 定点 (designated): 是否 缺省 是 来自 机构  依据 "表二"
  名录 住院类 = 普通住院、「转外诊治（住院）」
}
方案 甲地救助 (jia) {
  依据 "办法（2023）" 条款 A-1, A-2.3a
  施行 2023-01-01 至 2025-12-31，追溯 2022-06-01 当 起点 是 早 条款 A-9
  施行 2023-07-01 起，累计 自 2023-01-01 当 非 起点 是 早  依据 "九" 条款 A-9
  年度 自然年度 按 结算时间
  承接 旧办法 (old) 当 口径 是 宽 依据 "十" 条款 A-9 { 救助 = aid；合计限额 = 「限额 一」 }
  身份 类别 就高不重复 依据 "二" 条款 A-3 {
    零类: 一类 终身 除外 二类
    一类: 特困人员、孤儿 除外 在押人员 当 口径 是 宽
    二类: 因病致贫 依申请 追溯 12个月 不含他类 每年一次  依据 "四"
  }
  参数 口径 (reading) = 宽 可选 宽、窄  依据 "三"
  参数 标准 = 1.5万元 自 2023-01-01 至 2023-12-31 公布 2022-12-01 假定 "凭记忆"
  参数 收入 (income) 依据 "五" {
    自 2021-01-01 至 2021-12-31: 35705元 公布 2022-01-20  依据 "公报"
    自 2022-01-01: 37560元
  }
  参数 宽限 = 30日 不低于 10日 不超过 60日 锁定 提示 "省里没有"
  参数 上线日 = 待定 (日期)  依据 "六"
  名录 两重 = 基本医保、大病保险  依据 "三"
  名录 病种 来自 "lists/a.csv" 锁定  依据 "三"
  名录 特药 = 待定 对细则锁定
  条件 受保障 = 就医方式 是 住院 或 非 不享受救助  依据 "三" 条款 LC-3.3
  费用 全部 (whole) = 医疗费总额 - 医院负担
  费用 目录内 (inside) 从 全部 = (符合范围 + 先行自付) 当 口径 是 宽 且 非 特殊  依据 "三"
  费用 较小 = 必须费用 至多 10% × 医疗费总额
  费用 多出 = 必须费用 超出 10% × 医疗费总额
  已付 基本医保 (basic) 从 目录内 = 统筹支出  依据 "一"
  限额 共用 2万元 每人每年
  指标 预警 (warning) 按 人、年 = 合计 (医疗费总额 - 基本医保)，目标 按 类别 {
    一类: 不超过 50% × 上年 收入
    二类: 不享受
    其余: 低于 20万元
  }  依据 "四"
  指标 总量 按 人、年 = 合计 医疗费总额，目标 不超过 (标准 + 收入) × 2
  身份 另一类别 择优 按年 { 三类: 军人 }
  择优 按次 依据 "三" { 救助、大病 }
  指标 占比 (ratio) 按 医疗机构、月 = 合计 目录外 / 合计 医疗费总额，目标 按 级别 {
    乡级: 不超过 10%
    其余: 待定
  }
  指标 增长 按 区域、年 = 同比 合计 (基本医保 当 定点)，目标 待定
  指标 就诊 按 参保、年 = 计数 (已资助 超过 0元) / 计数 全部，目标 不低于 100%
  基金 再保险资金 (pool) {
    依据 "二" 条款 B-1
    统筹 按 县 当 层次 是 县级
    统筹 按 市 当 层次 是 市级
    计数 参保人数 于 名单日 当 险种 是 390 后续 按月  依据 "五"
    计数 户数
    赔付 = (救助 + 大病) 当 口径 是 宽
    分担 保费 = 110元 × 参保人数 + 上年 下年度 { 市级 50%，县级 100% - 50% }
    分担 超支 = 赔付 - 保费 占 保费 { 10%以内: 机构 100%；10%以上至20%: 机构 50%，政府 50%；以上: 政府 100% }  依据 "二"
    分担 其他 = 赔付 { 至10万元: 机构 100%；10万元以上: 下年度 100% }
  }
  待遇 救助 (aid) {
    依据 "三" 条款 A-3
    代替 已付 大病保险 当 来源 是 测算
    适用 定点 且 (医疗类别 属于 (住院类、11) 或 出院 早于 2023-06-01) 且 人数 超过 3
    基数 目录内 扣除 基本医保、两重 至多 5000元
    按 类别 {
      一类: 起付线 不设，比例 70%，年度限额 3万元  依据 "三（一）"
      二类、三类: 年度起付线 3000元，比例 按 级别 { 乡级: 60%；县级以上: 45% }，限额 共用、另一
      其余: 不享受
    }
    结算 按次，年终补差，多退少补
    舍入 每次 截位 到元
    支付方 医疗救助基金
    收款方 县账户 归垫 垫付 当 兜底
    收款方 乡账户 归垫 至多 垫付 当 兜底
    收款方 医院
    期限 上线日 + 30日 当 出院 早于 上线日
    实付 甲列 + 乙列
  }
  待遇 大病 (critical) {
    年度起付线 按 险种 { 310: 1万元；390: 不设 }
    门槛 年度累计 超过 5000元
    分段 累计 { 5000元以上至10万元: 65%；至20万元: 70%；20万元以上: 75%；以上: 80% }
    终身限额 按 重大 { 是: 20万元；否: 按 险种 { 310: 10万元；其余: 不享受 } }
    倾斜 特困人员、孤儿 依据 "二" { 年度起付线 降低 50%，各段 提高 5个百分点，年度限额 不设，比例 90% }
    结算 年终
    舍入 四舍六入五成双
  }
  待遇 补充 (supplement) {
    基数 {
      目录内: 目录内 扣除 基本医保
      目录外: 较小 至多 10% × 医疗费总额 按年
      其他: 多出 扣除 两重 超出 500元
    }
    按 口径 {
      宽: 年度起付线 3000元 先 目录内 后 目录外 后 其他
      窄: 年度起付线 3000元 按比例
    }
    每次起付线 按 险种 { 310: 300元 按时间；其余: 不设 }
    比例 按 类别 { 一类: 目录内 90%，目录外 70%，其他 (标准)；其余: 50% }
    累计 自 2023-01-01 当 起点 是 早
    支付方 医疗机构
  }
  待遇 超出部分 (beyond) {
    基数 多出 至多 10% × 医疗费总额 按年，比例 目录内 90%、目录外 70%
  }
  待遇 资助 (subsidy) 按 参保 {
    基数 个人缴费
    择优 按年
    按 身份 { 特困人员: 比例 100%；低保对象: 定额 标准 }
    每次限额 100元
    门槛 每次 达到 50元
    分段 每次 { 100元以内: 50% }
  }
  不计算 A-5、A-6 "流程"
  算例 "全部写法" {
    参数 口径 = 窄
    承接 乙 至 2022-12-31，"aid.base" 1万元、"aid.paid" -0.01元
    身份 特困人员、孤儿 自 2023-01-01 至 2023-06-30
    申请 2023-05-10 因病致贫
    结算 "甲" 2023-03-01 普通住院，级别 乡级，人数 2，目录内 1万元 应得 救助 7000元，个人 3000元
    结算 2023-03-02 普通住院 应得 救助 1元，收款方 县账户，期限 2023-04-01
    撤销 "甲" 2023-09-01 应得 救助 -7000元
    参保 2023-01-10，个人缴费 380元 应得 资助 380元
    应得 救助 7000元，预警 否
    年终 2023年 应得 救助 1050元，个人 -1050元
    基金 再保险资金 2023年，参保人数 9000，上年 下年度 3万元，赔付 120万元 应得 机构 5元，超支 政府 1元
    基金 再保险资金
  }
}
细则 乙县 (yi) 继承 jia {
  算例 名录 特药 来自 "lists/b.csv"
}
细则 丙县 (bing) 继承 "../jia" {
}
方案 甲地算例 (jia_examples) 属于 jia {
}
"""

EN = """\
# 头上的注释
data_standard 国家平台 (nhsa) {
  input 医疗类别 (med_type or med_kind): code { 11 普通门诊; 21 普通住院; "A-1" 其他 }
  input 险种 (insutype): code default 居民 { 310 职工; 390 居民 }
  input 开单级别 (level): code ascending from_file institutions by rx_code { 1 乡级; 2 县级 }
  input 人数 (heads): count default 1
  input 备注 (memo): text default "无"
  input 出院 (enddate): date default 2023-01-01
  input 定点 (designated): flag default yes from_file institutions source "表二"
  list 住院类 = 普通住院, 「转外诊治（住院）」
}
policy 甲地救助 (jia) {
  source "办法（2023）" clauses A-1, A-2.3a
  effective 2023-01-01 to 2025-12-31, lookback 2022-06-01 when 起点 is 早 clauses A-9
  effective 2023-07-01 onward, cumulative from 2023-01-01 when not 起点 is 早 source "九" clauses A-9
  annual calendar_year by 结算时间
  carries 旧办法 (old) when 口径 is 宽 source "十" clauses A-9 { 救助 = aid; 合计限额 = 「限额 一」 }
  standing 类别 highest_only source "二" clauses A-3 {
    零类: 一类 lifetime except 二类
    一类: 特困人员, 孤儿 except 在押人员 when 口径 is 宽
    二类: 因病致贫 on_application lookback 12 months excluding_classed once_a_year source "四"
  }
  parameter 口径 (reading) = 宽 options 宽, 窄 source "三"
  parameter 标准 = 15000 yuan from 2023-01-01 to 2023-12-31 published 2022-12-01 assumed "凭记忆"
  parameter 收入 (income) source "五" {
    from 2021-01-01 to 2021-12-31: 35705 yuan published 2022-01-20 source "公报"
    from 2022-01-01: 37560 yuan
  }
  parameter 宽限 = 30 days at_least 10 days not_over 60 days locked advise "省里没有"
  parameter 上线日 = to_be_set (date) source "六"
  list 两重 = 基本医保, 大病保险 source "三"
  list 病种 from_file "lists/a.csv" locked source "三"
  list 特药 = to_be_set locked_for_overlays
  condition 受保障 = 就医方式 is 住院 or not 不享受救助 source "三" clauses LC-3.3
  expense 全部 (whole) = 医疗费总额 - 医院负担
  expense 目录内 (inside) out_of 全部 = (符合范围 + 先行自付) when 口径 is 宽 and not 特殊 source "三"
  expense 较小 = 必须费用 at_most 10% * 医疗费总额
  expense 多出 = 必须费用 in_excess_of 10% * 医疗费总额
  paid 基本医保 (basic) out_of 目录内 = 统筹支出 source "一"
  limit 共用 20,000 yuan per_year
  indicator 预警 (warning) by person, year = sum (医疗费总额 - 基本医保), target by 类别 {
    一类: not_over 50% * last_year 收入
    二类: not_entitled
    others: below 200000 yuan
  } source "四"
  indicator 总量 by person, year = sum 医疗费总额, target not_over (标准 + 收入) * 2
  standing 另一类别 best_of by_year { 三类: 军人 }
  best_of per_claim source "三" { 救助, 大病 }
  indicator 占比 (ratio) by institution, month = sum 目录外 / sum 医疗费总额, target by 级别 {
    乡级: not_over 10%
    others: to_be_set
  }
  indicator 增长 by area, year = year_on_year sum (基本医保 when 定点), target to_be_set
  indicator 就诊 by enrolment, year = count (已资助 over 0 yuan) / count all, target at_least 100%
  fund 再保险资金 (pool) {
    source "二" clauses B-1
    pooled by county when 层次 is 县级
    pooled by city when 层次 is 市级
    count 参保人数 as_of 名单日 when 险种 is 390 later_entries by_month source "五"
    count 户数
    赔付 = (救助 + 大病) when 口径 is 宽
    share 保费 = 110 yuan * 参保人数 + last_year 下年度 { 市级 50%, 县级 100% - 50% }
    share 超支 = 赔付 - 保费 of 保费 { 10% within: 机构 100%; 10% above to 20%: 机构 50%, 政府 50%; above: 政府 100% } source "二"
    share 其他 = 赔付 { to 100000 yuan: 机构 100%; 100000 yuan above: 下年度 100% }
  }
  benefit 救助 (aid) {
    source "三" clauses A-3
    replaces paid 大病保险 when 来源 is 测算
    applies 定点 and (医疗类别 in (住院类, 11) or 出院 before 2023-06-01) and 人数 over 3
    base 目录内 less 基本医保, 两重 at_most 5000 yuan
    by 类别 {
      一类: deductible none, rate 70%, annual limit 30000 yuan source "三（一）"
      二类, 三类: annual deductible 3000 yuan, rate by 级别 { 乡级: 60%; 县级 above: 45% }, limit 共用, 另一
      others: not_entitled
    }
    settle per_claim, year_end_top_up, claw_back
    rounding each_claim truncate to_yuan
    payer 医疗救助基金
    payee 县账户 reimbursing 垫付 when 兜底
    payee 乡账户 reimbursing at_most 垫付 when 兜底
    payee 医院
    due_by 上线日 + 30 days when 出院 before 上线日
    actual 甲列 + 乙列
  }
  benefit 大病 (critical) {
    annual deductible by 险种 { 310: 10000 yuan; 390: none }
    gate annual cumulative over 5000 yuan
    bands cumulative { 5000 yuan to 100000 yuan: 65%; to 200000 yuan: 70%; 200000 yuan above: 75%; above: 80% }
    lifetime limit by 重大 { yes: 200000 yuan; no: by 险种 { 310: 100000 yuan; others: not_entitled } }
    tilt 特困人员, 孤儿 source "二" { annual deductible lowered 50%, each_band raised 5 points, annual limit none, rate 90% }
    settle year_end
    rounding half_even
  }
  benefit 补充 (supplement) {
    base {
      目录内: 目录内 less 基本医保
      目录外: 较小 at_most 10% * 医疗费总额 by_year
      其他: 多出 less 两重 in_excess_of 500 yuan
    }
    by 口径 {
      宽: annual deductible 3000 yuan first 目录内 then 目录外 then 其他
      窄: annual deductible 3000 yuan pro_rata
    }
    each_claim deductible by 险种 { 310: 300 yuan by_date; others: none }
    rate by 类别 { 一类: 目录内 90%, 目录外 70%, 其他 (标准); others: 50% }
    cumulative from 2023-01-01 when 起点 is 早
    payer institution
  }
  benefit 超出部分 (beyond) {
    base 多出 at_most 10% * 医疗费总额 by_year, rate 目录内 90%, 目录外 70%
  }
  benefit 资助 (subsidy) by enrolment {
    base 个人缴费
    best_of by_year
    by standing { 特困人员: rate 100%; 低保对象: fixed 标准 }
    each_claim limit 100 yuan
    gate each_claim at_least 50 yuan
    bands each_claim { 100 yuan within: 50% }
  }
  not_computed A-5, A-6 "流程"
  example "全部写法" {
    parameter 口径 = 窄
    carries 乙 to 2022-12-31, "aid.base" 10000 yuan, "aid.paid" -0.01 yuan
    standing 特困人员, 孤儿 from 2023-01-01 to 2023-06-30
    apply 2023-05-10 因病致贫
    settle "甲" 2023-03-01 普通住院, 级别 乡级, 人数 2, 目录内 10000 yuan expect 救助 7000 yuan, person 3000 yuan
    settle 2023-03-02 普通住院 expect 救助 1 yuan, payee 县账户, due_by 2023-04-01
    reverse "甲" 2023-09-01 expect 救助 -7000 yuan
    enrolment 2023-01-10, 个人缴费 380 yuan expect 资助 380 yuan
    expect 救助 7000 yuan, 预警 no
    year_end 2023 expect 救助 1050 yuan, person -1050 yuan
    fund 再保险资金 2023, 参保人数 9000, last_year 下年度 30000 yuan, 赔付 1200000 yuan expect 机构 5 yuan, 超支 政府 1 yuan
    fund 再保险资金
  }
}
overlay 乙县 (yi) extends jia {
  example list 特药 from_file "lists/b.csv"
}
overlay 丙县 (bing) extends "../jia" {
}
policy 甲地算例 (jia_examples) part_of jia {
}
"""
