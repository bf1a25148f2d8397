-- What is known of the day before the first night, in the whole hospital: patients with a date by then, decided admissions, and all that are expected: one row.
SELECT m.TAKEN_NOW, m.LEAVING, m.ADMISSIONS, d.N AS DATED, d.EXPECTED AS DATED_LEAVING, c.N AS DECIDED, c.EXPECTED AS DECIDED_COMING
FROM {{made}} AS m CROSS JOIN ({{dated}}) AS d CROSS JOIN ({{decided}}) AS c WHERE m.LEVEL = 'all' AND m.HORIZON = 1
