import type { Page } from './page.js';

export const dateParts: Page[] = [
  {
    page: 'functions/datediff',
    examples: [
      [
        "SELECT DATEDIFF(year, '2020-04-09 14:39:20'::TIMESTAMP, '2023-05-08 23:39:20'::TIMESTAMP) AS diff_years",
        [['3']],
      ],
      [
        `SELECT DATEDIFF(hour, '2023-05-08T23:39:20.123-07:00'::TIMESTAMP,
        DATEADD(year, 2, ('2023-05-08T23:39:20.123-07:00')::TIMESTAMP)) AS diff_hours`,
        [['17544']],
      ],
      [
        `SELECT column1 date_1, column2 date_2, DATEDIFF(year, column1, column2) diff_years,
        DATEDIFF(month, column1, column2) diff_months, DATEDIFF(day, column1, column2) diff_days,
        column2::DATE - column1::DATE AS diff_days_via_minus
        FROM VALUES ('2015-12-30', '2015-12-31'), ('2015-12-31', '2016-01-01'), ('2016-01-01', '2017-12-31'),
        ('2016-08-23', '2016-09-07')`,
        [
          ['2015-12-30', '2015-12-31', '0', '0', '1', '1'],
          ['2015-12-31', '2016-01-01', '1', '1', '1', '1'],
          ['2016-01-01', '2017-12-31', '1', '23', '730', '730'],
          ['2016-08-23', '2016-09-07', '0', '1', '15', '15'],
        ],
      ],
      [
        `ALTER SESSION SET TIMESTAMP_NTZ_OUTPUT_FORMAT = 'DY, DD MON YYYY HH24:MI:SS';
      SELECT column1 timestamp_1, column2 timestamp_2, DATEDIFF(hour, column1, column2) diff_hours,
        DATEDIFF(minute, column1, column2) diff_minutes, DATEDIFF(second, column1, column2) diff_seconds
        FROM VALUES ('2016-01-01 01:59:59'::TIMESTAMP, '2016-01-01 02:00:00'::TIMESTAMP),
        ('2016-01-01 01:00:00'::TIMESTAMP, '2016-01-01 01:59:00'::TIMESTAMP),
        ('2016-01-01 01:00:59'::TIMESTAMP, '2016-01-01 02:00:00'::TIMESTAMP)`,
        [
          ['Fri, 01 Jan 2016 01:59:59', 'Fri, 01 Jan 2016 02:00:00', '1', '1', '1'],
          ['Fri, 01 Jan 2016 01:00:00', 'Fri, 01 Jan 2016 01:59:00', '0', '59', '3540'],
          ['Fri, 01 Jan 2016 01:00:59', 'Fri, 01 Jan 2016 02:00:00', '1', '60', '3541'],
        ],
      ],
      [
        `ALTER SESSION UNSET TIMESTAMP_NTZ_OUTPUT_FORMAT;
      SELECT DATEDIFF(month, '2021-01-01'::DATE, '2021-02-28'::DATE),
        DATEDIFF(milliseconds, '2024-02-20 21:18:41.0000', '2024-02-20 21:18:42.1239')`,
        [['1', '1123']],
      ],
    ],
  },
  {
    page: 'functions/dateadd',
    examples: [
      [
        "SELECT DATEADD(year, 2, TO_DATE('2022-05-08')), DATEADD(year, -2, TO_DATE('2022-05-08'))",
        [['2024-05-08', '2020-05-08']],
      ],
      [
        `SELECT DATEADD(year, 2, d), TO_TIMESTAMP(d), DATEADD(hour, 2, d) FROM (SELECT '2022-04-05'::DATE d)`,
        [['2024-04-05', '2022-04-05 00:00:00.000', '2022-04-05 02:00:00.000']],
      ],
      ["SELECT DATEADD(month, 1, '2023-01-31'::DATE)", [['2023-02-28']]],
      ["SELECT DATEADD(month, 1, '2023-02-28'::DATE)", [['2023-03-28']]],
      ["SELECT TO_TIME('05:00:00'), DATEADD(hour, 3, TO_TIME('05:00:00'))", [['05:00:00', '08:00:00']]],
    ],
  },
  {
    page: 'functions/to_char',
    examples: [
      [
        "SELECT TO_VARCHAR('2024-04-05 01:02:03'::TIMESTAMP, 'mm/dd/yyyy, hh24:mi hours')",
        [['04/05/2024, 01:02 hours']],
      ],
      ["SELECT TO_VARCHAR('03-April-2024'::DATE)", [['2024-04-03']]],
      ["SELECT TO_VARCHAR('03-April-2024'::DATE, 'yyyy.mm.dd')", [['2024.04.03']]],
    ],
  },

  {
    page: 'functions/date_trunc',
    examples: [
      [
        `SELECT DATE_TRUNC('year', d), DATE_TRUNC('month', d), DATE_TRUNC('week', d), DATE_TRUNC('day', d)
        FROM (SELECT '2024-05-09'::DATE d)`,
        [['2024-01-01', '2024-05-01', '2024-05-06', '2024-05-09']],
      ],
      ["SELECT DATE_TRUNC('minute', '08:50:48'::TIME)", [['08:50:00']]],
      [
        `SELECT t, DATE_TRUNC('hour', t), DATE_TRUNC('minute', t), DATE_TRUNC('second', t)
        FROM (SELECT '2024-05-09 08:50:57.891 -0700'::TIMESTAMP t)`,
        [
          [
            '2024-05-09 08:50:57.891',
            '2024-05-09 08:00:00.000',
            '2024-05-09 08:50:00.000',
            '2024-05-09 08:50:57.000',
          ],
        ],
      ],
      [
        `SELECT DATE_TRUNC('quarter', t), EXTRACT('quarter', t) FROM (SELECT '2024-05-09 08:50:57.891'::TIMESTAMP t)`,
        [['2024-04-01 00:00:00.000', '2']],
      ],
    ],
  },

  {
    page: 'parameters',
    examples: [
      [
        `ALTER SESSION SET DATE_INPUT_FORMAT = 'DD/MM/YYYY', DATE_OUTPUT_FORMAT = 'DY DD MON YYYY', TIMEZONE = 'Europe/Warsaw';
      SELECT '05/03/2024'::DATE::VARCHAR, TO_VARCHAR('2024-03-05 10:00:00 +0000'::TIMESTAMP_LTZ)`,
        [['Tue 05 Mar 2024', '2024-03-05 11:00:00.000 +0100']],
      ],
      [
        `ALTER SESSION SET TIMESTAMP_LTZ_OUTPUT_FORMAT = 'HH24:MI TZHTZM', TIMESTAMP_INPUT_FORMAT = 'DD.MM.YYYY HH24:MI', TIMEZONE = 'America/New_York';
      SELECT TO_VARCHAR('05.07.2024 09:30'::TIMESTAMP_LTZ), '05.07.2024 09:30'::TIMESTAMP::VARCHAR`,
        [['09:30 -0400', '2024-07-05 09:30:00.000']],
      ],
      [
        `ALTER SESSION UNSET DATE_INPUT_FORMAT, DATE_OUTPUT_FORMAT, TIMEZONE, TIMESTAMP_LTZ_OUTPUT_FORMAT, TIMESTAMP_INPUT_FORMAT;
      SELECT '2024-03-05'::DATE::VARCHAR, TO_VARCHAR('2024-03-05 10:00:00'::TIMESTAMP_LTZ)`,
        [['2024-03-05', '2024-03-05 10:00:00.000 -0800']],
      ],
    ],
  },
];
