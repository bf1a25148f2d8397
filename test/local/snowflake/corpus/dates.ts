import type { Page } from './page.js';

const AT = "'2025-04-11T23:39:20.123-07:00'::TIMESTAMP";

export const dates: Page[] = [
  {
    page: 'functions/last_day',
    examples: [
      [
        `SELECT TO_DATE('2025-05-08T23:39:20.123-07:00') AS "DATE", LAST_DAY("DATE") AS "LAST DAY OF MONTH"`,
        '2025-05-08 | 2025-05-31',
      ],
      [
        `SELECT TO_DATE('2024-05-08T23:39:20.123-07:00') AS "DATE", LAST_DAY("DATE", 'year') AS "LAST DAY OF YEAR"`,
        '2024-05-08 | 2024-12-31',
      ],
    ],
  },
  {
    page: 'functions/next_day',
    examples: [
      [
        `SELECT '2025-05-06'::DATE AS "Today's Date", NEXT_DAY("Today's Date", 'Friday')`,
        '2025-05-06 | 2025-05-09',
      ],
      ["SELECT NEXT_DAY('2025-05-06'::DATE, column1) FROM VALUES (' FRI ')", '2025-05-09'],
    ],
  },
  {
    page: 'functions/add_months',
    examples: [
      ["SELECT ADD_MONTHS('2016-05-15'::timestamp_ntz, 2) AS RESULT", '2016-07-15 00:00:00.000'],
      ["SELECT ADD_MONTHS('2016-02-29'::date, 1) AS RESULT", '2016-03-31'],
      ["SELECT ADD_MONTHS('2016-05-31'::date, -1) AS RESULT", '2016-04-30'],
    ],
  },
  {
    page: 'functions/months_between',
    examples: [
      [
        "SELECT ROUND(MONTHS_BETWEEN('2019-03-31 12:00:00'::TIMESTAMP, '2019-02-28 00:00:00'::TIMESTAMP)) AS MonthsBetween1",
        '1',
      ],
      [
        `SELECT MONTHS_BETWEEN('2019-03-15'::DATE, '2019-02-15'::DATE) AS MonthsBetween1,
          MONTHS_BETWEEN('2019-03-31'::DATE, '2019-02-28'::DATE) AS MonthsBetween2`,
        '1.000000 | 1.000000',
      ],
      [
        `SELECT MONTHS_BETWEEN('2019-03-01'::DATE, '2019-02-15'::DATE) AS MonthsBetween1,
          MONTHS_BETWEEN('2019-03-01 02:00:00'::TIMESTAMP, '2019-02-15 01:00:00'::TIMESTAMP) AS MonthsBetween2,
          MONTHS_BETWEEN('2019-02-15 02:00:00'::TIMESTAMP, '2019-02-15 01:00:00'::TIMESTAMP) AS MonthsBetween3`,
        '0.548387 | 0.549731 | 0.000000',
      ],
      [
        `SELECT MONTHS_BETWEEN('2019-03-28'::DATE, '2019-02-28'::DATE) AS MonthsBetween1,
          MONTHS_BETWEEN('2019-03-30'::DATE, '2019-02-28'::DATE) AS MonthsBetween2,
          MONTHS_BETWEEN('2019-03-31'::DATE, '2019-02-28'::DATE) AS MonthsBetween3`,
        '1.000000 | 1.064516 | 1.000000',
      ],
      [
        `SELECT MONTHS_BETWEEN('2019-03-01'::DATE, '2019-02-01'::DATE) AS MonthsBetween1,
          MONTHS_BETWEEN('2019-02-01'::DATE, '2019-03-01'::DATE) AS MonthsBetween2`,
        '1.000000 | -1.000000',
      ],
    ],
  },
  {
    page: 'functions/year',
    examples: [
      [
        `SELECT ${AT} AS tstamp, YEAR(tstamp) AS "YEAR", QUARTER(tstamp) AS "QUARTER OF YEAR", MONTH(tstamp) AS "MONTH",
          DAY(tstamp) AS "DAY", DAYOFMONTH(tstamp) AS "DAY OF MONTH", DAYOFYEAR(tstamp) AS "DAY OF YEAR"`,
        '2025-04-11 23:39:20.123 | 2025 | 2 | 4 | 11 | 11 | 101',
      ],
      [
        `ALTER SESSION SET WEEK_OF_YEAR_POLICY = 1;
        SELECT '2016-01-02T23:39:20.123-07:00'::TIMESTAMP AS tstamp, WEEK(tstamp) AS "WEEK", WEEKISO(tstamp) AS "WEEK ISO",
          WEEKOFYEAR(tstamp) AS "WEEK OF YEAR", YEAROFWEEK(tstamp) AS "YEAR OF WEEK", YEAROFWEEKISO(tstamp) AS "YEAR OF WEEK ISO"`,
        '2016-01-02 23:39:20.123 | 1 | 53 | 1 | 2016 | 2015',
      ],
      [
        `ALTER SESSION SET WEEK_OF_YEAR_POLICY = 0;
        SELECT '2016-01-02T23:39:20.123-07:00'::TIMESTAMP AS tstamp, WEEK(tstamp) AS "WEEK", WEEKISO(tstamp) AS "WEEK ISO",
          WEEKOFYEAR(tstamp) AS "WEEK OF YEAR", YEAROFWEEK(tstamp) AS "YEAR OF WEEK", YEAROFWEEKISO(tstamp) AS "YEAR OF WEEK ISO"`,
        '2016-01-02 23:39:20.123 | 53 | 53 | 53 | 2015 | 2015',
      ],
      [
        `ALTER SESSION SET WEEK_START = 7;
        SELECT '2025-04-05T23:39:20.123-07:00'::TIMESTAMP AS tstamp, DAYOFWEEK(tstamp) AS "DAY OF WEEK", DAYOFWEEKISO(tstamp)`,
        '2025-04-05 23:39:20.123 | 7 | 6',
      ],
      [
        `ALTER SESSION SET WEEK_START = 1;
        SELECT '2025-04-05T23:39:20.123-07:00'::TIMESTAMP AS tstamp, DAYOFWEEK(tstamp) AS "DAY OF WEEK", DAYOFWEEKISO(tstamp)`,
        '2025-04-05 23:39:20.123 | 6 | 6',
      ],
      [
        `ALTER SESSION UNSET WEEK_START, WEEK_OF_YEAR_POLICY;
        SELECT DAYOFWEEK('2025-04-05'::DATE), DAYOFWEEKISO('2025-04-05'::DATE)`,
        '6 | 6',
      ],
    ],
  },
  {
    page: 'functions/time_slice',
    setup: [
      'CREATE OR REPLACE TABLE accounts (ID INT, billing_date DATE, balance_due NUMBER(11, 2))',
      "INSERT INTO accounts (ID, billing_date, balance_due) VALUES (1, '2018-07-31', 100.00), (2, '2018-08-01', 200.00), (3, '2018-08-25', 400.00)",
    ],
    examples: [
      [
        `SELECT '2019-02-28'::DATE AS "DATE", TIME_SLICE("DATE", 4, 'MONTH', 'START') AS "START OF SLICE",
          TIME_SLICE("DATE", 4, 'MONTH', 'END') AS "END OF SLICE"`,
        '2019-02-28 | 2019-01-01 | 2019-05-01',
      ],
      [
        `SELECT '2019-02-28T01:23:45.678'::TIMESTAMP_NTZ AS "TIMESTAMP 1", '2019-02-28T12:34:56.789'::TIMESTAMP_NTZ AS "TIMESTAMP 2",
          TIME_SLICE("TIMESTAMP 1", 8, 'HOUR') AS "SLICE FOR TIMESTAMP 1", TIME_SLICE("TIMESTAMP 2", 8, 'HOUR') AS "SLICE FOR TIMESTAMP 2"`,
        '2019-02-28 01:23:45.678 | 2019-02-28 12:34:56.789 | 2019-02-28 00:00:00.000 | 2019-02-28 08:00:00.000',
      ],
      [
        `SELECT TIME_SLICE(billing_date, 2, 'WEEK', 'START') AS "START OF SLICE", TIME_SLICE(billing_date, 2, 'WEEK', 'END') AS "END OF SLICE",
          COUNT(*) AS "NUMBER OF LATE BILLS", SUM(balance_due) AS "SUM OF MONEY OWED"
          FROM accounts WHERE balance_due > 0 GROUP BY "START OF SLICE", "END OF SLICE"`,
        `2018-07-23 | 2018-08-06 | 2 | 300.00
        2018-08-20 | 2018-09-03 | 1 | 400.00`,
      ],
      [
        // The usage notes: slices of 15 years begin at 1955, 1970, 1985 …
        "SELECT TIME_SLICE('1969-12-31'::DATE, 15, 'YEAR'), TIME_SLICE('2014-06-30'::DATE, 15, 'YEAR')",
        '1955-01-01 | 2000-01-01',
      ],
    ],
  },
  {
    page: 'functions/convert_timezone',
    examples: [
      [
        "SELECT CONVERT_TIMEZONE('America/Los_Angeles', 'America/New_York', '2024-01-01 14:00:00'::TIMESTAMP_NTZ) AS conv",
        '2024-01-01 17:00:00.000',
      ],
      [
        "SELECT CONVERT_TIMEZONE('Europe/Warsaw', 'UTC', '2024-01-01 00:00:00'::TIMESTAMP_NTZ) AS conv",
        '2023-12-31 23:00:00.000',
      ],
      [
        "SELECT CONVERT_TIMEZONE('America/Los_Angeles', '2024-04-05 12:00:00 +02:00') AS time_in_la",
        '2024-04-05 03:00:00.000 -0700',
      ],
      [
        "SELECT CONVERT_TIMEZONE('UTC', '2024-04-05 09:00:00'::TIMESTAMP_LTZ) AS ltz_in_utc",
        '2024-04-05 16:00:00.000 +0000',
      ],
      [
        "SELECT CONVERT_TIMEZONE('UTC', '2024-04-05 12:00:00'::TIMESTAMP_NTZ) AS ntz_in_utc",
        '2024-04-05 19:00:00.000 +0000',
      ],
      ["SELECT CONVERT_TIMEZONE('UTC', '2024-04-05'::DATE) AS date_in_utc", '2024-04-05 07:00:00.000 +0000'],
    ],
  },
  {
    page: 'functions/to_date',
    setup: [
      'CREATE OR REPLACE TABLE date_from_timestamp(ts TIMESTAMP)',
      "INSERT INTO date_from_timestamp(ts) VALUES (TO_TIMESTAMP('2024.10.02 04:00:00', 'YYYY.MM.DD HH:MI:SS'))",
      'CREATE OR REPLACE TABLE demo1 (description VARCHAR, value VARCHAR)',
      `INSERT INTO demo1 (description, value) VALUES ('Seconds', '31536000'), ('Milliseconds', '31536000000'),
        ('Microseconds', '31536000000000'), ('Nanoseconds', '31536000000000000')`,
    ],
    examples: [
      ["SELECT TO_DATE('2024-05-10'), DATE('2024-05-10')", '2024-05-10 | 2024-05-10'],
      ['SELECT ts FROM date_from_timestamp', '2024-10-02 04:00:00.000'],
      ['SELECT TO_DATE(ts) FROM date_from_timestamp', '2024-10-02'],
      [
        "SELECT TO_DATE('2024.05.10', 'YYYY.MM.DD'), DATE('2024.05.10', 'YYYY.MM.DD')",
        '2024-05-10 | 2024-05-10',
      ],
      ["SELECT TO_DATE('2024-05-10', 'AUTO'), DATE('2024-05-10', 'AUTO')", '2024-05-10 | 2024-05-10'],
      [
        "SELECT TO_DATE('05/10/2024', 'MM/DD/YYYY'), DATE('05/20/2024', 'MM/DD/YYYY')",
        '2024-05-10 | 2024-05-20',
      ],
      [
        `ALTER SESSION SET DATE_OUTPUT_FORMAT = 'DD-MON-YYYY';
        SELECT TO_DATE('2024-05-10', 'YYYY-MM-DD'), DATE('2024-05-10', 'YYYY-MM-DD')`,
        '10-May-2024 | 10-May-2024',
      ],
      [
        `ALTER SESSION UNSET DATE_OUTPUT_FORMAT;
        SELECT description, value, TO_TIMESTAMP(value), TO_DATE(value) FROM demo1 ORDER BY value`,
        `Seconds | 31536000 | 1971-01-01 00:00:00.000 | 1971-01-01
        Milliseconds | 31536000000 | 1971-01-01 00:00:00.000 | 1971-01-01
        Microseconds | 31536000000000 | 1971-01-01 00:00:00.000 | 1971-01-01
        Nanoseconds | 31536000000000000 | 1971-01-01 00:00:00.000 | 1971-01-01`,
      ],
    ],
  },
  {
    page: 'functions/date_from_parts',
    examples: [
      ['SELECT DATE_FROM_PARTS(1977, 8, 7)', '1977-08-07'],
      ['SELECT DATE_FROM_PARTS(2010, 1, 100), DATE_FROM_PARTS(2010, 1 + 24, 1)', '2010-04-10 | 2012-01-01'],
      [
        'SELECT DATE_FROM_PARTS(2004, 1, 1), DATE_FROM_PARTS(2004, 0, 1), DATE_FROM_PARTS(2004, -1, 1)',
        '2004-01-01 | 2003-12-01 | 2003-11-01',
      ],
      [
        'SELECT DATE_FROM_PARTS(2004, 2, 1), DATE_FROM_PARTS(2004, 2, 0), DATE_FROM_PARTS(2004, 2, -1)',
        '2004-02-01 | 2004-01-31 | 2004-01-30',
      ],
      ['SELECT DATE_FROM_PARTS(2004, -1, -1)', '2003-10-30'],
    ],
  },
];
