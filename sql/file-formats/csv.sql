-- name: LOS_CSV
-- CSV with a header line; an empty field is a missing value.
CREATE OR REPLACE FILE FORMAT {{name}}
  TYPE = CSV
  SKIP_HEADER = 1
  FIELD_OPTIONALLY_ENCLOSED_BY = '"'
  EMPTY_FIELD_AS_NULL = TRUE
  TRIM_SPACE = TRUE
  DATE_FORMAT = 'YYYY-MM-DD'
  {{comment}}
