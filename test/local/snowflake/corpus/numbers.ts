import type { Page } from './page.js';

export const numbers: Page[] = [
  {
    page: 'functions/floor',
    setup: [
      'CREATE OR REPLACE TABLE test_floor (n FLOAT, scale INTEGER)',
      `INSERT INTO test_floor (n, scale) VALUES (-975.975, -1), (-975.975, 0), (-975.975, 2), ( 135.135, -2), ( 135.135, 0), ( 135.135, 1),
        ( 135.135, 3), ( 135.135, 50), ( 135.135, NULL)`,
    ],
    examples: [
      ['SELECT FLOOR(135.135), FLOOR(-975.975)', '135 | -976'],
      [
        'SELECT n, scale, FLOOR(n, scale) FROM test_floor ORDER BY n, scale',
        `-975.975 | -1 | -980
        -975.975 | 0 | -976
        -975.975 | 2 | -975.98
        135.135 | -2 | 100
        135.135 | 0 | 135
        135.135 | 1 | 135.1
        135.135 | 3 | 135.135
        135.135 | 50 | 135.135
        135.135 | NULL | NULL`,
      ],
    ],
  },
  {
    page: 'functions/mod',
    examples: [
      ['SELECT MOD(3, 2) AS mod1, MOD(4.5, 1.2) AS mod2', '1 | 0.9'],
      ['SELECT MOD(-3, 2) AS neg_mod', '-1'],
    ],
  },
  {
    page: 'functions/to_boolean',
    setup: [
      'CREATE OR REPLACE TABLE test_boolean(b BOOLEAN, n NUMBER, s STRING)',
      "INSERT INTO test_boolean VALUES (true, 1, 'yes'), (false, 0, 'no'), (null, null, null)",
    ],
    examples: [
      ['SELECT * FROM test_boolean', 'true | 1 | yes\nfalse | 0 | no\nNULL | NULL | NULL'],
      ['SELECT s, TO_BOOLEAN(s) FROM test_boolean', 'yes | true\nno | false\nNULL | NULL'],
      ['SELECT n, TO_BOOLEAN(n) FROM test_boolean', '1 | true\n0 | false\nNULL | NULL'],
    ],
  },
  {
    page: 'ternary-logic',
    setup: ['CREATE OR REPLACE TABLE truth(c BOOLEAN)', 'INSERT INTO truth VALUES (TRUE), (FALSE), (NULL)'],
    examples: [
      [
        'SELECT c, c AND NULL, c OR NULL, NOT c FROM truth',
        'true | NULL | true | false\nfalse | false | NULL | true\nNULL | NULL | NULL | NULL',
      ],
      [
        'SELECT c, c AND (NOT c), c OR (NOT c), NOT (c OR NULL) FROM truth',
        'true | false | true | false\nfalse | false | true | NULL\nNULL | NULL | NULL | NULL',
      ],
      ["SELECT c, IFF(c, 'e1', 'e2') FROM truth", 'true | e1\nfalse | e2\nNULL | e2'],
      [
        'SELECT column1, column1 IN (1, 2, NULL), column1 NOT IN (1, 2), column1 NOT IN (1, 2, NULL) FROM VALUES (1), (3), (NULL)',
        '1 | true | false | false\n3 | NULL | true | NULL\nNULL | NULL | NULL | NULL',
      ],
    ],
  },
  {
    page: 'data-types-numeric',
    setup: [
      'CREATE OR REPLACE TABLE decfloat_sample (id INT, decfloat_val DECFLOAT, float_val FLOAT)',
      `INSERT INTO decfloat_sample VALUES (1, DECFLOAT '123e7000', FLOAT '123e7000'),
        (2, 12345678901234567890123456789::DECFLOAT, 12345678901234567890123456789::FLOAT),
        (3, '-4.2e-5432'::DECFLOAT, '-4.2e-5432'::FLOAT),
        (4, '1.00000000000000000000000000000000000014'::DECFLOAT, '1.00000000000000000000000000000000000014'::FLOAT),
        (5, '1.00000000000000000000000000000000000015'::DECFLOAT, '1.00000000000000000000000000000000000015'::FLOAT)`,
      'CREATE OR REPLACE TABLE decfloat_agg_sample (decfloat_val DECFLOAT)',
      "INSERT INTO decfloat_agg_sample VALUES (DECFLOAT '1e1000'), (DECFLOAT '-2.47e999'), (DECFLOAT '22e-75')",
    ],
    examples: [
      [
        'SELECT id, decfloat_val FROM decfloat_sample',
        `1 | 1.23e7002
        2 | 12345678901234567890123456789
        3 | -4.2e-5432
        4 | 1.0000000000000000000000000000000000001
        5 | 1.0000000000000000000000000000000000002`,
      ],
      [
        'SELECT SUM(decfloat_val), AVG(decfloat_val), MAX(decfloat_val), MIN(decfloat_val) FROM decfloat_agg_sample',
        '7.53e999 | 2.51e999 | 1e1000 | -2.47e999',
      ],
    ],
  },
  {
    page: 'functions/to_decfloat',
    setup: [
      'CREATE OR REPLACE TABLE to_decfloat_demo (d DECIMAL(7, 2), v VARCHAR)',
      "INSERT INTO to_decfloat_demo (d, v) SELECT 1.1, '2.2'",
    ],
    examples: [['SELECT TO_DECFLOAT(d), TO_DECFLOAT(v) FROM to_decfloat_demo', '1.1 | 2.2']],
  },
];
