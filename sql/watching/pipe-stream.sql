-- Whether changes of the admissions' table have not been read yet: one row.
SELECT SYSTEM$STREAM_HAS_DATA({{raw_stream}}) AS UNREAD
