-- What is asked about, line by line; from here on the file that is written can be written again, byte for byte. What is not
-- sent, because nothing is known of it, has no line. Bind 1 and 2: the run.
INSERT INTO {{rows}} (RUN_ID, DATASET, CASE_ID, FEATURES, LINE, LINE_NUMBER)
SELECT RUN_ID, {{dataset}}, CASE_ID, FEATURES, LINE,
  IFF(LINE IS NULL, NULL, ROW_NUMBER() OVER (PARTITION BY IFF(LINE IS NULL, 1, 0) ORDER BY CASE_ID))
FROM (SELECT RUN_ID, CASE_ID, FEATURES, {{line}}(FEATURES) AS LINE FROM ({{asked}}))
