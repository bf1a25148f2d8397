-- What are the lowest and the highest {{target}} of each part of the patients in each group?
SELECT {{place}} AS PLACE, IFF(SMALL, -1, {{key}}) AS GROUPED, PART, MIN({{target}}) AS LOWEST, MAX({{target}}) AS HIGHEST
FROM {{stays}} WHERE {{target}} IS NOT NULL AND {{where}} GROUP BY IFF(SMALL, -1, {{key}}), PART
