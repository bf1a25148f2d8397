import type { Page } from './page.js';

const AGGR = [
  'CREATE OR REPLACE TABLE aggr(k int, v decimal(10,2), v2 decimal(10, 2))',
  'INSERT INTO aggr VALUES(1, 10, NULL)',
  'INSERT INTO aggr VALUES(2, 10, 11), (2, 20, 22), (2, 25, NULL), (2, 30, 35)',
];
const BASIC = [
  'CREATE OR REPLACE TABLE basic_example (i_col INTEGER, j_col INTEGER)',
  'INSERT INTO basic_example VALUES (11, 101), (11, 102), (11, NULL), (12, 101), (NULL, 101), (NULL, 102)',
];

export const aggregates: Page[] = [
  {
    page: 'functions/avg',
    setup: [
      'CREATE OR REPLACE TABLE avg_example (int_col INT, d DECIMAL(10,5), s1 VARCHAR(10), s2 VARCHAR(10))',
      `INSERT INTO avg_example VALUES (1, 1.1, '1.1', 'one'), (1, 10, '10', 'ten'), (2, 2.4, '2.4', 'two'), (2, NULL, NULL, 'NULL'),
        (3, NULL, NULL, 'NULL'), (NULL, 9.9, '9.9', 'nine')`,
    ],
    examples: [
      [
        'SELECT int_col, d, s1 FROM avg_example ORDER BY int_col, d',
        `1 | 1.10000 | 1.1
        1 | 10.00000 | 10
        2 | 2.40000 | 2.4
        2 | NULL | NULL
        3 | NULL | NULL
        NULL | 9.90000 | 9.9`,
      ],
      ['SELECT AVG(int_col), AVG(d) FROM avg_example', '1.800000 | 5.85000000000'],
      [
        'SELECT int_col, AVG(d), AVG(s1) FROM avg_example GROUP BY int_col ORDER BY int_col',
        `1 | 5.55000000000 | 5.55
        2 | 2.40000000000 | 2.4
        3 | NULL | NULL
        NULL | 9.90000000000 | 9.9`,
      ],
      [
        'SELECT int_col, AVG(int_col) OVER (PARTITION BY int_col) FROM avg_example ORDER BY int_col',
        '1 | 1.000\n1 | 1.000\n2 | 2.000\n2 | 2.000\n3 | 3.000\nNULL | NULL',
      ],
    ],
  },
  {
    page: 'functions/sum',
    setup: [
      'CREATE OR REPLACE TABLE sum_example (k INT, d DECIMAL(10,5), s1 VARCHAR(10), s2 VARCHAR(10))',
      `INSERT INTO sum_example VALUES (1, 1.1, '1.1', 'one'), (1, 10, '10', 'ten'), (2, 2.2, '2.2', 'two'), (2, NULL, NULL, 'null'),
        (3, NULL, NULL, 'null'), (NULL, 9, '9.9', 'nine')`,
      'CREATE OR REPLACE TABLE example_cumulative (p INT, o INT, i INT)',
      `INSERT INTO example_cumulative VALUES (  0, 1, 10), (0, 2, 20), (0, 3, 30), (100, 1, 10), (100, 2, 30), (100, 2, 5), (100, 3, 11),
        (100, 3, 120), (200, 1, 10000), (200, 1, 200), (200, 1, 808080), (200, 2, 33333), (200, 3, NULL), (200, 3, 4), (300, 1, NULL), (300, 1, NULL)`,
    ],
    examples: [
      ['SELECT SUM(d), ROUND(SUM(s1), 10) FROM sum_example', '22.30000 | 23.2'],
      [
        'SELECT k, SUM(d), SUM(s1) FROM sum_example GROUP BY k',
        '1 | 11.10000 | 11.1\n2 | 2.20000 | 2.2\n3 | NULL | NULL\nNULL | 9.00000 | 9.9',
      ],
      [
        // The partitions whose order does not depend on ties.
        `SELECT p, o, i, COUNT(i) OVER (PARTITION BY p ORDER BY o ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS count_i_rows_pre,
          SUM(i) OVER (PARTITION BY p ORDER BY o ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS sum_i_rows_pre,
          AVG(i) OVER (PARTITION BY p ORDER BY o ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS avg_i_rows_pre,
          MIN(i) OVER (PARTITION BY p ORDER BY o ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS min_i_rows_pre,
          MAX(i) OVER (PARTITION BY p ORDER BY o ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS max_i_rows_pre
          FROM example_cumulative WHERE p IN (0, 300) ORDER BY p, o`,
        `0 | 1 | 10 | 1 | 10 | 10.000 | 10 | 10
        0 | 2 | 20 | 2 | 30 | 15.000 | 10 | 20
        0 | 3 | 30 | 3 | 60 | 20.000 | 10 | 30
        300 | 1 | NULL | 0 | NULL | NULL | NULL | NULL
        300 | 1 | NULL | 0 | NULL | NULL | NULL | NULL`,
      ],
    ],
    failing: [['SELECT SUM(s2) FROM sum_example', '100038', "Numeric value 'one' is not recognized"]],
  },
  {
    page: 'functions/count_if',
    setup: BASIC,
    examples: [
      ['SELECT COUNT_IF(TRUE) FROM basic_example', '6'],
      ['SELECT COUNT_IF(j_col > i_col) FROM basic_example', '3'],
      ['SELECT COUNT_IF(i_col IS NOT NULL AND j_col IS NOT NULL) FROM basic_example', '3'],
    ],
  },
  {
    page: 'functions/count',
    setup: [
      ...BASIC,
      'CREATE OR REPLACE TABLE count_example_with_variant_column (i_col INTEGER, j_col INTEGER, v VARIANT)',
      'BEGIN WORK',
      'INSERT INTO count_example_with_variant_column (i_col, j_col, v) VALUES (NULL, 10, NULL)',
      `INSERT INTO count_example_with_variant_column (i_col, j_col, v) SELECT 1, 11, PARSE_JSON('{"Title": null}')`,
      `INSERT INTO count_example_with_variant_column (i_col, j_col, v) SELECT 2, 12, PARSE_JSON('{"Title": "O"}')`,
      `INSERT INTO count_example_with_variant_column (i_col, j_col, v) SELECT 3, 12, PARSE_JSON('{"Title": "I"}')`,
      'COMMIT WORK',
      `CREATE OR REPLACE TABLE customer_product_sales_fct (sale_date DATE, sale_id INTEGER, customer_id STRING, product_id STRING,
        quantity INTEGER, sales_amount NUMBER(10,2))`,
      `INSERT INTO customer_product_sales_fct VALUES ('2026-01-01', 1, 'C001', 'P100', 1, 19.99), ('2026-01-02', 2, 'C002', 'P100', 2, 39.98),
        ('2026-01-03', 3, 'C001', 'P100', 1, 19.99), ('2026-01-04', 4, 'C003', 'P100', 1, 19.99), ('2026-01-05', 5, 'C002', 'P200', 1, 9.99),
        ('2026-01-06', 6, 'C004', 'P100', 3, 59.97), ('2026-01-07', 7, 'C003', 'P100', 1, 19.99), ('2026-01-08', 8, 'C005', 'P100', 2, 39.98),
        ('2026-01-09', 9, 'C001', 'P200', 1, 9.99), ('2026-01-10', 10, 'C006', 'P100', 1, 19.99)`,
    ],
    examples: [
      [
        `SELECT COUNT(*) AS "All", COUNT(* ILIKE 'i_c%') AS "ILIKE", COUNT(* EXCLUDE i_col) AS "EXCLUDE", COUNT(i_col) AS "i_col",
          COUNT(DISTINCT i_col) AS "DISTINCT i_col", COUNT(j_col) AS "j_col", COUNT(DISTINCT j_col) AS "DISTINCT j_col" FROM basic_example`,
        '6 | 4 | 5 | 4 | 2 | 5 | 2',
      ],
      [
        'SELECT i_col, COUNT(*), COUNT(j_col) FROM basic_example GROUP BY i_col ORDER BY i_col',
        '11 | 3 | 2\n12 | 1 | 1\nNULL | 2 | 2',
      ],
      ['SELECT COUNT(n.*) FROM basic_example AS n', '3'],
      [
        'SELECT COUNT(DISTINCT column1, column2, column3) FROM VALUES (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 2)',
        '2',
      ],
      [
        'SELECT i_col, j_col, v, TO_JSON(v:Title) FROM count_example_with_variant_column ORDER BY i_col',
        `1 | 11 | {"Title":null} | null
        2 | 12 | {"Title":"O"} | "O"
        3 | 12 | {"Title":"I"} | "I"
        NULL | 10 | NULL | NULL`,
      ],
      ['SELECT COUNT(v:Title) FROM count_example_with_variant_column', '2'],
      [
        `SELECT customer_id, sale_date, COUNT(DISTINCT customer_id) OVER (PARTITION BY product_id ORDER BY sale_date) AS distinct_customers_to_date
          FROM customer_product_sales_fct WHERE product_id = 'P100' ORDER BY sale_date, sale_id`,
        `C001 | 2026-01-01 | 1
        C002 | 2026-01-02 | 2
        C001 | 2026-01-03 | 2
        C003 | 2026-01-04 | 3
        C004 | 2026-01-06 | 4
        C003 | 2026-01-07 | 4
        C005 | 2026-01-08 | 5
        C006 | 2026-01-10 | 6`,
      ],
    ],
  },
  {
    page: 'functions/min_by',
    setup: [
      'CREATE OR REPLACE TABLE employees(employee_id NUMBER, department_id NUMBER, salary NUMBER)',
      `INSERT INTO employees VALUES (1001, 10, 10000), (1020, 10, 9000), (1030, 10, 8000), (900, 20, 15000), (2000, 20, NULL),
        (2010, 20, 15000), (2020, 20, 8000)`,
    ],
    examples: [
      [
        // Of the two employees with the lowest salary either may be given; the page shows this one.
        'SELECT MIN_BY(employee_id, salary) FROM employees WHERE department_id = 10',
        '1030',
      ],
      ['SELECT MIN_BY(employee_id, salary, 3) FROM employees WHERE department_id = 10', '[1030,1020,1001]'],
    ],
  },
  {
    page: 'functions/corr',
    setup: AGGR,
    examples: [['SELECT k, ROUND(CORR(v, v2), 10) FROM aggr GROUP BY k', '1 | NULL\n2 | 0.9988445981']],
  },
  {
    page: 'functions/regr_slope',
    setup: AGGR,
    examples: [['SELECT k, ROUND(REGR_SLOPE(v, v2), 9) FROM aggr GROUP BY k', '1 | NULL\n2 | 0.831408776']],
  },
  {
    page: 'functions/regr_valx',
    setup: [
      'CREATE OR REPLACE TABLE xy (col_x DOUBLE, col_y DOUBLE)',
      'INSERT INTO xy (col_x, col_y) VALUES (1.0, 2.0), (3.0, NULL), (NULL, 6.0)',
    ],
    examples: [
      ['SELECT REGR_VALX(NULL, 10), REGR_VALX(1, NULL), REGR_VALX(1, 10)', 'NULL | NULL | 10'],
      [
        'SELECT col_y, col_x, REGR_VALX(col_y, col_x), REGR_VALY(col_y, col_x) FROM xy',
        '2 | 1 | 1 | 2\nNULL | 3 | NULL | NULL\n6 | NULL | NULL | NULL',
      ],
    ],
  },
  {
    page: 'functions/kurtosis',
    setup: [
      'CREATE OR REPLACE TABLE aggr(k INT, v DECIMAL(10,2), v2 DECIMAL(10, 2))',
      'INSERT INTO aggr VALUES (1, 10, null), (2, 10, 12), (2, 20, 22), (2, 25, null), (2, 30, 35)',
    ],
    examples: [
      ['SELECT KURTOSIS(k), KURTOSIS(v), KURTOSIS(v2) FROM aggr', '5.000000000000 | -2.324218750000 | NULL'],
    ],
  },
  {
    page: 'functions/booland_agg',
    setup: [
      'CREATE OR REPLACE TABLE test_boolean_agg (id INTEGER, c1 BOOLEAN, c2 BOOLEAN, c3 BOOLEAN, c4 BOOLEAN)',
      `INSERT INTO test_boolean_agg (id, c1, c2, c3, c4) VALUES (1, TRUE, TRUE, TRUE, FALSE), (2, TRUE, FALSE, FALSE, FALSE),
        (3, TRUE, TRUE, FALSE, FALSE), (4, TRUE, FALSE, FALSE, FALSE)`,
    ],
    examples: [
      [
        'SELECT BOOLAND_AGG(c1), BOOLAND_AGG(c2), BOOLAND_AGG(c3), BOOLAND_AGG(c4) FROM test_boolean_agg',
        'true | false | false | false',
      ],
      [
        `INSERT INTO test_boolean_agg (id, c1, c2, c3, c4) VALUES (-4, FALSE, FALSE, FALSE, TRUE), (-3, FALSE, TRUE, TRUE, TRUE),
          (-2, FALSE, FALSE, TRUE, TRUE), (-1, FALSE, TRUE, TRUE, TRUE);
        SELECT id, BOOLAND_AGG(c1) OVER (PARTITION BY (id > 0)), BOOLAND_AGG(c2) OVER (PARTITION BY (id > 0)),
          BOOLAND_AGG(c3) OVER (PARTITION BY (id > 0)), BOOLAND_AGG(c4) OVER (PARTITION BY (id > 0)) FROM test_boolean_agg ORDER BY id`,
        `-4 | false | false | false | true
        -3 | false | false | false | true
        -2 | false | false | false | true
        -1 | false | false | false | true
        1 | true | false | false | false
        2 | true | false | false | false
        3 | true | false | false | false
        4 | true | false | false | false`,
      ],
    ],
    failing: [
      ["select booland_agg('invalid type')", '100037', "Boolean value 'invalid type' is not recognized"],
    ],
  },
  {
    page: 'functions/min',
    setup: [
      'CREATE OR REPLACE TABLE sample_table (k CHAR(4), d CHAR(4))',
      "INSERT INTO sample_table VALUES ('1', '1'), ('1', '5'), ('1', '3'), ('2', '2'), ('2', NULL), ('3', NULL), (NULL, '7'), (NULL, '1')",
    ],
    examples: [
      ['SELECT MIN(d) FROM sample_table', '1'],
      ['SELECT k, MIN(d) FROM sample_table GROUP BY k ORDER BY k', '1 | 1\n2 | 2\n3 | NULL\nNULL | 1'],
      [
        'SELECT k, d, MIN(d) OVER (PARTITION BY k) FROM sample_table ORDER BY k, d',
        '1 | 1 | 1\n1 | 3 | 1\n1 | 5 | 1\n2 | 2 | 2\n2 | NULL | 2\n3 | NULL | NULL\nNULL | 1 | 1\nNULL | 7 | 1',
      ],
      [
        'SELECT k, d, MIN(d) OVER (ORDER BY k, d ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM sample_table ORDER BY k, d',
        '1 | 1 | 1\n1 | 3 | 1\n1 | 5 | 3\n2 | 2 | 2\n2 | NULL | 2\n3 | NULL | NULL\nNULL | 1 | 1\nNULL | 7 | 1',
      ],
    ],
  },
];
