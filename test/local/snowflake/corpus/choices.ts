import type { Page } from './page.js';

const T = '(SELECT column1 FROM VALUES (1), (2), (NULL), (4))';

export const choices: Page[] = [
  {
    page: 'functions/decode',
    examples: [
      [
        `SELECT column1, decode(column1, 1, 'one', 2, 'two', NULL, '-NULL-', 'other') AS decode_result FROM ${T}`,
        [
          ['1', 'one'],
          ['2', 'two'],
          [null, '-NULL-'],
          ['4', 'other'],
        ],
      ],
      [
        `SELECT column1, decode(column1, 1, 'one', 2, 'two', NULL, '-NULL-') AS decode_result FROM ${T}`,
        [
          ['1', 'one'],
          ['2', 'two'],
          [null, '-NULL-'],
          ['4', null],
        ],
      ],
    ],
  },
  {
    page: 'functions/greatest',
    examples: [
      [
        'SELECT GREATEST(column1, column2, column3) FROM VALUES (1, 2, 3), (2, 4, -1), (3, 6, NULL)',
        [['3'], ['4'], [null]],
      ],
      [
        'SELECT GREATEST(column1, column2::FLOAT) FROM VALUES (1, 4.00), (2, -2.00), (3, 13.45)',
        [['4'], ['2'], ['13.45']],
      ],
    ],
  },
];
