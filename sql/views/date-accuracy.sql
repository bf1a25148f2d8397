-- name: LOS_DATE_ACCURACY
-- only: expected
-- readers: read
-- shows: predictions
-- figures: names: DATASET, MONTH, GROUPED_BY, LEVEL; published: others
-- Errors of the dates of discharge that people expected, of the model’s on the same evenings, and of the mean of both, by month of discharge: of all dates, and by
-- lead, writer, ward, of confirmed dates, and of those that had moved to ours, which all other lines leave out. Each stay counts once in a line, with its mean.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  MONTH COMMENT 'First day of the month of discharge',
  GROUPED_BY COMMENT 'all, lead, writer, ward, confirmed or moved (by writer)',
  LEVEL COMMENT 'Days from the evening to the date (1, 2–3, 4–7, more), writer or ward',
  STAYS COMMENT 'Stays on whose evenings a date stood',
  PEOPLE_MAE COMMENT 'Mean absolute error of people’s dates, in days',
  MODEL_MAE COMMENT 'The same of the model’s',
  BOTH_MAE COMMENT 'The same of the mean of both',
  ON_DAY COMMENT 'Share of people’s dates on which the patient left',
  WITHIN_1 COMMENT 'Share of them that are right to within a day',
  MODEL_WITHIN_1 COMMENT 'The same of the model’s',
  EARLY COMMENT 'Share of people’s dates that were too early',
  LATE COMMENT 'Share that were too late',
  NEARER COMMENT 'people or model: nearer beyond chance, over all lines of the month together; NULL: no more than chance'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, MONTH, GROUPED_BY, LEVEL, ADMISSIONS::NUMBER AS STAYS, METRICS:people::FLOAT AS PEOPLE_MAE, METRICS:model::FLOAT AS MODEL_MAE,
  METRICS:both::FLOAT AS BOTH_MAE, METRICS:shareOnDay::FLOAT AS ON_DAY, METRICS:within1::FLOAT AS WITHIN_1, METRICS:modelWithin1::FLOAT AS MODEL_WITHIN_1,
  METRICS:shareEarly::FLOAT AS EARLY, METRICS:shareLate::FLOAT AS LATE, METRICS:nearer::VARCHAR AS NEARER
FROM {{ref:LOS_PUBLISHED_ROWS}} WHERE KIND = 'dates'
