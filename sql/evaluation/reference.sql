-- What the training rows of a version look like, feature by feature.
INSERT INTO {{target}} (VERSION, FEATURE, LEVEL, VALUE, ROW_COUNT)
SELECT {{version}}, FEATURE, LEVEL, VALUE, COUNT(*) FROM ({{values}}) GROUP BY FEATURE, LEVEL, VALUE
