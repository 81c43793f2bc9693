-- A year of settlements of the population: kinds, days, charges and the basic fund's part.
-- $visits_of_assisted: on average, of who holds an identity or applies for one.
-- Amounts are fen. What the later layers paid is worked out by the evaluator, not here.

CREATE OR REPLACE TABLE visits AS
WITH counted AS (
    SELECT p.*, a.apply_date,
           least(60, floor(-CASE WHEN p.assisted OR a.i IS NOT NULL THEN $visits_of_assisted ELSE 7.9 END * ln(1 - u('count', p.i))))::INT AS visits
    FROM persons p LEFT JOIN applications a USING (i)
),
spread AS (SELECT *, unnest(range(visits)) AS j FROM counted),
drawn AS (
    SELECT *, i * 64 + j AS k, u('type', i * 64 + j) AS kind, u('time', i * 64 + j) AS time_drawn,
           sqrt(-2 * ln(1 - u('n1', i * 64 + j))) * cos(2 * pi() * u('n2', i * 64 + j)) AS normal
    FROM spread
),
typed AS (
    SELECT *, CASE
        WHEN apply_date IS NOT NULL AND j < 3 THEN '21'
        WHEN assisted AND kind < 0.13 THEN '21' WHEN assisted AND kind < 0.14 THEN '23'
        WHEN assisted AND kind < 0.28 THEN '14' WHEN assisted AND kind < 0.60 THEN '11'
        WHEN assisted THEN '41'
        WHEN kind < 0.052 THEN '21' WHEN kind < 0.055 THEN '23' WHEN kind < 0.105 THEN '14'
        WHEN kind < 0.125 THEN '13' WHEN kind < 0.50 THEN '11' ELSE '41' END AS med_type
    FROM drawn
)
SELECT *, med_type IN ('21', '23') AS stay,
       CASE med_type WHEN '21' THEN greatest(30000, least(45000000, (exp(13.5 + 1.0 * normal))::BIGINT))
            WHEN '23' THEN greatest(100000, least(60000000, (exp(14.6 + 0.9 * normal))::BIGINT))
            WHEN '14' THEN greatest(2000, least(3000000, (exp(11.0 + 0.9 * normal))::BIGINT))
            ELSE greatest(500, least(500000, (exp(9.0 + 0.7 * normal))::BIGINT)) END AS medfee_sumamt,
       CASE WHEN med_type IN ('21', '23') THEN 2 + floor(u('los', k) * 17)::INT ELSE 0 END AS nights
FROM typed;

CREATE OR REPLACE TABLE timed AS
SELECT *,
    CASE
        -- look-back of an application: some stays in the twelve months before its month
        WHEN apply_date IS NOT NULL AND j = 0 AND month(apply_date) < 12 THEN
            (make_date($year, 1, 1) - 1 - floor(u('back', k) * (12 - month(apply_date)) * 30)::INT)::TIMESTAMP
        -- a stay begun in December and settled in January
        WHEN stay AND apply_date IS NULL AND u('cross', k) < 0.012 THEN
            (make_date($year + 1, 1, 1) + floor(time_drawn * nights)::INT)::TIMESTAMP
        ELSE (make_date($year, 1, 1) + floor(time_drawn * 365)::INT)::TIMESTAMP
    END + to_seconds((28800 + floor(u('second', k) * 36000))::BIGINT) AS setl_time
FROM visits;

CREATE OR REPLACE TABLE charged AS
WITH placed AS (
    SELECT t.*, h.fixmedins_code, h.medins_admin_level, h.fix_blng_admdvs, h.in_area,
           (medfee_sumamt * u('F', k) * u('F2', k) * 0.16)::BIGINT AS fulamt_ownpay_amt,
           (medfee_sumamt * u('L', k) * 0.01)::BIGINT AS overlmt_selfpay,
           (medfee_sumamt * (0.01 + 0.05 * u('V', k)))::BIGINT AS preselfpay_amt
    FROM timed t
    JOIN institutions h ON h.pharmacy = (t.med_type = '41') AND h.place = floor(u('place', k) * h.places)::INT
),
scoped AS (SELECT *, medfee_sumamt - fulamt_ownpay_amt - overlmt_selfpay - preselfpay_amt AS inscp_scp_amt FROM placed),
deducted AS (
    SELECT *, CASE WHEN NOT stay THEN 0 ELSE least(inscp_scp_amt, CASE medins_admin_level WHEN 'township' THEN 20000
        WHEN 'county' THEN 50000 ELSE 90000 END) END::BIGINT AS act_pay_dedc FROM scoped
)
SELECT *, CASE
        WHEN stay THEN (inscp_scp_amt - act_pay_dedc) * CASE WHEN insutype = '310' THEN 88 WHEN medins_admin_level = 'township' THEN 78
            WHEN medins_admin_level = 'county' THEN 68 ELSE 55 END // 100
        WHEN med_type = '14' THEN inscp_scp_amt * CASE WHEN insutype = '310' THEN 80 ELSE 60 END // 100
        WHEN med_type = '11' THEN least(inscp_scp_amt // 2, 3000)
        ELSE 0 END::BIGINT AS hifp_pay
FROM deducted;

CREATE OR REPLACE TABLE base AS
SELECT k, i, assisted, stay, nights, in_area, medins_admin_level, 'S' || lpad(k::VARCHAR, 14, '0') AS setl_id, NULL::VARCHAR AS init_setl_id, psn_no, certno,
       'M' || lpad(k::VARCHAR, 14, '0') AS mdtrt_id, insutype, med_type, insu_admdvs, fix_blng_admdvs, fixmedins_code,
       CASE medins_admin_level WHEN 'township' THEN '10' WHEN 'county' THEN '05' ELSE '02' END AS hosp_lv,
       setl_time, (setl_time::DATE - nights)::DATE AS begndate, setl_time::DATE AS enddate, setl_time + INTERVAL 7 MINUTE AS updt_time,
       CASE WHEN in_area = 1 THEN '2' ELSE '3' END AS pay_loc, NULL::VARCHAR AS manl_reim_rea, '0' AS refd_setl_flag,
       medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, act_pay_dedc, hifp_pay,
       CASE WHEN insutype = '310' AND stay AND u('civil', i) < 0.06 THEN (inscp_scp_amt - hifp_pay) // 4 ELSE 0 END::BIGINT AS cvlserv_pay,
       0::BIGINT AS hifes_pay, 0::BIGINT AS hifmi_pay, 0::BIGINT AS hifob_pay, 0::BIGINT AS hifdm_pay, 0::BIGINT AS maf_pay,
       CASE WHEN stay AND u('other', k) < 0.004 THEN (inscp_scp_amt - hifp_pay) // 10 ELSE 0 END::BIGINT AS oth_pay,
       CASE WHEN stay AND u('hosp', k) < 0.003 THEN preselfpay_amt // 2 ELSE 0 END::BIGINT AS hosp_part_amt,
       insutype = '310' AS has_account, u('undo', k) AS undo, stay OR med_type = '14' AS covered
FROM charged;
