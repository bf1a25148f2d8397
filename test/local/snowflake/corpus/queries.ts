import type { Page } from './page.js';

const NURSES = [
  'CREATE or replace TABLE nurses (ID INTEGER, full_name VARCHAR, medical_license VARCHAR, radio_license VARCHAR)',
  `INSERT INTO nurses (ID, full_name, medical_license, radio_license) VALUES (201, 'Thomas Leonard Vicente', 'LVN', 'Technician'),
    (202, 'Tamara Lolita VanZant', 'LVN', 'Technician'), (341, 'Georgeann Linda Vente', 'LVN', 'General'), (471, 'Andrea Renee Nouveau', 'RN', 'Amateur Extra')`,
];

const OFFICES = [
  'CREATE OR REPLACE TABLE sales_office_postal_example(office_name VARCHAR, postal_code VARCHAR)',
  "INSERT INTO sales_office_postal_example VALUES ('sales1', '94061'), ('sales2', '94070'), ('sales3', '98116'), ('sales4', '98005')",
  'CREATE OR REPLACE TABLE customer_postal_example(customer VARCHAR, postal_code VARCHAR)',
  "INSERT INTO customer_postal_example VALUES ('customer1', '94066'), ('customer2', '94061'), ('customer3', '98444'), ('customer4', '98005')",
  'CREATE OR REPLACE TABLE union_demo_column_order1 (a INTEGER, b VARCHAR)',
  "INSERT INTO union_demo_column_order1 VALUES (1, 'one'), (2, 'two'), (3, 'three')",
  'CREATE OR REPLACE TABLE union_demo_column_order2 (B VARCHAR, A INTEGER)',
  "INSERT INTO union_demo_column_order2 VALUES ('three', 3), ('four', 4)",
  'CREATE OR REPLACE TABLE union_test1 (v VARCHAR)',
  'CREATE OR REPLACE TABLE union_test2 (i INTEGER)',
  "INSERT INTO union_test1 (v) VALUES ('Smith, Jane')",
  'INSERT INTO union_test2 (i) VALUES (42)',
];

const SALES = [
  `CREATE OR REPLACE TABLE quarterly_sales(empid INT, amount INT, quarter TEXT) AS SELECT * FROM VALUES (1, 10000, '2023_Q1'), (1, 400, '2023_Q1'),
    (2, 4500, '2023_Q1'), (2, 35000, '2023_Q1'), (1, 5000, '2023_Q2'), (1, 3000, '2023_Q2'), (2, 200, '2023_Q2'), (2, 90500, '2023_Q2'),
    (1, 6000, '2023_Q3'), (1, 5000, '2023_Q3'), (2, 2500, '2023_Q3'), (2, 9500, '2023_Q3'), (3, 2700, '2023_Q3'), (1, 8000, '2023_Q4'),
    (1, 10000, '2023_Q4'), (2, 800, '2023_Q4'), (2, 4500, '2023_Q4'), (3, 2700, '2023_Q4'), (3, 16000, '2023_Q4'), (3, 10200, '2023_Q4')`,
];

const MONTHLY = [
  'CREATE OR REPLACE TABLE monthly_sales(empid INT, dept TEXT, jan INT, feb INT, mar INT, apr INT)',
  `INSERT INTO monthly_sales VALUES (1, 'electronics', 100, 200, 300, 100), (2, 'clothes', 100, 300, 150, 200), (3, 'cars', 200, 400, 100, 50),
    (4, 'appliances', 100, NULL, 100, 50)`,
  'CREATE OR REPLACE TABLE employees(empid INT, last_name TEXT, region TEXT)',
  "INSERT INTO employees VALUES (1, 'Smith', 'West'), (2, 'Jones', 'East'), (3, 'Garcia', 'West'), (4, 'Lee', 'East')",
];

