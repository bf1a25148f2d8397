import type { Page } from './page.js';

export const bits: Page[] = [
  {
    page: 'functions/bitand',
    setup: [
      'CREATE OR REPLACE TABLE bits (ID INTEGER, bit1 INTEGER, bit2 INTEGER)',
      'INSERT INTO bits (ID, bit1, bit2) VALUES (   11,    1,     1), (   24,    2,     4), (   42,    4,     2), ( 1624,   16,    24), (65504,    0, 65504), (    0, NULL,  NULL)',
    ],
    examples: [
      [
        'SELECT bit1, bit2, BITAND(bit1, bit2), BITOR(bit1, bit2), BITXOR(bit1, BIT2) FROM bits ORDER BY bit1',
        `0 | 65504 | 0 | 65504 | 65504
1 | 1 | 1 | 1 | 0
2 | 4 | 0 | 6 | 6
4 | 2 | 0 | 6 | 6
16 | 24 | 16 | 24 | 8
NULL | NULL | NULL | NULL | NULL`,
      ],
    ],
  },
  {
    page: 'functions/bitor',
    setup: [
      'CREATE OR REPLACE TABLE bits (ID INTEGER, bit1 INTEGER, bit2 INTEGER)',
      'INSERT INTO bits (ID, bit1, bit2) VALUES (   11,    1,     1), (   24,    2,     4), (   42,    4,     2), ( 1624,   16,    24), (65504,    0, 65504), (    0, NULL,  NULL)',
    ],
    examples: [
      [
        'SELECT bit1, bit2, BITAND(bit1, bit2), BITOR(bit1, bit2), BITXOR(bit1, BIT2) FROM bits ORDER BY bit1',
        `0 | 65504 | 0 | 65504 | 65504
1 | 1 | 1 | 1 | 0
2 | 4 | 0 | 6 | 6
4 | 2 | 0 | 6 | 6
16 | 24 | 16 | 24 | 8
NULL | NULL | NULL | NULL | NULL`,
      ],
    ],
  },
  {
    page: 'functions/bitxor',
    setup: [
      'CREATE OR REPLACE TABLE bits (ID INTEGER, bit1 INTEGER, bit2 INTEGER)',
      'INSERT INTO bits (ID, bit1, bit2) VALUES (   11,    1,     1), (   24,    2,     4), (   42,    4,     2), ( 1624,   16,    24), (65504,    0, 65504), (    0, NULL,  NULL)',
    ],
    examples: [
      [
        'SELECT bit1, bit2, BITAND(bit1, bit2), BITOR(bit1, bit2), BITXOR(bit1, BIT2) FROM bits ORDER BY bit1',
        `0 | 65504 | 0 | 65504 | 65504
1 | 1 | 1 | 1 | 0
2 | 4 | 0 | 6 | 6
4 | 2 | 0 | 6 | 6
16 | 24 | 16 | 24 | 8
NULL | NULL | NULL | NULL | NULL`,
      ],
    ],
  },
  {
    page: 'functions/bitnot',
    setup: [
      'CREATE OR REPLACE TABLE bits (ID INTEGER, bit1 INTEGER, bit2 INTEGER)',
      'INSERT INTO bits (ID, bit1, bit2) VALUES (   11,    1,     1), (   24,    2,     4), (   42,    4,     2), ( 1624,   16,    24), (65504,    0, 65504), (    0, NULL,  NULL)',
    ],
    examples: [
      [
        'SELECT bit1, bit2, BITNOT(bit1), BITNOT(bit2) FROM bits ORDER BY bit1',
        `0 | 65504 | -1 | -65505
1 | 1 | -2 | -2
2 | 4 | -3 | -5
4 | 2 | -5 | -3
16 | 24 | -17 | -25
NULL | NULL | NULL | NULL`,
      ],
    ],
  },
  {
    page: 'functions/bitshiftleft',
    setup: [
      'CREATE OR REPLACE TABLE bits (ID INTEGER, bit1 INTEGER, bit2 INTEGER)',
      'INSERT INTO bits (ID, bit1, bit2) VALUES (   11,    1,     1), (   24,    2,     4), (   42,    4,     2), ( 1624,   16,    24), (65504,    0, 65504), (    0, NULL,  NULL)',
    ],
    examples: [
      [
        'SELECT bit1, bit2, BITSHIFTLEFT(bit1, 1), BITSHIFTRIGHT(bit2, 1) FROM bits ORDER BY bit1',
        `0 | 65504 | 0 | 32752
1 | 1 | 2 | 0
2 | 4 | 4 | 2
4 | 2 | 8 | 1
16 | 24 | 32 | 12
NULL | NULL | NULL | NULL`,
      ],
    ],
  },
  {
    page: 'functions/bitshiftright',
    setup: [
      'CREATE OR REPLACE TABLE bits (ID INTEGER, bit1 INTEGER, bit2 INTEGER)',
      'INSERT INTO bits (ID, bit1, bit2) VALUES (   11,    1,     1), (   24,    2,     4), (   42,    4,     2), ( 1624,   16,    24), (65504,    0, 65504), (    0, NULL,  NULL)',
    ],
    examples: [
      [
        'SELECT bit1, bit2, BITSHIFTLEFT(bit1, 1), BITSHIFTRIGHT(bit2, 1) FROM bits ORDER BY bit1',
        `0 | 65504 | 0 | 32752
1 | 1 | 2 | 0
2 | 4 | 4 | 2
4 | 2 | 8 | 1
16 | 24 | 32 | 12
NULL | NULL | NULL | NULL`,
      ],
    ],
  },
  {
    page: 'functions/getbit',
    examples: [
      [
        'SELECT GETBIT(11, 100), GETBIT(11, 3), GETBIT(11, 2), GETBIT(11, 1), GETBIT(11, 0)',
        '0 | 1 | 0 | 1 | 1',
      ],
    ],
  },
  {
    page: 'functions/bitand_agg',
    setup: [
      'CREATE OR REPLACE TABLE bitwise_example (k int, d decimal(10,5), s1 varchar(10), s2 varchar(10))',
      "INSERT INTO bitwise_example VALUES (15, 1.1, '12','one'), (26, 2.9, '10','two'), (12, 7.1, '7.9','two'), (14, null, null,'null'), (8, null, null, 'null'), (null, 9.1, '14','nine')",
    ],
    examples: [
      [
        'SELECT k AS k_col, d AS d_col, s1, s2 FROM bitwise_example ORDER BY k_col',
        `8 | NULL | NULL | null
12 | 7.10000 | 7.9 | two
14 | NULL | NULL | null
15 | 1.10000 | 12 | one
26 | 2.90000 | 10 | two
NULL | 9.10000 | 14 | nine`,
      ],
      ['select bitand_agg(k), bitand_agg(d), bitand_agg(s1) from bitwise_example', '8 | 1 | 8'],
      [
        'select s2, bitand_agg(k), bitand_agg(d) from bitwise_example group by s2 order by 3',
        `one | 15 | 1
two | 8 | 3
nine | NULL | 9
null | 8 | NULL`,
      ],
    ],
  },
  {
    page: 'functions/bitor_agg',
    setup: [
      'CREATE OR REPLACE TABLE bitwise_example (k int, d decimal(10,5), s1 varchar(10), s2 varchar(10))',
      "INSERT INTO bitwise_example VALUES (15, 1.1, '12','one'), (26, 2.9, '10','two'), (12, 7.1, '7.9','two'), (14, null, null,'null'), (8, null, null, 'null'), (null, 9.1, '14','nine')",
    ],
    examples: [
      [
        'SELECT k AS k_col, d AS d_col, s1, s2 FROM bitwise_example ORDER BY k_col',
        `8 | NULL | NULL | null
12 | 7.10000 | 7.9 | two
14 | NULL | NULL | null
15 | 1.10000 | 12 | one
26 | 2.90000 | 10 | two
NULL | 9.10000 | 14 | nine`,
      ],
      ['select bitor_agg(k), bitor_agg(d), bitor_agg(s1) from bitwise_example', '31 | 15 | 14'],
      [
        'select s2, bitor_agg(k), bitor_agg(d) from bitwise_example group by s2 order by 3',
        `one | 15 | 1
two | 30 | 7
nine | NULL | 9
null | 14 | NULL`,
      ],
    ],
  },
  {
    page: 'functions/bitxor_agg',
    setup: [
      'CREATE OR REPLACE TABLE bitwise_example (k int, d decimal(10,5), s1 varchar(10), s2 varchar(10))',
      "INSERT INTO bitwise_example VALUES (15, 1.1, '12','one'), (26, 2.9, '10','two'), (12, 7.1, '7.9','two'), (14, null, null,'null'), (8, null, null, 'null'), (null, 9.1, '14','nine')",
    ],
    examples: [
      [
        'SELECT k AS k_col, d AS d_col, s1, s2 FROM bitwise_example ORDER BY k_col',
        `8 | NULL | NULL | null
12 | 7.10000 | 7.9 | two
14 | NULL | NULL | null
15 | 1.10000 | 12 | one
26 | 2.90000 | 10 | two
NULL | 9.10000 | 14 | nine`,
      ],
      ['select bitxor_agg(k), bitxor_agg(d), bitxor_agg(s1) from bitwise_example', '31 | 12 | 0'],
      [
        'select s2, bitxor_agg(k), bitxor_agg(d) from bitwise_example group by s2 order by 3',
        `one | 15 | 1
two | 22 | 4
nine | NULL | 9
null | 6 | NULL`,
      ],
    ],
  },
  {
    page: 'functions/boolnot',
    examples: [
      ['SELECT BOOLNOT(0), BOOLNOT(10), BOOLNOT(-3.79), BOOLNOT(NULL)', 'true | false | false | NULL'],
    ],
  },
  {
    page: 'functions/boolor',
    examples: [
      [
        'SELECT BOOLOR(1, 2), BOOLOR(-1.35, 0), BOOLOR(3, NULL), BOOLOR(0, 0), BOOLOR(NULL, 0), BOOLOR(NULL, NULL)',
        'true | true | true | false | NULL | NULL',
      ],
    ],
  },
  {
    page: 'functions/boolxor',
    examples: [
      [
        'SELECT BOOLXOR(2, 0), BOOLXOR(1, -1), BOOLXOR(0, 0), BOOLXOR(NULL, 3), BOOLXOR(NULL, 0), BOOLXOR(NULL, NULL)',
        'true | false | false | NULL | NULL | NULL',
      ],
    ],
  },
  {
    page: 'functions/system_typeof',
    examples: [
      ['SELECT SYSTEM$TYPEOF(null) FROM (values(1)) v', 'NULL[LOB]'],
      ['SELECT SYSTEM$TYPEOF(1) FROM (values(1)) v', 'NUMBER(1,0)[SB1]'],
      ['SELECT SYSTEM$TYPEOF(1e10) FROM (values(1)) v', 'NUMBER(11,0)[SB8]'],
      ['SELECT SYSTEM$TYPEOF(10000) FROM (values(1)) v', 'NUMBER(5,0)[SB2]'],
      ["SELECT SYSTEM$TYPEOF('something') FROM (values(1)) v", 'VARCHAR(9)[LOB]'],
    ],
  },
];
