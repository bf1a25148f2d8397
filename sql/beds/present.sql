-- How many were in at the end of each of the days {{starts}}, by the days that they had been in for.
CREATE OR REPLACE TEMPORARY TABLE {{present}} AS
SELECT s.DAY AS START_DAY, c.LEVEL, c.UNIT, LEAST(DATEDIFF(day, c.CAME, s.DAY), {{longest}}) AS SEEN, SUM(c.N) AS N
FROM ({{starts}}) AS s JOIN {{cohorts}} AS c ON c.CAME <= s.DAY AND COALESCE(c.WENT, TO_DATE('9999-12-31', 'YYYY-MM-DD')) > s.DAY
GROUP BY 1, 2, 3, 4
