import type { Page } from './page.js';

const AGGR = `(SELECT column1 k, column2::DECIMAL(10,2) v FROM VALUES (1, 10), (1, 20), (1, 21), (2, 10), (2, 20), (2, 25), (2, 30), (3, NULL))`;

const ORDERS = `(SELECT column1 o_orderkey, column2 o_orderstatus, column3 o_clerk, column4::NUMBER(12,2) o_totalprice FROM VALUES
  (32123, 'O', 'Clerk#000000321', 321.23), (41445, 'F', 'Clerk#000000386', 1041445.00), (55937, 'O', 'Clerk#000000114', 1055937.00),
  (67781, 'F', 'Clerk#000000521', 1067781.00), (80550, 'O', 'Clerk#000000411', 1080550.00), (95808, 'F', 'Clerk#000000136', 1095808.00),
  (101700, 'O', 'Clerk#000000220', 1101700.00), (103136, 'F', 'Clerk#000000508', 1103136.00))`;

export const orderedAggregates: Page[] = [
  {
    page: 'functions/median',
    examples: [
      [`SELECT MEDIAN(v) FROM ${AGGR} WHERE k > 3`, [[null]]],
      [
        `SELECT k, MEDIAN(v) FROM ${AGGR} GROUP BY k ORDER BY k`,
        [
          ['1', '20.00000'],
          ['2', '22.50000'],
          ['3', null],
        ],
      ],
    ],
  },

  {
    page: 'functions/percentile_cont',
    examples: [
      [
        `SELECT k, PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY v) FROM (SELECT column1 k, column2::DECIMAL(10,2) v
        FROM VALUES (0, 0), (0, 10), (0, 20), (0, 30), (0, 40), (1, 10), (1, 20), (2, 10), (2, 20), (2, 25), (2, 30),
        (3, 60), (4, NULL)) GROUP BY k ORDER BY k`,
        [
          ['0', '10.00000'],
          ['1', '12.50000'],
          ['2', '17.50000'],
          ['3', '60.00000'],
          ['4', null],
        ],
      ],
    ],
  },
  {
    page: 'functions/array_agg',
    examples: [
      [
        `SELECT ARRAY_AGG(o_orderkey) WITHIN GROUP (ORDER BY o_orderkey ASC) FROM ${ORDERS} WHERE o_totalprice > 450000`,
        [['[41445,55937,67781,80550,95808,101700,103136]']],
      ],
      [
        `SELECT ARRAY_AGG(DISTINCT o_orderstatus) WITHIN GROUP (ORDER BY o_orderstatus ASC) FROM ${ORDERS} WHERE o_totalprice > 450000`,
        [['["F","O"]']],
      ],
      [
        `SELECT o_orderstatus, ARRAYAGG(o_clerk) WITHIN GROUP (ORDER BY o_totalprice DESC) FROM ${ORDERS}
        WHERE o_totalprice > 450000 GROUP BY o_orderstatus ORDER BY o_orderstatus DESC`,
        [
          ['O', '["Clerk#000000220","Clerk#000000411","Clerk#000000114"]'],
          ['F', '["Clerk#000000508","Clerk#000000136","Clerk#000000521","Clerk#000000386"]'],
        ],
      ],
      [
        `WITH data AS (SELECT 1 a, [1,3,2,4,7,8,10] b UNION ALL SELECT 2, [1,3,2,4,7,8,10]),
        array_data AS (SELECT 'Ord'||a o_orderkey, 'c'||value o_clerk, index FROM data, TABLE(FLATTEN(b)))
        SELECT o_orderkey, ARRAY_AGG(o_clerk) OVER(PARTITION BY o_orderkey ORDER BY index
        ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS result FROM array_data ORDER BY o_orderkey, index LIMIT 5`,
        [
          ['Ord1', '["c1"]'],
          ['Ord1', '["c1","c3"]'],
          ['Ord1', '["c1","c3","c2"]'],
          ['Ord1', '["c1","c3","c2","c4"]'],
          ['Ord1', '["c3","c2","c4","c7"]'],
        ],
      ],
    ],
  },
  {
    page: 'functions/listagg',
    examples: [
      [
        `SELECT o_orderstatus, LISTAGG(o_clerk, ', ') WITHIN GROUP (ORDER BY o_totalprice DESC) FROM ${ORDERS}
        WHERE o_totalprice > 1080000 GROUP BY o_orderstatus ORDER BY 1`,
        [
          ['F', 'Clerk#000000508, Clerk#000000136'],
          ['O', 'Clerk#000000220, Clerk#000000411'],
        ],
      ],
      [
        `SELECT LISTAGG(DISTINCT o_orderstatus, '|') WITHIN GROUP (ORDER BY o_orderstatus) FROM ${ORDERS}`,
        [['F|O']],
      ],
      [`SELECT LISTAGG(o_clerk) FROM ${ORDERS} WHERE o_totalprice < 0`, [['']]],
    ],
  },
];