export const pivots: Page[] = [
  {
    page: 'constructs/pivot',
    setup: SALES,
    examples: [
      [
        "SELECT * FROM quarterly_sales PIVOT(SUM(amount) FOR quarter IN ('2023_Q1', '2023_Q2', '2023_Q3')) ORDER BY empid",
        '1 | 10400 | 8000 | 11000\n2 | 39500 | 90700 | 12000\n3 | NULL | NULL | 2700',
      ],
      [
        `SELECT empid, q1, q2, q3, q4 FROM quarterly_sales PIVOT(SUM(amount) FOR quarter IN ('2023_Q1' AS q1, '2023_Q2' AS q2, '2023_Q3' AS q3,
          '2023_Q4' AS q4)) ORDER BY empid`,
        '1 | 10400 | 8000 | 11000 | 18000\n2 | 39500 | 90700 | 12000 | 5300\n3 | NULL | NULL | 2700 | 28900',
      ],
    ],
  },
  {
    page: 'constructs/unpivot',
    setup: MONTHLY,
    examples: [
      [
        'SELECT * FROM monthly_sales UNPIVOT (sales FOR month IN (jan, feb, mar, apr)) WHERE empid IN (1, 4) ORDER BY empid',
        `1 | electronics | JAN | 100
        1 | electronics | FEB | 200
        1 | electronics | MAR | 300
        1 | electronics | APR | 100
        4 | appliances | JAN | 100
        4 | appliances | MAR | 100
        4 | appliances | APR | 50`,
      ],
      [
        `SELECT dept, month, sales FROM monthly_sales UNPIVOT INCLUDE NULLS (sales FOR month IN (jan AS january, feb AS february, mar AS march, apr AS april))
          WHERE empid = 4 ORDER BY empid`,
        'appliances | JANUARY | 100\nappliances | FEBRUARY | NULL\nappliances | MARCH | 100\nappliances | APRIL | 50',
      ],
      [
        `SELECT e.region, u.month, SUM(u.sales) AS total_sales FROM monthly_sales UNPIVOT (sales FOR month IN (jan, feb, mar, apr)) u
          JOIN employees e ON u.empid = e.empid GROUP BY e.region, u.month ORDER BY e.region, u.month`,
        `East | APR | 250
        East | FEB | 300
        East | JAN | 200
        East | MAR | 250
        West | APR | 150
        West | FEB | 600
        West | JAN | 300
        West | MAR | 400`,
      ],
    ],
  },
];

