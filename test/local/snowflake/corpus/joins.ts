import type { Page } from './page.js';

export const joins: Page[] = [
  {
    page: 'constructs/asof-join',
    setup: [
      'CREATE OR REPLACE TABLE left_table (c1 VARCHAR(1), c2 TINYINT, c3 TIME, c4 NUMBER(3,2))',
      'CREATE OR REPLACE TABLE right_table (c1 VARCHAR(1), c2 TINYINT, c3 TIME, c4 NUMBER(3,2))',
      `INSERT INTO left_table VALUES ('A',1,'09:15:00',3.21), ('A',2,'09:16:00',3.22), ('B',1,'09:17:00',3.23),
        ('B',2,'09:18:00',4.23)`,
      "INSERT INTO right_table VALUES ('A',1,'09:14:00',3.19), ('B',1,'09:16:00',3.04)",
      'CREATE OR REPLACE TABLE trades (stock_symbol VARCHAR, trade_time TIMESTAMP_NTZ(9), quantity NUMBER(38,0))',
      `INSERT INTO trades VALUES ('SNOW','2023-10-01 09:00:05.000', 1000), ('AAPL','2023-10-01 09:00:05.000', 2000),
        ('SNOW','2023-10-01 09:00:10.000', 1500), ('SNOW','2023-09-30 12:02:55.000',3000)`,
      'CREATE OR REPLACE TABLE quotes (stock_symbol VARCHAR, quote_time TIMESTAMP_NTZ(9), price NUMBER(12,8))',
      `INSERT INTO quotes VALUES ('SNOW','2023-10-01 09:00:01.000', 166), ('SNOW','2023-10-01 09:00:02.000', 163),
        ('SNOW','2023-10-01 09:00:07.000', 166), ('SNOW','2023-10-01 09:00:08.000', 165),
        ('AAPL','2023-10-01 09:00:03.000', 139), ('AAPL','2023-10-01 09:00:07.000', 142)`,
    ],
    examples: [
      [
        `SELECT * FROM left_table l ASOF JOIN right_table r MATCH_CONDITION(l.c3>=r.c3) ON(l.c1=r.c1 and l.c2=r.c2)
          ORDER BY l.c1, l.c2`,
        `A | 1 | 09:15:00 | 3.21 | A | 1 | 09:14:00 | 3.19
        A | 2 | 09:16:00 | 3.22 | NULL | NULL | NULL | NULL
        B | 1 | 09:17:00 | 3.23 | B | 1 | 09:16:00 | 3.04
        B | 2 | 09:18:00 | 4.23 | NULL | NULL | NULL | NULL`,
      ],
      [
        'SELECT * FROM left_table l ASOF JOIN right_table r MATCH_CONDITION(l.c3>=r.c3) ORDER BY l.c1, l.c2',
        `A | 1 | 09:15:00 | 3.21 | A | 1 | 09:14:00 | 3.19
        A | 2 | 09:16:00 | 3.22 | B | 1 | 09:16:00 | 3.04
        B | 1 | 09:17:00 | 3.23 | B | 1 | 09:16:00 | 3.04
        B | 2 | 09:18:00 | 4.23 | B | 1 | 09:16:00 | 3.04`,
      ],
      [
        `SELECT t.stock_symbol, t.trade_time, t.quantity, q.quote_time, q.price FROM trades t ASOF JOIN quotes q
          MATCH_CONDITION(t.trade_time >= quote_time) ON t.stock_symbol=q.stock_symbol
          ORDER BY t.stock_symbol, t.trade_time`,
        `AAPL | 2023-10-01 09:00:05.000 | 2000 | 2023-10-01 09:00:03.000 | 139.00000000
        SNOW | 2023-09-30 12:02:55.000 | 3000 | NULL | NULL
        SNOW | 2023-10-01 09:00:05.000 | 1000 | 2023-10-01 09:00:02.000 | 163.00000000
        SNOW | 2023-10-01 09:00:10.000 | 1500 | 2023-10-01 09:00:08.000 | 165.00000000`,
      ],
      [
        `SELECT t.stock_symbol, t.trade_time, t.quantity, q.quote_time, q.price FROM trades t ASOF JOIN quotes q
          MATCH_CONDITION(t.trade_time <= quote_time) ON t.stock_symbol=q.stock_symbol
          ORDER BY t.stock_symbol, t.trade_time DESC`,
        `AAPL | 2023-10-01 09:00:05.000 | 2000 | 2023-10-01 09:00:07.000 | 142.00000000
        SNOW | 2023-10-01 09:00:10.000 | 1500 | NULL | NULL
        SNOW | 2023-10-01 09:00:05.000 | 1000 | 2023-10-01 09:00:07.000 | 166.00000000
        SNOW | 2023-09-30 12:02:55.000 | 3000 | 2023-10-01 09:00:01.000 | 166.00000000`,
      ],
    ],
  },
  {
    page: 'functions/jarowinkler_similarity',
    setup: [
      'CREATE OR REPLACE TABLE ed (s STRING, t STRING)',
      `INSERT INTO ed VALUES ('', ''), ('Gute nacht', 'Ich weis nicht'), ('Ich weiß nicht', 'Ich wei? nicht'),
        ('Ich weiß nicht', 'Ich weiss nicht'), ('Ich weiß nicht', NULL), ('Snowflake', 'Oracle'), ('święta', 'swieta')`,
    ],
    examples: [
      [
        "SELECT s, t, JAROWINKLER_SIMILARITY(s, t), JAROWINKLER_SIMILARITY(t, s) FROM ed WHERE s <> ''",
        `Gute nacht | Ich weis nicht | 56 | 56
        Ich weiß nicht | Ich wei? nicht | 98 | 98
        Ich weiß nicht | Ich weiss nicht | 97 | 97
        Ich weiß nicht | NULL | NULL | NULL
        Snowflake | Oracle | 61 | 61
        święta | swieta | 77 | 77`,
      ],
    ],
  },
  {
    page: 'constructs/pivot (dynamic)',
    setup: [
      `CREATE OR REPLACE TABLE quarterly_sales(empid INT, amount INT, quarter TEXT) AS SELECT * FROM VALUES
        (1, 10000, '2023_Q1'), (1, 400, '2023_Q1'), (2, 4500, '2023_Q1'), (2, 35000, '2023_Q1'), (1, 5000, '2023_Q2'),
        (1, 3000, '2023_Q2'), (2, 200, '2023_Q2'), (2, 90500, '2023_Q2'), (1, 6000, '2023_Q3'), (1, 5000, '2023_Q3'),
        (2, 2500, '2023_Q3'), (2, 9500, '2023_Q3'), (3, 2700, '2023_Q3'), (1, 8000, '2023_Q4'), (1, 10000, '2023_Q4'),
        (2, 800, '2023_Q4'), (2, 4500, '2023_Q4'), (3, 2700, '2023_Q4'), (3, 16000, '2023_Q4'), (3, 10200, '2023_Q4')`,
      `CREATE OR REPLACE TABLE ad_campaign_types_by_quarter(quarter VARCHAR, television BOOLEAN, radio BOOLEAN, print BOOLEAN)
        AS SELECT * FROM VALUES ('2023_Q1', TRUE, FALSE, FALSE), ('2023_Q2', FALSE, TRUE, TRUE),
        ('2023_Q3', FALSE, TRUE, FALSE), ('2023_Q4', TRUE, FALSE, TRUE)`,
      'CREATE OR REPLACE TABLE emp_manager(empid INT, managerid INT) AS SELECT * FROM VALUES (1, 7), (2, 8), (3, 9)',
    ],
    examples: [
      [
        'SELECT * FROM quarterly_sales PIVOT(SUM(amount) FOR quarter IN (ANY ORDER BY quarter)) ORDER BY empid',
        '1 | 10400 | 8000 | 11000 | 18000\n2 | 39500 | 90700 | 12000 | 5300\n3 | NULL | NULL | 2700 | 28900',
      ],
      [
        `SELECT empid, "'2023_Q1_TOTAL'", "'2023_Q4_TOTAL'" FROM quarterly_sales
          PIVOT(SUM(amount) AS total FOR quarter IN (ANY ORDER BY quarter)) ORDER BY empid`,
        '1 | 10400 | 18000\n2 | 39500 | 5300\n3 | NULL | 28900',
      ],
      [
        `SELECT * FROM quarterly_sales PIVOT(SUM(amount) FOR quarter IN (SELECT DISTINCT quarter
          FROM ad_campaign_types_by_quarter WHERE television = TRUE ORDER BY quarter)) ORDER BY empid`,
        '1 | 10400 | 18000\n2 | 39500 | 5300\n3 | NULL | 28900',
      ],
      [
        `SELECT 'Average sale amount' AS aggregate, * FROM quarterly_sales PIVOT(AVG(amount) FOR quarter IN (ANY ORDER BY quarter))
          UNION SELECT 'Number of sales' AS aggregate, * FROM quarterly_sales PIVOT(COUNT(amount) FOR quarter IN (ANY ORDER BY quarter))
          ORDER BY aggregate, empid`,
        `Average sale amount | 1 | 5200.000000 | 4000.000000 | 5500.000000 | 9000.000000
        Average sale amount | 2 | 19750.000000 | 45350.000000 | 6000.000000 | 2650.000000
        Average sale amount | 3 | NULL | NULL | 2700.000000 | 9633.333333
        Number of sales | 1 | 2.000000 | 2.000000 | 2.000000 | 2.000000
        Number of sales | 2 | 2.000000 | 2.000000 | 2.000000 | 2.000000
        Number of sales | 3 | 0.000000 | 0.000000 | 1.000000 | 3.000000`,
      ],
      [
        `WITH src AS (SELECT * FROM quarterly_sales PIVOT(SUM(amount) FOR quarter IN (ANY ORDER BY quarter)))
          SELECT em.managerid, src.* FROM emp_manager em JOIN src ON em.empid = src.empid ORDER BY empid`,
        '7 | 1 | 10400 | 8000 | 11000 | 18000\n8 | 2 | 39500 | 90700 | 12000 | 5300\n9 | 3 | NULL | NULL | 2700 | 28900',
      ],
    ],
  },
];
