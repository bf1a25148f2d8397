-- Keeps what people expected on this evening; of an evening that was asked for again it is kept as it was.
INSERT INTO {{dates}} (DATASET, STAY_ID, MADE_ON, WARD, EXPECTED_DAY, WRITER, CONFIRMED, MOVED, OUR_DAY, STAYING)
SELECT {{dataset}}, STAY_ID, MADE_ON, WARD, EXPECTED_DAY, WRITER, CONFIRMED, MOVED, OUR_DAY, STAYING FROM {{latest_dates}}
WHERE NOT EXISTS (SELECT 1 FROM {{dates}} AS d WHERE d.DATASET = {{dataset}} AND d.MADE_ON = {{from}})
