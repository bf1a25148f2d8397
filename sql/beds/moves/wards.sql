-- Wards that patients only move to have no admissions: without a cohort of none they would be no units.
INSERT INTO {{cohorts}} (LEVEL, UNIT, CAME, WENT, TYPE, N)
SELECT 'ward', p.WARD, MIN(GREATEST(p.DAY, {{first}})), MIN(GREATEST(p.DAY, {{first}})), (SELECT MIN(TYPE) FROM {{cohorts}}), 0
FROM {{places}} AS p WHERE p.WARD NOT IN (SELECT UNIT FROM {{cohorts}} WHERE LEVEL = 'ward') GROUP BY p.WARD