export const queries: Page[] = [
  {
    page: 'constructs/group-by-grouping-sets',
    setup: NURSES,
    examples: [
      [
        'SELECT COUNT(*), medical_license, radio_license FROM nurses GROUP BY GROUPING SETS (medical_license, radio_license)',
        '3 | LVN | NULL\n1 | RN | NULL\n2 | NULL | Technician\n1 | NULL | General\n1 | NULL | Amateur Extra',
      ],
      [
        'SELECT COUNT(*), medical_license, radio_license FROM nurses GROUP BY GROUPING SETS ((medical_license, radio_license))',
        '2 | LVN | Technician\n1 | LVN | General\n1 | RN | Amateur Extra',
      ],
      [
        `INSERT INTO nurses (ID, full_name, medical_license, radio_license) VALUES (101, 'Lily Vine', 'LVN', NULL), (102, 'Larry Vancouver', 'LVN', NULL),
          (172, 'Rhonda Nova', 'RN', NULL);
        SELECT COUNT(*), medical_license, radio_license FROM nurses GROUP BY GROUPING SETS (medical_license, radio_license)`,
        '2 | RN | NULL\n5 | LVN | NULL\n3 | NULL | NULL\n2 | NULL | Technician\n1 | NULL | General\n1 | NULL | Amateur Extra',
      ],
      [
        'SELECT COUNT(*), medical_license, radio_license FROM nurses GROUP BY medical_license, GROUPING SETS (radio_license, ())',
        `2 | LVN | NULL
        1 | RN | NULL
        2 | RN | NULL
        5 | LVN | NULL
        2 | LVN | Technician
        1 | LVN | General
        1 | RN | Amateur Extra`,
      ],
      [
        'SELECT COUNT(*), medical_license, radio_license FROM nurses GROUP BY medical_license, radio_license',
        '2 | LVN | NULL\n1 | RN | NULL\n2 | LVN | Technician\n1 | LVN | General\n1 | RN | Amateur Extra',
      ],
      [
        `SELECT COUNT(*), medical_license, radio_license, GROUPING(medical_license) AS grp_medical, GROUPING(radio_license) AS grp_radio
          FROM nurses GROUP BY GROUPING SETS (medical_license, radio_license)`,
        `2 | RN | NULL | 0 | 1
        5 | LVN | NULL | 0 | 1
        2 | NULL | Technician | 1 | 0
        1 | NULL | General | 1 | 0
        3 | NULL | NULL | 1 | 0
        1 | NULL | Amateur Extra | 1 | 0`,
      ],
    ],
  },
  {
    page: 'constructs/join',
    setup: [
      'CREATE OR REPLACE TABLE t1 (col1 INTEGER)',
      'INSERT INTO t1 (col1) VALUES (2), (3), (4)',
      'CREATE OR REPLACE TABLE t2 (col1 INTEGER)',
      'INSERT INTO t2 (col1) VALUES (1), (2), (2), (3)',
      'CREATE OR REPLACE TABLE t3 (col1 INTEGER)',
      'INSERT INTO t3 (col1) VALUES (2), (6)',
      'CREATE OR REPLACE TABLE d1 (id NUMBER, name VARCHAR)',
      "INSERT INTO d1 (id, name) VALUES (1,'a'), (2,'b'), (4,'c')",
      'CREATE OR REPLACE TABLE d2 (id NUMBER, value VARCHAR)',
      "INSERT INTO d2 (id, value) VALUES (1,'xx'), (2,'yy'), (5,'zz')",
    ],
    examples: [
      [
        'SELECT t1.col1, t2.col1 FROM t1 INNER JOIN t2 ON t2.col1 = t1.col1 ORDER BY 1,2',
        '2 | 2\n2 | 2\n3 | 3',
      ],
      [
        'SELECT t1.col1, t2.col1 FROM t1 LEFT OUTER JOIN t2 ON t2.col1 = t1.col1 ORDER BY 1,2',
        '2 | 2\n2 | 2\n3 | 3\n4 | NULL',
      ],
      [
        'SELECT t1.col1, t2.col1 FROM t1 RIGHT OUTER JOIN t2 ON t2.col1 = t1.col1 ORDER BY 1,2',
        '2 | 2\n2 | 2\n3 | 3\nNULL | 1',
      ],
      [
        'SELECT t1.col1, t2.col1 FROM t1 FULL OUTER JOIN t2 ON t2.col1 = t1.col1 ORDER BY 1,2',
        '2 | 2\n2 | 2\n3 | 3\n4 | NULL\nNULL | 1',
      ],
      [
        'SELECT t1.col1, t2.col1 FROM t1 CROSS JOIN t2 ORDER BY 1, 2',
        '2 | 1\n2 | 2\n2 | 2\n2 | 3\n3 | 1\n3 | 2\n3 | 2\n3 | 3\n4 | 1\n4 | 2\n4 | 2\n4 | 3',
      ],
      [
        'SELECT t1.col1, t2.col1 FROM t1 CROSS JOIN t2 WHERE t2.col1 = t1.col1 ORDER BY 1, 2',
        '2 | 2\n2 | 2\n3 | 3',
      ],
      ['SELECT * FROM d1 NATURAL INNER JOIN d2 ORDER BY id', '1 | a | xx\n2 | b | yy'],
      [
        'SELECT * FROM d1 NATURAL FULL OUTER JOIN d2 ORDER BY id',
        '1 | a | xx\n2 | b | yy\n4 | c | NULL\n5 | NULL | zz',
      ],
      [
        `SELECT t1.*, t2.*, t3.* FROM t1 LEFT OUTER JOIN t2 ON (t1.col1 = t2.col1) RIGHT OUTER JOIN t3 ON (t3.col1 = t2.col1) ORDER BY t1.col1`,
        '2 | 2 | 2\n2 | 2 | 2\nNULL | NULL | 6',
      ],
      [
        `SELECT t1.*, t2.*, t3.* FROM t1 LEFT OUTER JOIN (t2 RIGHT OUTER JOIN t3 ON (t3.col1 = t2.col1)) ON (t1.col1 = t2.col1) ORDER BY t1.col1`,
        '2 | 2 | 2\n2 | 2 | 2\n3 | NULL | NULL\n4 | NULL | NULL',
      ],
      [
        "WITH l AS (SELECT 'a' AS userid), r AS (SELECT 'b' AS userid) SELECT * FROM l LEFT JOIN r USING(userid)",
        'a',
      ],
      [
        "WITH l AS (SELECT 'a' AS userid), r AS (SELECT 'b' AS userid) SELECT l.userid as UI_L, r.userid as UI_R FROM l LEFT JOIN r USING(userid)",
        'a | NULL',
      ],
    ],
  },
  {
    page: 'operators-query',
    setup: OFFICES,
    examples: [
      [
        'SELECT postal_code FROM sales_office_postal_example INTERSECT SELECT postal_code FROM customer_postal_example ORDER BY postal_code',
        '94061\n98005',
      ],
      [
        'SELECT postal_code FROM sales_office_postal_example MINUS SELECT postal_code FROM customer_postal_example ORDER BY postal_code',
        '94070\n98116',
      ],
      [
        'SELECT postal_code FROM customer_postal_example MINUS SELECT postal_code FROM sales_office_postal_example ORDER BY postal_code',
        '94066\n98444',
      ],
      [
        `SELECT office_name office_or_customer, postal_code FROM sales_office_postal_example UNION
          SELECT customer, postal_code FROM customer_postal_example ORDER BY postal_code, 1 DESC`,
        `sales1 | 94061
        customer2 | 94061
        customer1 | 94066
        sales2 | 94070
        sales4 | 98005
        customer4 | 98005
        sales3 | 98116
        customer3 | 98444`,
      ],
      [
        'SELECT * FROM union_demo_column_order1 UNION BY NAME SELECT * FROM union_demo_column_order2 ORDER BY a',
        '1 | one\n2 | two\n3 | three\n4 | four',
      ],
      [
        'SELECT * FROM union_demo_column_order1 UNION ALL BY NAME SELECT * FROM union_demo_column_order2 ORDER BY a',
        '1 | one\n2 | two\n3 | three\n3 | three\n4 | four',
      ],
      [
        `SELECT office_name, postal_code FROM sales_office_postal_example UNION BY NAME
          SELECT customer, postal_code FROM customer_postal_example ORDER BY postal_code, 1`,
        `sales1 | 94061 | NULL
        NULL | 94061 | customer2
        NULL | 94066 | customer1
        sales2 | 94070 | NULL
        sales4 | 98005 | NULL
        NULL | 98005 | customer4
        sales3 | 98116 | NULL
        NULL | 98444 | customer3`,
      ],
      [
        `SELECT office_name AS office_or_customer, postal_code FROM sales_office_postal_example UNION BY NAME
          SELECT customer AS office_or_customer, postal_code FROM customer_postal_example ORDER BY postal_code, 1 DESC`,
        `sales1 | 94061
        customer2 | 94061
        customer1 | 94066
        sales2 | 94070
        sales4 | 98005
        customer4 | 98005
        sales3 | 98116
        customer3 | 98444`,
      ],
      ['SELECT v::VARCHAR FROM union_test1 UNION SELECT i::VARCHAR FROM union_test2', 'Smith, Jane\n42'],
    ],
    failing: [
      [
        'SELECT v FROM union_test1 UNION SELECT i FROM union_test2',
        '100038',
        "Numeric value 'Smith, Jane' is not recognized",
      ],
    ],
  },
  {
    page: 'constructs/order-by',
    setup: [
      'CREATE OR REPLACE TABLE my_sort_example(a NUMBER, s VARCHAR, b BOOLEAN)',
      `INSERT INTO my_sort_example VALUES (0, 'abc', TRUE), (0, 'abc', FALSE), (0, 'abc', NULL), (0, 'xyz', FALSE), (0, NULL, FALSE),
        (1, 'xyz', TRUE), (NULL, 'xyz', FALSE)`,
    ],
    examples: [
      [
        `SELECT column1 FROM VALUES ('a'), ('1'), ('B'), (null), ('2'), ('01'), ('05'), (' this'), ('this'), ('this and that'), ('&'), ('%')
          ORDER BY column1`,
        [
          [' this'],
          ['%'],
          ['&'],
          ['01'],
          ['05'],
          ['1'],
          ['2'],
          ['B'],
          ['a'],
          ['this'],
          ['this and that'],
          [null],
        ],
      ],
      [
        'SELECT column1 FROM VALUES (3), (4), (null), (1), (2), (6), (5), (0005), (.05), (.5), (.5000) ORDER BY column1',
        '0.05\n0.50\n0.50\n1.00\n2.00\n3.00\n4.00\n5.00\n5.00\n6.00\nNULL',
      ],
      ['SELECT column1 FROM VALUES (1), (null), (2), (null), (3) ORDER BY column1', '1\n2\n3\nNULL\nNULL'],
      [
        'SELECT column1 FROM VALUES (1), (null), (2), (null), (3) ORDER BY column1 DESC',
        'NULL\nNULL\n3\n2\n1',
      ],
      [
        'SELECT column1 FROM VALUES (1), (null), (2), (null), (3) ORDER BY column1 NULLS FIRST',
        'NULL\nNULL\n1\n2\n3',
      ],
      [
        `ALTER SESSION SET DEFAULT_NULL_ORDERING = 'FIRST';
        SELECT column1 FROM VALUES (1), (null), (2), (null), (3) ORDER BY column1`,
        'NULL\nNULL\n1\n2\n3',
      ],
      [
        'SELECT column1 FROM VALUES (1), (null), (2), (null), (3) ORDER BY column1 DESC',
        '3\n2\n1\nNULL\nNULL',
      ],
      [
        'SELECT column1 FROM VALUES (1), (null), (2), (null), (3) ORDER BY column1 NULLS LAST',
        '1\n2\n3\nNULL\nNULL',
      ],
      [
        `ALTER SESSION UNSET DEFAULT_NULL_ORDERING;
        SELECT * FROM my_sort_example ORDER BY ALL`,
        `0 | abc | false
        0 | abc | true
        0 | abc | NULL
        0 | xyz | false
        0 | NULL | false
        1 | xyz | true
        NULL | xyz | false`,
      ],
      [
        'SELECT b, s, a FROM my_sort_example ORDER BY ALL NULLS LAST',
        `false | abc | 0
        false | xyz | 0
        false | xyz | NULL
        false | NULL | 0
        true | abc | 0
        true | xyz | 1
        NULL | abc | 0`,
      ],
    ],
  },
  {
    page: 'functions/split_to_table',
    setup: [
      'CREATE OR REPLACE TABLE splittable (v VARCHAR)',
      "INSERT INTO splittable (v) VALUES ('a.b.c'), ('d'), ('')",
      'CREATE OR REPLACE TABLE authors_books_test (author VARCHAR, titles VARCHAR)',
      `INSERT INTO authors_books_test (author, titles) VALUES ('Nathaniel Hawthorne', 'The Scarlet Letter , The House of the Seven Gables,The Blithedale Romance'),
        ('Herman Melville', 'Moby Dick,The Confidence-Man')`,
    ],
    examples: [
      ["SELECT table1.value FROM TABLE(SPLIT_TO_TABLE('a.b', '.')) AS table1 ORDER BY table1.value", 'a\nb'],
      [
        "SELECT v, INDEX, VALUE FROM splittable, LATERAL SPLIT_TO_TABLE(splittable.v, '.') ORDER BY SEQ, INDEX",
        [
          ['a.b.c', '1', 'a'],
          ['a.b.c', '2', 'b'],
          ['a.b.c', '3', 'c'],
          ['d', '1', 'd'],
          ['', '1', ''],
        ],
      ],
      [
        "SELECT author, TRIM(value) AS title FROM authors_books_test, LATERAL SPLIT_TO_TABLE(titles, ',')",
        `Herman Melville | Moby Dick
        Herman Melville | The Confidence-Man
        Nathaniel Hawthorne | The Scarlet Letter
        Nathaniel Hawthorne | The House of the Seven Gables
        Nathaniel Hawthorne | The Blithedale Romance`,
      ],
    ],
  },
  {
    page: 'functions/generator',
    examples: [
      ['SELECT seq4() FROM TABLE(GENERATOR(ROWCOUNT => 10)) v ORDER BY 1', '0\n1\n2\n3\n4\n5\n6\n7\n8\n9'],
      [
        'SELECT COUNT(*), COUNT(DISTINCT u) FROM (SELECT seq4(), uniform(1, 10, 42) u FROM TABLE(GENERATOR(ROWCOUNT => 10)) v)',
        '10 | 1',
      ],
      ['SELECT seq4(), uniform(1, 10, RANDOM(12)) FROM TABLE(GENERATOR()) v ORDER BY 1', ''],
      ['SELECT seq4() FROM TABLE(GENERATOR(ROWCOUNT => null)) v', ''],
    ],
  },
];
