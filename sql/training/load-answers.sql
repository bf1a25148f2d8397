-- What a batch transform answered: a number a line, in the order of the lines that it was asked about.
COPY INTO {{table}} (RUN_ID, CANDIDATE, LINE_NUMBER, PREDICTED_LOS)
FROM (SELECT {{run}}, {{candidate}}, METADATA$FILE_ROW_NUMBER, $1::FLOAT FROM {{folder}})
FILE_FORMAT = (TYPE = CSV)
FORCE = TRUE
