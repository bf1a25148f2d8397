-- name: LOS_LOAD
-- needs: LOS_CSV
-- Where a user's CSV is put before COPY INTO. Without a file format of its own: no listing would show whether
-- it was changed, and COPY INTO names the format.
CREATE OR REPLACE STAGE {{name}}
  {{comment}}
