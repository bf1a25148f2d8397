-- Patients stay over each night as the evidence of people's dates changes our own chances: odds of leaving, given that the patient has not left before.
UPDATE {{each}} AS e SET MEAN = k.HERE, VARIANCE = k.HERE * (1 - k.HERE), THIRD = k.HERE * (1 - k.HERE) * (1 - 2 * k.HERE),
  STAYS = IFF(e.STAYS IS NULL, NULL, ARRAY_CONSTRUCT(k.HERE)){{gone_again}}
FROM (
  SELECT STAY_ID, NIGHT, HERE, LAG(HERE, 1, 1) OVER (PARTITION BY STAY_ID ORDER BY NIGHT) AS BEFORE
  FROM (
    SELECT STAY_ID, NIGHT, EXP(SUM(LN(GREATEST(1e-12, (1 - CHANCE) / (1 - CHANCE + CHANCE * EXP(EVIDENCE))))) OVER (PARTITION BY STAY_ID ORDER BY NIGHT ROWS UNBOUNDED PRECEDING)) AS HERE
    FROM {{evidence}}
  )
) AS k WHERE e.STAY = k.STAY_ID AND e.NIGHT = k.NIGHT
