import type { Page } from './page.js';

const X = ['CREATE OR REPLACE TABLE x (i NUMBER)', 'INSERT INTO x VALUES (1), (2), (NULL)'];

export const conditional: Page[] = [
  {
    page: 'functions/equal_null',
    setup: X,
    examples: [
      [
        'SELECT x1.i x1_i, x2.i x2_i FROM x x1, x x2 ORDER BY x1.i, x2.i',
        '1 | 1\n1 | 2\n1 | NULL\n2 | 1\n2 | 2\n2 | NULL\nNULL | 1\nNULL | 2\nNULL | NULL',
      ],
      ['SELECT x1.i x1_i, x2.i x2_i FROM x x1, x x2 WHERE x1.i = x2.i', '1 | 1\n2 | 2'],
      [
        'SELECT x1.i x1_i, x2.i x2_i FROM x x1, x x2 WHERE EQUAL_NULL(x1.i, x2.i)',
        '1 | 1\n2 | 2\nNULL | NULL',
      ],
      [
        `SELECT x1.i x1_i, x2.i x2_i, x1.i = x2.i, IFF(x1.i = x2.i, 'Selected', 'Not') "SELECT IF X1.I=X2.I", x1.i <> x2.i,
          IFF(NOT(x1.i = x2.i), 'Selected', 'Not') "SELECT IF X1.I<>X2.I" FROM x x1, x x2`,
        `1 | 1 | true | Selected | false | Not
        1 | 2 | false | Not | true | Selected
        1 | NULL | NULL | Not | NULL | Not
        2 | 1 | false | Not | true | Selected
        2 | 2 | true | Selected | false | Not
        2 | NULL | NULL | Not | NULL | Not
        NULL | 1 | NULL | Not | NULL | Not
        NULL | 2 | NULL | Not | NULL | Not
        NULL | NULL | NULL | Not | NULL | Not`,
      ],
      [
        `SELECT x1.i x1_i, x2.i x2_i, EQUAL_NULL(x1.i, x2.i), IFF(EQUAL_NULL(x1.i, x2.i), 'Selected', 'Not'),
          NOT EQUAL_NULL(x1.i, x2.i), IFF(NOT EQUAL_NULL(x1.i, x2.i), 'Selected', 'Not') FROM x x1, x x2`,
        `1 | 1 | true | Selected | false | Not
        2 | 1 | false | Not | true | Selected
        NULL | 1 | false | Not | true | Selected
        1 | 2 | false | Not | true | Selected
        2 | 2 | true | Selected | false | Not
        NULL | 2 | false | Not | true | Selected
        1 | NULL | false | Not | true | Selected
        2 | NULL | false | Not | true | Selected
        NULL | NULL | true | Selected | false | Not`,
      ],
    ],
  },
  {
    page: 'functions/div0',
    examples: [
      ['SELECT 1/2', '0.500000'],
      ['SELECT DIV0(1, 2)', '0.500000'],
      ['SELECT DIV0(1, 0)', '0.000000'],
    ],
    failing: [['select 1/0', '100051', 'Division by zero']],
  },
  {
    page: 'functions/coalesce',
    examples: [
      [
        `SELECT column1, column2, column3, COALESCE(column1, column2, column3) AS coalesce_result FROM (values (1, 2, 3), (null, 2, 3),
          (null, null, 3), (null, null, null), (1, null, 3), (1, null, null), (1, 2, null)) v`,
        `1 | 2 | 3 | 1
        NULL | 2 | 3 | 2
        NULL | NULL | 3 | 3
        NULL | NULL | NULL | NULL
        1 | NULL | 3 | 1
        1 | NULL | NULL | 1
        1 | 2 | NULL | 1`,
      ],
      ["SELECT COALESCE('17', 1)", '17'],
    ],
  },
  {
    page: 'functions/iff',
    examples: [
      ["SELECT IFF(TRUE, 'true', 'false')", 'true'],
      ["SELECT IFF(FALSE, 'true', 'false')", 'false'],
      ["SELECT IFF(NULL, 'true', 'false')", 'false'],
      ["SELECT IFF(TRUE, NULL, 'false')", 'NULL'],
      [
        `SELECT value, IFF(value::INT = value, 'integer', 'non-integer') FROM ( SELECT column1 AS value
          FROM VALUES(1.0), (1.1), (-3.1415), (-5.000), (NULL) ) ORDER BY value DESC`,
        `NULL | non-integer
        1.1000 | non-integer
        1.0000 | integer
        -3.1415 | non-integer
        -5.0000 | integer`,
      ],
      [
        `SELECT value, IFF(value > 50, 'High', 'Low') FROM ( SELECT column1 AS value FROM VALUES(22), (63), (5), (99), (NULL) )`,
        '22 | Low\n63 | High\n5 | Low\n99 | High\nNULL | Low',
      ],
    ],
  },
  {
    page: 'functions/booland',
    examples: [
      [
        'SELECT BOOLAND(1, -2), BOOLAND(0, 0), BOOLAND(0, NULL), BOOLAND(NULL, 3), BOOLAND(NULL, NULL)',
        'true | false | false | NULL | NULL',
      ],
      ['SELECT BOOLAND(2, 0.3)', 'false'],
      ['SELECT BOOLAND(-0.4, 5)', 'false'],
      ['SELECT 2 AND 0.3', 'true'],
    ],
  },
];
