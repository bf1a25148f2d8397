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
];
