-- How much do the levels of {{code}} tell of the stay? By tenths of the patients, which say how sure that is.
SELECT {{place}} AS PLACE, {{code}} AS CODE, FOLD, COUNT(*) AS N, SUM(LOS) AS DAYS, SUM(LOS * LOS) AS SQUARES
FROM {{stays}} GROUP BY {{code}}, FOLD
