import { page } from './documented.js';

const AGGR = `(SELECT column1 k, column2::DECIMAL(10,2) v FROM VALUES (1, 10), (1, 20), (1, 21), (2, 10), (2, 20), (2, 25), (2, 30), (3, NULL))`;

describe('aggregate functions, as documented', () => {
  page('functions/median', [
    [`SELECT MEDIAN(v) FROM ${AGGR} WHERE k > 3`, [[null]]],
    [
      `SELECT k, MEDIAN(v) FROM ${AGGR} GROUP BY k ORDER BY k`,
      [
        ['1', '20.00000'],
        ['2', '22.50000'],
        ['3', null],
      ],
    ],
  ]);
});
