import type { Page } from './page.js';

const ORDERS = `CREATE OR REPLACE TABLE orders AS
  SELECT 1 AS order_id, '2024-01-01' AS order_date, [{'item':'UHD Monitor', 'quantity':3, 'subtotal':1500},
    {'item':'Business Printer', 'quantity':1, 'subtotal':1200}] AS order_detail
  UNION
  SELECT 2 AS order_id, '2024-01-02' AS order_date, [{'item':'Laptop', 'quantity':5, 'subtotal':7500},
    {'item':'Noise-canceling Headphones', 'quantity':5, 'subtotal':1000}] AS order_detail`;

const PEOPLE = `[{'name':'Pat', 'value': 50}, {'name':'Terry', 'value': 75}, {'name':'Dana', 'value': 25}]`;

export const lambdas: Page[] = [
  {
    page: 'functions/filter',
    setup: [
      ORDERS,
      `CREATE OR REPLACE TABLE filter_column_ref_demo AS SELECT [ 10, 15, 20 ] AS col1, 18 AS col2
        UNION SELECT [ 30, 50, 70 ] AS col1, 40 AS col2`,
    ],
    examples: [
      [
        `SELECT FILTER(${PEOPLE}, a -> a:value >= 50) AS "Filter >= 50"`,
        '[{"name":"Pat","value":50},{"name":"Terry","value":75}]',
      ],
      ['SELECT FILTER([1, NULL, 3, 5, NULL], a -> a IS NOT NULL) AS "Not NULL Elements"', '[1,3,5]'],
      [
        'SELECT order_id, order_date, FILTER(o.order_detail, i -> i:subtotal >= 1500) AS order_detail_gt_equal_1500 FROM orders o',
        `1 | 2024-01-01 | [{"item":"UHD Monitor","quantity":3,"subtotal":1500}]
        2 | 2024-01-02 | [{"item":"Laptop","quantity":5,"subtotal":7500}]`,
      ],
      ['SELECT FILTER(col1, v -> v < col2) AS filter_col_ref FROM filter_column_ref_demo', '[10,15]\n[30]'],
    ],
  },
  {
    page: 'functions/transform',
    setup: [
      `CREATE OR REPLACE TABLE transform_column_ref_demo AS SELECT [ 1, 2, 3 ] AS col1, 10 AS col2
        UNION SELECT [ 4, 5, 6 ] AS col1, -1 AS col2`,
    ],
    examples: [
      ['SELECT TRANSFORM([1, 2, 3], a INT -> a * 2) AS "Multiply by Two"', '[2,4,6]'],
      [
        `SELECT TRANSFORM(${PEOPLE}, c -> c:value || ' is the number') AS "Return Values"`,
        '["50 is the number","75 is the number","25 is the number"]',
      ],
      [
        `SELECT order_id, order_date, TRANSFORM(o.order_detail, i -> OBJECT_INSERT(i, 'unit_price',
          (i:subtotal / i:quantity)::NUMERIC(10,2))) AS order_detail_with_unit_price FROM orders o`,
        `1 | 2024-01-01 | [{"item":"UHD Monitor","quantity":3,"subtotal":1500,"unit_price":500},{"item":"Business Printer","quantity":1,"subtotal":1200,"unit_price":1200}]
        2 | 2024-01-02 | [{"item":"Laptop","quantity":5,"subtotal":7500,"unit_price":1500},{"item":"Noise-canceling Headphones","quantity":5,"subtotal":1000,"unit_price":200}]`,
      ],
      [
        `SELECT order_id, order_date, TRANSFORM(o.order_detail, i -> OBJECT_DELETE(i, 'quantity')) AS order_detail_without_quantity FROM orders o`,
        `1 | 2024-01-01 | [{"item":"UHD Monitor","subtotal":1500},{"item":"Business Printer","subtotal":1200}]
        2 | 2024-01-02 | [{"item":"Laptop","subtotal":7500},{"item":"Noise-canceling Headphones","subtotal":1000}]`,
      ],
      [
        'SELECT TRANSFORM(col1, v INT -> v + col2) AS transform_col_ref FROM transform_column_ref_demo',
        '[11,12,13]\n[3,4,5]',
      ],
    ],
  },
  {
    page: 'functions/reduce',
    setup: [
      `CREATE OR REPLACE TABLE reduce_column_ref_demo AS SELECT [ 1, 2, 3 ] AS col1, 0 AS col2
        UNION SELECT [ 1, 2, 3 ] AS col1, 10 AS col2`,
    ],
    examples: [
      ['SELECT REDUCE([1,2,3], 0, (acc, val) -> acc + val) AS sum_of_values', '6'],
      ['SELECT REDUCE([1,2,3], 10, (acc, val) -> acc + val) AS sum_of_values_plus_10', '16'],
      ['SELECT REDUCE([1,2,3], 0, (acc, val) -> acc + val * val) AS sum_of_squares', '14'],
      [
        'SELECT REDUCE([1,NULL,2,NULL,3,4], 0, (acc, val) -> acc + ZEROIFNULL(val)) AS sum_of_values_skip_null',
        '10',
      ],
      [`SELECT REDUCE(['a', 'b', 'c'], '', (acc, val) -> acc || ' ' || val) AS string_values`, [[' a b c']]],
      [
        'SELECT REDUCE([1, 2, 3, 4], [], (acc, val) -> ARRAY_PREPEND(acc, val)) AS reverse_order',
        '[4,3,2,1]',
      ],
      [
        'SELECT REDUCE([5,10,15], 0, (acc, val) -> IFF(val < 7, acc + val * val, acc + val)) AS conditional_logic',
        '50',
      ],
      [
        'SELECT order_id, order_date, REDUCE(o.order_detail, 0, (acc, val) -> acc + val:subtotal) AS subtotal_sum FROM orders o',
        '1 | 2024-01-01 | 2700\n2 | 2024-01-02 | 8500',
      ],
      [
        String.raw`SELECT REDUCE(o.order_detail, '', (acc, val) -> val:item || '\n' || acc) AS items_sold FROM orders o`,
        [['Business Printer\nUHD Monitor\n'], ['Noise-canceling Headphones\nLaptop\n']],
      ],
      [
        'SELECT REDUCE(col1, 10, (acc, val) -> (acc + col2) + val) AS reduce_col_ref FROM reduce_column_ref_demo',
        '16\n46',
      ],
    ],
  },
  {
    page: 'functions/arrays_zip',
    examples: [
      ['SELECT ARRAYS_ZIP([1, 2, 3]) AS zipped_array', '[{"$1":1},{"$1":2},{"$1":3}]'],
      [
        "SELECT ARRAYS_ZIP([1, 2, 3], ['one'], ['I', 'II']) AS zipped_array",
        '[{"$1":1,"$2":"one","$3":"I"},{"$1":2,"$2":null,"$3":"II"},{"$1":3,"$2":null,"$3":null}]',
      ],
      ['SELECT ARRAYS_ZIP([1, 2, 3], NULL, [100, 200, 300]) AS zipped_array', 'NULL'],
      ['SELECT ARRAYS_ZIP([], [], []) AS zipped_array', '[{}]'],
      [
        'SELECT ARRAYS_ZIP([1, NULL, 3], [NULL, 20, NULL], [100, NULL, 300]) AS zipped_array',
        '[{"$1":1,"$2":null,"$3":100},{"$1":null,"$2":20,"$3":null},{"$1":3,"$2":null,"$3":300}]',
      ],
    ],
  },
];
