import type { Page } from './page.js';

export const rankings: Page[] = [
  {
    page: 'functions/ratio_to_report',
    setup: [
      'CREATE OR REPLACE TABLE store_profit ( store_ID INTEGER, province VARCHAR, profit NUMERIC(11, 2))',
      "INSERT INTO store_profit (store_ID, province, profit) VALUES (1, 'Ontario', 300), (2, 'Saskatchewan', 250), (3, 'Ontario', 450), (4, 'Ontario', NULL)",
    ],
    examples: [
      [
        'SELECT store_ID, profit, 100 * RATIO_TO_REPORT(profit) OVER () AS percent_profit FROM store_profit ORDER BY store_ID',
        `1 | 300.00 | 30.00000000
2 | 250.00 | 25.00000000
3 | 450.00 | 45.00000000
4 | NULL | NULL`,
      ],
      [
        'SELECT province, store_ID, profit, 100 * RATIO_TO_REPORT(profit) OVER (PARTITION BY province) AS percent_profit FROM store_profit ORDER BY province, store_ID',
        `Ontario | 1 | 300.00 | 40.00000000
Ontario | 3 | 450.00 | 60.00000000
Ontario | 4 | NULL | NULL
Saskatchewan | 2 | 250.00 | 100.00000000`,
      ],
    ],
  },
  {
    page: 'functions/lead',
    setup: [
      'CREATE OR REPLACE TABLE sales(emp_id INTEGER, year INTEGER, revenue DECIMAL(10,2))',
      'INSERT INTO sales VALUES (0, 2010, 1000), (0, 2011, 1500), (0, 2012, 500), (0, 2013, 750)',
      'INSERT INTO sales VALUES (1, 2010, 10000), (1, 2011, 12500), (1, 2012, 15000), (1, 2013, 20000)',
      'INSERT INTO sales VALUES (2, 2012, 500), (2, 2013, 800)',
      'CREATE OR REPLACE TABLE t1 (c1 NUMBER, c2 NUMBER)',
      'INSERT INTO t1 VALUES (1,5),(2,4),(3,NULL),(4,2),(5,NULL),(6,NULL),(7,6)',
    ],
    examples: [
      [
        'SELECT emp_id, year, revenue, LEAD(revenue) OVER (PARTITION BY emp_id ORDER BY year) - revenue AS diff_to_next FROM sales ORDER BY emp_id, year',
        `0 | 2010 | 1000.00 | 500.00
0 | 2011 | 1500.00 | -1000.00
0 | 2012 | 500.00 | 250.00
0 | 2013 | 750.00 | NULL
1 | 2010 | 10000.00 | 2500.00
1 | 2011 | 12500.00 | 2500.00
1 | 2012 | 15000.00 | 5000.00
1 | 2013 | 20000.00 | NULL
2 | 2012 | 500.00 | 300.00
2 | 2013 | 800.00 | NULL`,
      ],
      [
        'SELECT c1, c2, LEAD(c2) IGNORE NULLS OVER (ORDER BY c1) FROM t1',
        `1 | 5 | 4
2 | 4 | 2
3 | NULL | 2
4 | 2 | 6
5 | NULL | 6
6 | NULL | 6
7 | 6 | NULL`,
      ],
    ],
  },
  {
    page: 'user-guide/functions-window-using',
    setup: [
      'CREATE TRANSIENT TABLE store_sales ( branch_ID    INTEGER, city        VARCHAR, gross_sales NUMERIC(9, 2), gross_costs NUMERIC(9, 2), net_profit  NUMERIC(9, 2) )',
      "INSERT INTO store_sales (branch_ID, city, gross_sales, gross_costs) VALUES (1, 'Vancouver', 110000, 100000), (2, 'Vancouver', 140000, 125000), (3, 'Montreal', 150000, 140000), (4, 'Montreal', 155000, 146000)",
      'UPDATE store_sales SET net_profit = gross_sales - gross_costs',
      'CREATE OR REPLACE TABLE store_sales_2 ( day INTEGER, sales_today INTEGER )',
      'INSERT INTO store_sales_2 (day, sales_today) VALUES (1, 10), (2, 14), (3,  6), (4,  6), (5, 14), (6, 16), (7, 18)',
      'CREATE OR REPLACE TABLE sales (sales_date DATE, quantity INTEGER)',
      "INSERT INTO sales (sales_date, quantity) VALUES ('2018-01-01', 1), ('2018-01-02', 3), ('2018-01-03', 5), ('2018-02-01', 2)",
    ],
    examples: [
      [
        'SELECT branch_ID, net_profit AS store_profit, (SELECT SUM(net_profit) FROM store_sales) AS chain_profit, store_profit / chain_profit * 100 AS store_percentage_of_chain_profit FROM store_sales ORDER BY branch_ID',
        `1 | 10000.00 | 44000.00 | 22.72727300
2 | 15000.00 | 44000.00 | 34.09090900
3 | 10000.00 | 44000.00 | 22.72727300
4 | 9000.00 | 44000.00 | 20.45454500`,
      ],
      [
        'SELECT branch_ID, net_profit AS store_profit, (SELECT SUM(net_profit) FROM store_sales AS s2 WHERE s2.city = s1.city) AS city_profit, store_profit / city_profit * 100 AS store_percentage_of_city_profit FROM store_sales AS s1 ORDER BY branch_ID',
        `1 | 10000.00 | 25000.00 | 40.00000000
2 | 15000.00 | 25000.00 | 60.00000000
3 | 10000.00 | 19000.00 | 52.63157900
4 | 9000.00 | 19000.00 | 47.36842100`,
      ],
      [
        'SELECT branch_ID, city, 100 * RATIO_TO_REPORT(net_profit) OVER (PARTITION BY city) FROM store_sales AS s1 ORDER BY city, branch_ID',
        `3 | Montreal | 52.63157900
4 | Montreal | 47.36842100
1 | Vancouver | 40.00000000
2 | Vancouver | 60.00000000`,
      ],
      [
        'SELECT branch_ID, 100 * RATIO_TO_REPORT(net_profit) OVER () FROM store_sales AS s1 ORDER BY branch_ID',
        `1 | 22.72727300
2 | 34.09090900
3 | 22.72727300
4 | 20.45454500`,
      ],
      [
        'SELECT city, branch_ID, net_profit, RANK() OVER (PARTITION BY city ORDER BY net_profit DESC) AS rank FROM store_sales ORDER BY city, rank',
        `Montreal | 3 | 10000.00 | 1
Montreal | 4 | 9000.00 | 2
Vancouver | 2 | 15000.00 | 1
Vancouver | 1 | 10000.00 | 2`,
      ],
      ['SELECT SUM(net_profit) FROM store_sales', '44000.00'],
      [
        'SELECT branch_ID, SUM(net_profit) OVER () FROM store_sales ORDER BY branch_id',
        `1 | 44000.00
2 | 44000.00
3 | 44000.00
4 | 44000.00`,
      ],
      [
        'SELECT day, sales_today, RANK() OVER (ORDER BY sales_today DESC) AS Rank FROM store_sales_2 ORDER BY day',
        `1 | 10 | 5
2 | 14 | 3
3 | 6 | 6
4 | 6 | 6
5 | 14 | 3
6 | 16 | 2
7 | 18 | 1`,
      ],
      [
        'SELECT day, sales_today, SUM(sales_today) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "SALES SO FAR THIS WEEK" FROM store_sales_2 ORDER BY day',
        `1 | 10 | 10
2 | 14 | 24
3 | 6 | 30
4 | 6 | 36
5 | 14 | 50
6 | 16 | 66
7 | 18 | 84`,
      ],
      [
        'SELECT day, sales_today, SUM(sales_today) OVER () AS total_sales FROM store_sales_2 ORDER BY day',
        `1 | 10 | 84
2 | 14 | 84
3 | 6 | 84
4 | 6 | 84
5 | 14 | 84
6 | 16 | 84
7 | 18 | 84`,
      ],
      [
        'SELECT MONTH(sales_date) AS MONTH_NUM, SUM(quantity) OVER (PARTITION BY MONTH(sales_date)) AS QUANTITY FROM sales ORDER BY sales_date',
        `1 | 9
1 | 9
1 | 9
2 | 2`,
      ],
      [
        'SELECT DISTINCT MONTH(sales_date) AS MONTH_NUM, SUM(quantity) OVER (PARTITION BY MONTH(sales_date)) FROM sales ORDER BY MONTH_NUM',
        `1 | 9
2 | 2`,
      ],
      [
        'SELECT MONTH(sales_date) AS MONTH_NUM, SUM(quantity) FROM sales GROUP BY MONTH_NUM ORDER BY MONTH_NUM',
        `1 | 9
2 | 2`,
      ],
    ],
  },
];
