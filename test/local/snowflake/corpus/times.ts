import type { Page } from './page.js';

export const times: Page[] = [
  {
    page: 'functions/trunc2',
    examples: [
      ["select trunc(to_date('2013-05-08'), 'MONTH')", '2013-05-01'],
      ["select trunc(to_date('2013-05-08'), 'QUARTER')", '2013-04-01'],
      ["select trunc(to_date('2013-05-08'), 'YEAR')", '2013-01-01'],
    ],
  },
  {
    page: 'functions/to_time',
    setup: [
      'CREATE OR REPLACE TABLE demo1_time ( description VARCHAR, value VARCHAR )',
      "INSERT INTO demo1_time (description, value) VALUES ('Seconds',      '31536001'), ('Milliseconds', '31536002400'), ('Microseconds', '31536003600000'), ('Nanoseconds',  '31536004900000000')",
    ],
    examples: [
      ["SELECT TO_TIME('13:30:00'), TIME('13:30:00')", '13:30:00 | 13:30:00'],
      ["SELECT TO_TIME('13:30:00.000'), TIME('13:30:00.000')", '13:30:00 | 13:30:00'],
      ["SELECT TO_TIME('11.15.00', 'HH24.MI.SS')", '11:15:00'],
      [
        'SELECT description, value, TO_TIMESTAMP(value), TO_TIME(value) FROM demo1_time ORDER BY value',
        `Seconds | 31536001 | 1971-01-01 00:00:01.000 | 00:00:01
Milliseconds | 31536002400 | 1971-01-01 00:00:02.400 | 00:00:02
Microseconds | 31536003600000 | 1971-01-01 00:00:03.600 | 00:00:03
Nanoseconds | 31536004900000000 | 1971-01-01 00:00:04.900 | 00:00:04`,
      ],
    ],
  },
  {
    page: 'functions/try_to_date',
    examples: [["SELECT TRY_TO_DATE('2018-09-15'), TRY_TO_DATE('Invalid')", '2018-09-15 | NULL']],
  },
  {
    page: 'functions/try_cast',
    examples: [
      ["SELECT TRY_CAST('05-Mar-2016' AS TIMESTAMP)", '2016-03-05 00:00:00.000'],
      ["SELECT TRY_CAST('05/16' AS TIMESTAMP)", 'NULL'],
      ["SELECT TRY_CAST('ABCD' AS CHAR(2))", 'NULL'],
      ["SELECT TRY_CAST('ABCD' AS VARCHAR(10))", 'ABCD'],
    ],
  },
  {
    page: 'data-types-datetime',
    examples: [
      ["SELECT TO_DATE ('2019-02-28') + INTERVAL '1 day, 1 year'", '2020-03-01'],
      ["SELECT TO_DATE ('2019-02-28') + INTERVAL '1 year, 1 day'", '2020-02-29'],
      ["select to_date('2018-04-15') + INTERVAL '1 year'", '2019-04-15'],
      ["select to_time('04:15:29') + INTERVAL '3 hours, 18 minutes'", '07:33:29'],
      [
        "select to_date('2025-01-17') + INTERVAL '1 y, 3 q, 4 mm, 5 w, 6 d, 7 h, 9 m, 8 s, 1000 ms, 445343232 us, 898498273498 ns' as complex_interval2",
        '2027-03-30 07:31:32.841',
      ],
      ["select to_date('2018-04-15') + 1", '2018-04-16'],
      ["select to_date('2018-04-15') - 4", '2018-04-11'],
    ],
  },
  {
    page: 'functions/timeadd',
    setup: ['CREATE OR REPLACE TABLE datetest (d date)', "INSERT INTO datetest VALUES ('2013-04-05')"],
    examples: [
      [
        "SELECT TO_DATE('2013-05-08') AS v1, DATEADD(year, 2, TO_DATE('2013-05-08')) AS v",
        '2013-05-08 | 2015-05-08',
      ],
      [
        'SELECT d AS "DATE", dateadd(year, 2, d) AS add_2_years, dateadd(hour, 2, d) AS add_2_hours FROM datetest',
        '2013-04-05 | 2015-04-05 | 2013-04-05 02:00:00.000',
      ],
      ["SELECT DATEADD(MONTH, 1, '2000-01-31'::DATE) AS DIFFERENT_DAY", '2000-02-29'],
      ["SELECT DATEADD(MONTH, 1, '2000-02-29'::DATE) AS RESULT", '2000-03-29'],
    ],
  },
];
