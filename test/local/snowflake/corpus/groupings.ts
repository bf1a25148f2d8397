import type { Page } from './page.js';

export const groupings: Page[] = [
  {
    page: 'constructs/group-by-cube',
    setup: [
      'CREATE OR REPLACE TABLE products (product_ID INTEGER, wholesale_price REAL)',
      'INSERT INTO products (product_ID, wholesale_price) VALUES (1, 1.00), (2, 2.00)',
      'CREATE OR REPLACE TABLE sales (product_ID INTEGER, retail_price REAL, quantity INTEGER, city VARCHAR, state VARCHAR)',
      "INSERT INTO sales (product_id, retail_price, quantity, city, state) VALUES (1, 2.00,  1, 'SF', 'CA'), (1, 2.00,  2, 'SJ', 'CA'), (2, 5.00,  4, 'SF', 'CA'), (2, 5.00,  8, 'SJ', 'CA'), (2, 5.00, 16, 'Miami', 'FL'), (2, 5.00, 32, 'Orlando', 'FL'), (2, 5.00, 64, 'SJ', 'PR')",
    ],
    examples: [
      [
        'SELECT state, city, SUM((s.retail_price - p.wholesale_price) * s.quantity) AS profit FROM products AS p, sales AS s WHERE s.product_ID = p.product_ID GROUP BY CUBE (state, city) ORDER BY state, city NULLS LAST',
        `CA | SF | 13
CA | SJ | 26
CA | NULL | 39
FL | Miami | 48
FL | Orlando | 96
FL | NULL | 144
PR | SJ | 192
PR | NULL | 192
NULL | Miami | 48
NULL | Orlando | 96
NULL | SF | 13
NULL | SJ | 218
NULL | NULL | 375`,
      ],
    ],
  },
  {
    page: 'constructs/group-by-rollup',
    setup: [
      'CREATE OR REPLACE TABLE products (product_ID INTEGER, wholesale_price REAL)',
      'INSERT INTO products (product_ID, wholesale_price) VALUES (1, 1.00), (2, 2.00)',
      'CREATE OR REPLACE TABLE sales (product_ID INTEGER, retail_price REAL, quantity INTEGER, city VARCHAR, state VARCHAR)',
      "INSERT INTO sales (product_id, retail_price, quantity, city, state) VALUES (1, 2.00,  1, 'SF', 'CA'), (1, 2.00,  2, 'SJ', 'CA'), (2, 5.00,  4, 'SF', 'CA'), (2, 5.00,  8, 'SJ', 'CA'), (2, 5.00, 16, 'Miami', 'FL'), (2, 5.00, 32, 'Orlando', 'FL'), (2, 5.00, 64, 'SJ', 'PR')",
    ],
    examples: [
      [
        'SELECT state, city, SUM((s.retail_price - p.wholesale_price) * s.quantity) AS profit FROM products AS p, sales AS s WHERE s.product_ID = p.product_ID GROUP BY ROLLUP (state, city) ORDER BY state, city NULLS LAST',
        `CA | SF | 13
CA | SJ | 26
CA | NULL | 39
FL | Miami | 48
FL | Orlando | 96
FL | NULL | 144
PR | SJ | 192
PR | NULL | 192
NULL | NULL | 375`,
      ],
    ],
  },
];
