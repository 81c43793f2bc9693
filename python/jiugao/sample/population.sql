-- People, institutions, identities, applications and enrolment of an invented place.
-- $n, $year, the tables `areas` and `weights` and the seed of u() come from the caller. Floating point only draws lots here.

CREATE OR REPLACE TABLE institutions AS
WITH drawn AS (SELECT k, u('lv', k) AS level, u('kind', k) AS kind FROM range(greatest(40, $n // 1500)) r(k))
SELECT CASE WHEN k % 5 < 3 THEN 'H' ELSE 'P' END || a.area || lpad(k::VARCHAR, 5, '0') AS fixmedins_code,
       CASE WHEN k % 5 >= 3 THEN 'township' WHEN level < 0.30 THEN 'township' WHEN level < 0.72 THEN 'county'
            WHEN level < 0.95 THEN 'city' ELSE 'province' END AS medins_admin_level,
       (u('desig', k) < 0.995)::INT AS designated,
       (k % 5 >= 3 OR level < 0.95)::INT AS in_area,
       CASE WHEN k % 5 >= 3 OR level < 0.95 THEN a.area ELSE $elsewhere END AS fix_blng_admdvs,
       k % 5 >= 3 AS pharmacy,
       row_number() OVER (PARTITION BY k % 5 >= 3 ORDER BY k) - 1 AS place,
       count(*) OVER (PARTITION BY k % 5 >= 3) AS places
FROM drawn JOIN areas a ON a.number = k % $areas;

CREATE OR REPLACE TABLE persons AS
-- Certificates are all different (each stretch of 30,000 people uses every day once), and no real ones: their last sign is no check digit.
SELECT i, a.area[:4] || '00' || lpad((i + 1)::VARCHAR, 12, '0') AS psn_no,
       CASE WHEN i < 30000000 THEN a.area ELSE '8' || a.area[2:] END || strftime(DATE '1940-01-01' + (i * 7919 % 30000)::INT, '%Y%m%d')
           || lpad((i // 30000 % 1000)::VARCHAR, 3, '0') || '0' AS certno,
       a.area AS insu_admdvs,
       CASE WHEN u('ins', i) < 0.85 THEN '390' ELSE '310' END AS insutype,
       u('assisted', i) * 100 < $assisted AS assisted
FROM range($n) r(i) JOIN areas a ON a.number = floor(u('area', i) * $areas)::INT;

-- One identity each; then, unless labels are for life, some change in the year, begin or end in it, or hold two at a time.
CREATE OR REPLACE TABLE identities AS
WITH drawn AS (
    SELECT p.i, p.psn_no, u('first', p.i) AS first, u('second', p.i) AS second, CASE WHEN $labels_for_life THEN 0.5 ELSE u('fate', p.i) END AS fate,
           make_date($year, 1, 1) + (20 + floor(u('day', p.i) * 320))::INT AS day
    FROM persons p WHERE p.assisted
),
named AS (
    SELECT d.*, a.identity AS one, b.identity AS two
    FROM drawn d
    JOIN weights a ON d.first >= a.low AND d.first < a.high
    JOIN weights b ON d.second >= b.low AND d.second < b.high
)
SELECT i, psn_no, one AS psn_idet_type,
       CASE WHEN fate BETWEEN 0.90 AND 0.95 THEN day ELSE make_date($year - 2, 1, 1) END AS begndate,
       CASE WHEN fate < 0.12 AND one <> two THEN day - 1 WHEN fate BETWEEN 0.95 AND 0.97 THEN day END AS enddate
FROM named
UNION ALL
SELECT i, psn_no, two, CASE WHEN fate < 0.12 THEN day ELSE make_date($year - 1, 6, 1) END, NULL
FROM named WHERE fate < 0.22 AND one <> two;

CREATE OR REPLACE TABLE applications AS
SELECT i, psn_no, make_date($year, 1, 1) + (30 + floor(u('apply', i) * 320))::INT AS apply_date, $applied AS psn_idet_type
FROM persons WHERE NOT assisted AND $applied IS NOT NULL AND u('applies', i) < 0.004;

CREATE OR REPLACE TABLE enrolment AS
SELECT psn_no, certno, insutype, insu_admdvs, make_date($year, 1, 1) AS begndate, make_date($year, 12, 31) AS enddate,
       make_date($year - 1, 11, 1) + floor(u('paid', i) * 50)::INT AS notice_date,
       CASE WHEN insutype = '390' THEN 38000 ELSE 0 END::BIGINT AS psn_contribution, 0::BIGINT AS subsidy_paid
FROM persons;
