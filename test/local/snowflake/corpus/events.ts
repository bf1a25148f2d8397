import type { Page } from './page.js';

export const events: Page[] = [
  {
    page: 'functions/conditional_true_event',
    setup: [
      'CREATE OR REPLACE TABLE table1 (province VARCHAR, o_col INTEGER, o2_col INTEGER)',
      "INSERT INTO table1 (province, o_col, o2_col) VALUES ('Alberta',    0, 10), ('Alberta',    0, 10), ('Alberta',   13, 10), ('Alberta',   13, 11), ('Alberta',   14, 11), ('Alberta',   15, 12), ('Alberta', NULL, NULL), ('Manitoba',    30, 30)",
      'CREATE OR REPLACE TABLE tbl (p int, o int, i int, r int, s varchar(100))',
      "INSERT INTO tbl VALUES (100,1,1,70,'seventy'),(100,2,2,30, 'thirty'),(100,3,3,40,'fourty'),(100,4,NULL,90,'ninety'),(100,5,5,50,'fifty'),(100,6,6,30,'thirty'), (200,7,7,40,'fourty'),(200,8,NULL,NULL,'n_u_l_l'),(200,9,NULL,NULL,'n_u_l_l'),(200,10,10,20,'twenty'),(200,11,NULL,90,'ninety'), (300,12,12,30,'thirty'), (400,13,NULL,20,'twenty')",
    ],
    examples: [
      [
        'SELECT province, o_col, CONDITIONAL_TRUE_EVENT(o_col) OVER (PARTITION BY province ORDER BY o_col) AS true_event FROM table1 ORDER BY province, o_col',
        `Alberta | 0 | 0
Alberta | 0 | 0
Alberta | 13 | 1
Alberta | 13 | 2
Alberta | 14 | 3
Alberta | 15 | 4
Alberta | NULL | 4
Manitoba | 30 | 1`,
      ],
      [
        'SELECT province, o_col, CONDITIONAL_TRUE_EVENT(o_col) OVER (PARTITION BY province ORDER BY o_col) AS true_event, CONDITIONAL_TRUE_EVENT(o_col > 20) OVER (PARTITION BY province ORDER BY o_col) AS true_event_gt_20 FROM table1 ORDER BY province, o_col',
        `Alberta | 0 | 0 | 0
Alberta | 0 | 0 | 0
Alberta | 13 | 1 | 0
Alberta | 13 | 2 | 0
Alberta | 14 | 3 | 0
Alberta | 15 | 4 | 0
Alberta | NULL | 4 | 0
Manitoba | 30 | 1 | 1`,
      ],
      [
        'SELECT province, o_col, CONDITIONAL_CHANGE_EVENT(o_col) OVER (PARTITION BY province ORDER BY o_col) AS change_event, CONDITIONAL_TRUE_EVENT(o_col) OVER (PARTITION BY province ORDER BY o_col) AS true_event FROM table1 ORDER BY province, o_col',
        `Alberta | 0 | 0 | 0
Alberta | 0 | 0 | 0
Alberta | 13 | 1 | 1
Alberta | 13 | 1 | 2
Alberta | 14 | 2 | 3
Alberta | 15 | 3 | 4
Alberta | NULL | 3 | 4
Manitoba | 30 | 0 | 1`,
      ],
      [
        'SELECT * FROM tbl ORDER BY p, o, i',
        `100 | 1 | 1 | 70 | seventy
100 | 2 | 2 | 30 | thirty
100 | 3 | 3 | 40 | fourty
100 | 4 | NULL | 90 | ninety
100 | 5 | 5 | 50 | fifty
100 | 6 | 6 | 30 | thirty
200 | 7 | 7 | 40 | fourty
200 | 8 | NULL | NULL | n_u_l_l
200 | 9 | NULL | NULL | n_u_l_l
200 | 10 | 10 | 20 | twenty
200 | 11 | NULL | 90 | ninety
300 | 12 | 12 | 30 | thirty
400 | 13 | NULL | 20 | twenty`,
      ],
      [
        'SELECT p, o, CONDITIONAL_TRUE_EVENT(o>2) OVER (PARTITION BY p ORDER BY o) FROM tbl ORDER BY p, o',
        `100 | 1 | 0
100 | 2 | 0
100 | 3 | 1
100 | 4 | 2
100 | 5 | 3
100 | 6 | 4
200 | 7 | 1
200 | 8 | 2
200 | 9 | 3
200 | 10 | 4
200 | 11 | 5
300 | 12 | 1
400 | 13 | 1`,
      ],
    ],
  },
  {
    page: 'functions/conditional_change_event',
    setup: [
      'CREATE OR REPLACE TABLE voltage_readings ( site_ID INTEGER, ts TIMESTAMP, VOLTAGE FLOAT )',
      "INSERT INTO voltage_readings (site_ID, ts, voltage) VALUES (1, '2019-10-30 13:00:00', 120), (1, '2019-10-30 13:15:00', 120), (1, '2019-10-30 13:30:00',   0), (1, '2019-10-30 13:45:00',   0), (1, '2019-10-30 14:00:00',   0), (1, '2019-10-30 14:15:00',   0), (1, '2019-10-30 14:30:00', 120)",
      'CREATE OR REPLACE TABLE table1 (province VARCHAR, o_col INTEGER, o2_col INTEGER)',
      "INSERT INTO table1 (province, o_col, o2_col) VALUES ('Alberta',    0, 10), ('Alberta',    0, 10), ('Alberta',   13, 10), ('Alberta',   13, 11), ('Alberta',   14, 11), ('Alberta',   15, 12), ('Alberta', NULL, NULL), ('Manitoba',    30, 30)",
      'CREATE OR REPLACE TABLE tbl (p int, o int, i int, r int, s varchar(100))',
      "INSERT INTO tbl VALUES (100,1,1,70,'seventy'),(100,2,2,30, 'thirty'),(100,3,3,40,'fourty'),(100,4,NULL,90,'ninety'),(100,5,5,50,'fifty'),(100,6,6,30,'thirty'), (200,7,7,40,'fourty'),(200,8,NULL,NULL,'n_u_l_l'),(200,9,NULL,NULL,'n_u_l_l'),(200,10,10,20,'twenty'),(200,11,NULL,90,'ninety'), (300,12,12,30,'thirty'), (400,13,NULL,20,'twenty')",
    ],
    examples: [
      [
        'SELECT site_ID, ts, voltage FROM voltage_readings WHERE voltage = 0 ORDER BY ts',
        `1 | 2019-10-30 13:30:00.000 | 0
1 | 2019-10-30 13:45:00.000 | 0
1 | 2019-10-30 14:00:00.000 | 0
1 | 2019-10-30 14:15:00.000 | 0`,
      ],
      [
        'SELECT site_ID, ts, voltage, CONDITIONAL_CHANGE_EVENT(voltage = 0) OVER (ORDER BY ts) AS power_changes FROM voltage_readings',
        `1 | 2019-10-30 13:00:00.000 | 120 | 0
1 | 2019-10-30 13:15:00.000 | 120 | 0
1 | 2019-10-30 13:30:00.000 | 0 | 1
1 | 2019-10-30 13:45:00.000 | 0 | 1
1 | 2019-10-30 14:00:00.000 | 0 | 1
1 | 2019-10-30 14:15:00.000 | 0 | 1
1 | 2019-10-30 14:30:00.000 | 120 | 2`,
      ],
      [
        'WITH power_change_events AS ( SELECT site_ID, ts, voltage, CONDITIONAL_CHANGE_EVENT(voltage = 0) OVER (ORDER BY ts) AS power_changes FROM voltage_readings ) SELECT site_ID, MIN(ts), voltage, power_changes FROM power_change_events GROUP BY site_ID, power_changes, voltage ORDER BY 2',
        `1 | 2019-10-30 13:00:00.000 | 120 | 0
1 | 2019-10-30 13:30:00.000 | 0 | 1
1 | 2019-10-30 14:30:00.000 | 120 | 2`,
      ],
      [
        'WITH power_change_events AS ( SELECT site_ID, CONDITIONAL_CHANGE_EVENT(voltage = 0) OVER (ORDER BY ts) AS power_changes FROM voltage_readings ) SELECT MAX(power_changes) FROM power_change_events GROUP BY site_ID',
        '2',
      ],
      [
        'SELECT province, o_col, CONDITIONAL_CHANGE_EVENT(o_col) OVER (PARTITION BY province ORDER BY o_col) AS change_event FROM table1 ORDER BY province, o_col',
        `Alberta | 0 | 0
Alberta | 0 | 0
Alberta | 13 | 1
Alberta | 13 | 1
Alberta | 14 | 2
Alberta | 15 | 3
Alberta | NULL | 3
Manitoba | 30 | 0`,
      ],
      [
        "SELECT province, o_col, 'o_col < 15' AS condition, CONDITIONAL_CHANGE_EVENT(o_col) OVER (PARTITION BY province ORDER BY o_col) AS change_event, CONDITIONAL_CHANGE_EVENT(o_col < 15) OVER (PARTITION BY province ORDER BY o_col) AS change_event_2 FROM table1 ORDER BY province, o_col",
        `Alberta | 0 | o_col < 15 | 0 | 0
Alberta | 0 | o_col < 15 | 0 | 0
Alberta | 13 | o_col < 15 | 1 | 0
Alberta | 13 | o_col < 15 | 1 | 0
Alberta | 14 | o_col < 15 | 2 | 0
Alberta | 15 | o_col < 15 | 3 | 1
Alberta | NULL | o_col < 15 | 3 | 1
Manitoba | 30 | o_col < 15 | 0 | 0`,
      ],
      [
        'SELECT province, o_col, CONDITIONAL_CHANGE_EVENT(o_col) OVER (PARTITION BY province ORDER BY o_col) AS change_event, CONDITIONAL_TRUE_EVENT(o_col) OVER (PARTITION BY province ORDER BY o_col) AS true_event FROM table1 ORDER BY province, o_col',
        `Alberta | 0 | 0 | 0
Alberta | 0 | 0 | 0
Alberta | 13 | 1 | 1
Alberta | 13 | 1 | 2
Alberta | 14 | 2 | 3
Alberta | 15 | 3 | 4
Alberta | NULL | 3 | 4
Manitoba | 30 | 0 | 1`,
      ],
      [
        'SELECT * FROM tbl ORDER BY p, o, i',
        `100 | 1 | 1 | 70 | seventy
100 | 2 | 2 | 30 | thirty
100 | 3 | 3 | 40 | fourty
100 | 4 | NULL | 90 | ninety
100 | 5 | 5 | 50 | fifty
100 | 6 | 6 | 30 | thirty
200 | 7 | 7 | 40 | fourty
200 | 8 | NULL | NULL | n_u_l_l
200 | 9 | NULL | NULL | n_u_l_l
200 | 10 | 10 | 20 | twenty
200 | 11 | NULL | 90 | ninety
300 | 12 | 12 | 30 | thirty
400 | 13 | NULL | 20 | twenty`,
      ],
      [
        'SELECT p, o, CONDITIONAL_CHANGE_EVENT(o) OVER (PARTITION BY p ORDER BY o) FROM tbl ORDER BY p, o',
        `100 | 1 | 0
100 | 2 | 1
100 | 3 | 2
100 | 4 | 3
100 | 5 | 4
100 | 6 | 5
200 | 7 | 0
200 | 8 | 1
200 | 9 | 2
200 | 10 | 3
200 | 11 | 4
300 | 12 | 0
400 | 13 | 0`,
      ],
    ],
  },
];
