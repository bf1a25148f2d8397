-- What each feature tells of the stay by itself, place by place: how much of the squares of the stays' order and of their days is
-- gone where every row is told by the mean of its group in the other half of the patients (halves predict each other, so that
-- many small groups tell nothing by chance). Place −1 has the squares themselves.
WITH LOS_SAMPLE AS (
  {{sample}}
)
SELECT -1 AS PLACE, SUM(O * O) AS IN_ORDER, SUM(D * D) AS IN_DAYS FROM LOS_SAMPLE
{{features}}
