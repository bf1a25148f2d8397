import type { Page } from './page.js';

export const windows: Page[] = [
  {
    page: 'functions/lag',
    setup: [
      'CREATE OR REPLACE TABLE sales(emp_id INTEGER, year INTEGER, revenue DECIMAL(10,2))',
      'INSERT INTO sales VALUES (0, 2010, 1000), (0, 2011, 1500), (0, 2012, 500), (0, 2013, 750)',
      'INSERT INTO sales VALUES (1, 2010, 10000), (1, 2011, 12500), (1, 2012, 15000), (1, 2013, 20000)',
      'INSERT INTO sales VALUES (2, 2012, 500), (2, 2013, 800)',
      'CREATE OR REPLACE TABLE t1 (col_1 NUMBER, col_2 NUMBER)',
      'INSERT INTO t1 VALUES (1, 5), (2, 4), (3, NULL), (4, 2), (5, NULL), (6, NULL), (7, 6)',
    ],
    examples: [
      [
        `SELECT emp_id, year, revenue, revenue - LAG(revenue, 1, 0) OVER (PARTITION BY emp_id ORDER BY year) AS diff_to_prev
          FROM sales ORDER BY emp_id, year`,
        `0 | 2010 | 1000.00 | 1000.00
        0 | 2011 | 1500.00 | 500.00
        0 | 2012 | 500.00 | -1000.00
        0 | 2013 | 750.00 | 250.00
        1 | 2010 | 10000.00 | 10000.00
        1 | 2011 | 12500.00 | 2500.00
        1 | 2012 | 15000.00 | 2500.00
        1 | 2013 | 20000.00 | 5000.00
        2 | 2012 | 500.00 | 500.00
        2 | 2013 | 800.00 | 300.00`,
      ],
      [
        'SELECT col_1, col_2, LAG(col_2) IGNORE NULLS OVER (ORDER BY col_1) FROM t1 ORDER BY col_1',
        '1 | 5 | NULL\n2 | 4 | 5\n3 | NULL | 4\n4 | 2 | 4\n5 | NULL | 2\n6 | NULL | 2\n7 | 6 | 2',
      ],
      [
        // The arguments' note: a negative offset is LEAD's.
        'SELECT col_1, LAG(col_1, -1) OVER (ORDER BY col_1) FROM t1 WHERE col_1 < 4 ORDER BY col_1',
        '1 | 2\n2 | 3\n3 | NULL',
      ],
    ],
  },
  {
    page: 'functions/nth_value',
    setup: [
      'CREATE OR REPLACE TABLE menu_items (menu_category VARCHAR, menu_item_name VARCHAR, menu_price_usd NUMBER(6, 2))',
      `INSERT INTO menu_items VALUES ('Dessert', 'Popsicle', 3), ('Dessert', 'Ice Cream Sandwich', 4), ('Dessert', 'Mango Sticky Rice', 5),
        ('Dessert', 'Sugar Cone', 6), ('Dessert', 'Waffle Cone', 6), ('Dessert', 'Two Scoop Bowl', 7)`,
    ],
    examples: [
      [
        `SELECT column1, column2, NTH_VALUE(column2, 2) OVER (PARTITION BY column1 ORDER BY column2) AS column2_2nd
          FROM VALUES (1, 10), (1, 11), (1, 12), (2, 20), (2, 21), (2, 22)`,
        '1 | 10 | 11\n1 | 11 | 11\n1 | 12 | 11\n2 | 20 | 21\n2 | 21 | 21\n2 | 22 | 21',
      ],
      [
        // Without the two items of one price, whose order is not defined.
        `SELECT menu_item_name, menu_price_usd,
          FIRST_VALUE(menu_price_usd) OVER (PARTITION BY menu_category ORDER BY menu_price_usd, menu_item_name ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS first_val,
          NTH_VALUE(menu_price_usd, 2) OVER (PARTITION BY menu_category ORDER BY menu_price_usd, menu_item_name ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS nth_val,
          LAST_VALUE(menu_price_usd) OVER (PARTITION BY menu_category ORDER BY menu_price_usd, menu_item_name ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS last_val
          FROM menu_items WHERE menu_category = 'Dessert' QUALIFY menu_price_usd <> 6 ORDER BY menu_price_usd`,
        `Popsicle | 3.00 | 3.00 | 4.00 | 4.00
        Ice Cream Sandwich | 4.00 | 3.00 | 4.00 | 5.00
        Mango Sticky Rice | 5.00 | 4.00 | 5.00 | 6.00
        Two Scoop Bowl | 7.00 | 6.00 | 7.00 | 7.00`,
      ],
    ],
  },
  {
    page: 'functions/rank',
    setup: [
      'CREATE OR REPLACE TABLE corn_production (farmer_id INTEGER, state VARCHAR, bushels FLOAT)',
      "INSERT INTO corn_production (farmer_id, state, bushels) VALUES (1, 'Iowa', 100), (2, 'Iowa', 110), (3, 'Kansas', 120), (4, 'Kansas', 130)",
    ],
    examples: [
      [
        'SELECT state, bushels, RANK() OVER (ORDER BY bushels DESC), DENSE_RANK() OVER (ORDER BY bushels DESC) FROM corn_production',
        'Kansas | 130 | 1 | 1\nKansas | 120 | 2 | 2\nIowa | 110 | 3 | 3\nIowa | 100 | 4 | 4',
      ],
      [
        `SELECT state, bushels, RANK() OVER (PARTITION BY state ORDER BY bushels DESC), DENSE_RANK() OVER (PARTITION BY state ORDER BY bushels DESC)
          FROM corn_production`,
        'Iowa | 110 | 1 | 1\nIowa | 100 | 2 | 2\nKansas | 130 | 1 | 1\nKansas | 120 | 2 | 2',
      ],
      [
        `INSERT INTO corn_production (farmer_id, state, bushels) VALUES (5, 'Iowa', 110);
        SELECT state, bushels, RANK() OVER (ORDER BY bushels DESC), DENSE_RANK() OVER (ORDER BY bushels DESC) FROM corn_production`,
        'Kansas | 130 | 1 | 1\nKansas | 120 | 2 | 2\nIowa | 110 | 3 | 3\nIowa | 110 | 3 | 3\nIowa | 100 | 5 | 4',
      ],
    ],
  },
  {
    page: 'functions/percent_rank',
    examples: [
      [
        // The prices are made up: the page shows the ranks of ten of its trades only.
        `SELECT column1, PERCENT_RANK() OVER (PARTITION BY column1 ORDER BY column2) FROM VALUES ('C', 1), ('C', 2), ('C', 3),
          ('N', 1), ('N', 2), ('N', 3), ('N', 4), ('N', 4), ('N', 6)`,
        'C | 0\nC | 0.5\nC | 1\nN | 0\nN | 0.2\nN | 0.4\nN | 0.6\nN | 0.6\nN | 1',
      ],
    ],
  },
  {
    page: 'constructs/qualify',
    setup: [
      'CREATE OR REPLACE TABLE qt (i INTEGER, p CHAR(1), o INTEGER)',
      "INSERT INTO qt (i, p, o) VALUES (1, 'A', 1), (2, 'A', 2), (3, 'B', 1), (4, 'B', 2)",
    ],
    examples: [
      [
        'SELECT * FROM (SELECT i, p, o, ROW_NUMBER() OVER (PARTITION BY p ORDER BY o) AS row_num FROM qt) WHERE row_num = 1',
        '1 | A | 1 | 1\n3 | B | 1 | 1',
      ],
      [
        'SELECT i, p, o FROM qt QUALIFY ROW_NUMBER() OVER (PARTITION BY p ORDER BY o) = 1',
        '1 | A | 1\n3 | B | 1',
      ],
      [
        'SELECT i, p, o, ROW_NUMBER() OVER (PARTITION BY p ORDER BY o) AS row_num FROM qt QUALIFY row_num = 1',
        '1 | A | 1 | 1\n3 | B | 1 | 1',
      ],
      [
        'SELECT i, p, o, ROW_NUMBER() OVER (PARTITION BY p ORDER BY o) AS row_num FROM qt',
        '1 | A | 1 | 1\n2 | A | 2 | 2\n3 | B | 1 | 1\n4 | B | 2 | 2',
      ],
    ],
  },
];
