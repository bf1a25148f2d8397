-- Where a user's CSV is put before COPY INTO.
CREATE OR REPLACE STAGE {{stage}}
  FILE_FORMAT = (FORMAT_NAME = '{{format}}')
  {{comment}}
