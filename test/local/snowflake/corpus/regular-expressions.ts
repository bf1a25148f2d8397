import type { Page } from './page.js';

const MESSAGES = `(SELECT column1 body FROM VALUES ('Hellooo World'), ('How are you doing today?'),
  ('the quick brown fox jumps over the lazy dog'), ('PACK MY BOX WITH FIVE DOZEN LIQUOR JUGS'))`;
const CANAL = "(SELECT 'A MAN A PLAN A CANAL' string1)";
const DEMO = `(SELECT column1 id, column2 string1 FROM VALUES (2, 'It was the best of times, it was the worst of times.'),
  (3, 'In    the   string   the   extra   spaces  are   redundant.'), (4, 'A thespian theater is nearby.'))`;

export const regularExpressions: Page[] = [
  {
    page: 'functions/split_part',
    examples: [
      [
        `SELECT column1 part_number_value, column2 portion FROM VALUES (0, SPLIT_PART('11.22.33', '.', 0)),
        (1, SPLIT_PART('11.22.33', '.', 1)), (2, SPLIT_PART('11.22.33', '.', 2)), (3, SPLIT_PART('11.22.33', '.', 3)),
        (4, SPLIT_PART('11.22.33', '.', 4)), (-1, SPLIT_PART('11.22.33', '.', -1)), (-2, SPLIT_PART('11.22.33', '.', -2)),
        (-3, SPLIT_PART('11.22.33', '.', -3)), (-4, SPLIT_PART('11.22.33', '.', -4))`,
        [
          ['0', '11'],
          ['1', '11'],
          ['2', '22'],
          ['3', '33'],
          ['4', ''],
          ['-1', '33'],
          ['-2', '22'],
          ['-3', '11'],
          ['-4', ''],
        ],
      ],
      ["SELECT SPLIT_PART('127.0.0.1', '.', 1), SPLIT_PART('127.0.0.1', '.', -1)", [['127', '1']]],
      ["SELECT SPLIT_PART('|a|b|c|', '|', 1), SPLIT_PART('|a|b|c|', '|', 2)", [['', 'a']]],
      ["SELECT SPLIT_PART('aaa--bbb-BBB--ccc', '--', 2)", [['bbb-BBB']]],
      [
        `SELECT column1, column2 FROM VALUES (1, SPLIT_PART('user@snowflake.com', '', 1)), (-1, SPLIT_PART('user@snowflake.com', '', -1)),
        (2, SPLIT_PART('user@snowflake.com', '', 2)), (-2, SPLIT_PART('user@snowflake.com', '', -2))`,
        [
          ['1', 'user@snowflake.com'],
          ['-1', 'user@snowflake.com'],
          ['2', ''],
          ['-2', ''],
        ],
      ],
      [
        `SELECT STRTOK('data1||data2|-data3---data4', '|-', 1), STRTOK('data1||data2|-data3---data4', '|-', 2),
        STRTOK('data1||data2|-data3---data4', '|-', 3), STRTOK('data1||data2|-data3---data4', '|-', 4),
        SPLIT_PART('data1||data2|-data3---data4', '|-', 1), SPLIT_PART('data1||data2|-data3---data4', '|-', 2),
        SPLIT_PART('data1||data2|-data3---data4', '|-', 3)`,
        [['data1', 'data2', 'data3', 'data4', 'data1||data2', 'data3---data4', '']],
      ],
    ],
  },
  {
    page: 'functions/regexp_substr',
    examples: [
      [
        `SELECT id, REGEXP_SUBSTR(string1, 'the\\\\W+\\\\w+') FROM ${DEMO} ORDER BY id`,
        [
          ['2', 'the best'],
          ['3', 'the   string'],
          ['4', null],
        ],
      ],
      [
        `SELECT id, REGEXP_SUBSTR(string1, 'the\\\\W+\\\\w+', 1, 2) FROM ${DEMO} ORDER BY id`,
        [
          ['2', 'the worst'],
          ['3', 'the   extra'],
          ['4', null],
        ],
      ],
      [
        `SELECT id, REGEXP_SUBSTR(string1, 'the\\\\W+(\\\\w+)', 1, 2, 'e', 1) FROM ${DEMO} ORDER BY id`,
        [
          ['2', 'worst'],
          ['3', 'extra'],
          ['4', null],
        ],
      ],
      [
        `SELECT REGEXP_SUBSTR(string1, 'A\\\\W+(\\\\w+)', 1, 1, 'e', 1), REGEXP_SUBSTR(string1, 'A\\\\W+(\\\\w+)', 1, 2, 'e', 1),
        REGEXP_SUBSTR(string1, 'A\\\\W+(\\\\w+)', 1, 3, 'e', 1), REGEXP_SUBSTR(string1, 'A\\\\W+(\\\\w+)', 1, 4, 'e', 1) FROM ${CANAL}`,
        [['MAN', 'PLAN', 'CANAL', null]],
      ],
      [
        `SELECT REGEXP_SUBSTR(string1, 'A\\\\W+(\\\\w)(\\\\w)(\\\\w)', 1, 1, 'e', 1), REGEXP_SUBSTR(string1, 'A\\\\W+(\\\\w)(\\\\w)(\\\\w)', 1, 1, 'e', 2),
        REGEXP_SUBSTR(string1, 'A\\\\W+(\\\\w)(\\\\w)(\\\\w)', 1, 1, 'e', 3) FROM ${CANAL}`,
        [['M', 'A', 'N']],
      ],
      [
        `SELECT REGEXP_SUBSTR(body, '\\\\b\\\\S*o\\\\S*\\\\b') FROM ${MESSAGES}`,
        [['Hellooo'], ['How'], ['brown'], [null]],
      ],
      [
        `SELECT REGEXP_SUBSTR(body, '\\\\b\\\\S*o\\\\S*\\\\b', 3) FROM ${MESSAGES}`,
        [['llooo'], ['you'], ['brown'], [null]],
      ],
      [
        `SELECT REGEXP_SUBSTR(body, '\\\\b\\\\S*o\\\\S*\\\\b', 3, 3) FROM ${MESSAGES}`,
        [[null], ['today'], ['over'], [null]],
      ],
      [
        `SELECT REGEXP_SUBSTR(body, '\\\\b\\\\S*o\\\\S*\\\\b', 3, 3, 'i') FROM ${MESSAGES}`,
        [[null], ['today'], ['over'], ['LIQUOR']],
      ],
      [
        `SELECT REGEXP_SUBSTR(body, '(H\\\\S*o\\\\S*\\\\b).*', 1, 1, '') FROM ${MESSAGES}`,
        [['Hellooo World'], ['How are you doing today?'], [null], [null]],
      ],
      [
        `SELECT id, REGEXP_SUBSTR(a, '[[:punct:]][[:alnum:]]+[[:punct:]]', 1, 2)
        FROM (SELECT column1 id, column2 a FROM VALUES (1, ',abc,def,ghi,jkl,'), (2, ',abc,,def,,ghi,,jkl,')) ORDER BY id`,
        [
          ['1', ',ghi,'],
          ['2', ',def,'],
        ],
      ],
    ],
  },

  {
    page: 'functions/regexp_replace',
    examples: [
      [`SELECT REGEXP_REPLACE('Customers - (NY)','\\\\(|\\\\)','') AS customers`, [['Customers - NY']]],
      [
        "SELECT REGEXP_REPLACE('It was the best of times, it was the worst of times', '( ){1,}', '')",
        [['Itwasthebestoftimes,itwastheworstoftimes']],
      ],
      [
        "SELECT REGEXP_REPLACE('It was the best of times, it was the worst of times', 'times', 'days', 1, 2)",
        [['It was the best of times, it was the worst of days']],
      ],
      [
        `SELECT REGEXP_REPLACE('firstname middlename lastname', '(.*) (.*) (.*)', '\\\\3, \\\\1 \\\\2')`,
        [['lastname, firstname middlename']],
      ],
      [`SELECT REGEXP_REPLACE(body, '()', '*') FROM ${MESSAGES} LIMIT 1`, [['*H*e*l*l*o*o*o* *W*o*r*l*d*']]],
      [
        `SELECT REGEXP_REPLACE(body, '[aeiou]', '', 1, 0, 'i') FROM ${MESSAGES}`,
        [
          ['Hll Wrld'],
          ['Hw r y dng tdy?'],
          ['th qck brwn fx jmps vr th lzy dg'],
          ['PCK MY BX WTH FV DZN LQR JGS'],
        ],
      ],
      [
        `SELECT REGEXP_REPLACE(body, '\\\\b(\\\\S*)o(\\\\S*)\\\\b', '\\\\2@@\\\\1') FROM ${MESSAGES}`,
        [
          ['@@Helloo rld@@W'],
          ['w@@H are u@@y ing@@d day@@t?'],
          ['the quick wn@@br x@@f jumps ver@@ the lazy g@@d'],
          ['PACK MY BOX WITH FIVE DOZEN LIQUOR JUGS'],
        ],
      ],
      [
        `SELECT REGEXP_REPLACE(body, '\\\\b(\\\\S*)o(\\\\S*)\\\\b', '\\\\2@@\\\\1', 3) FROM ${MESSAGES}`,
        [
          ['He@@lloo rld@@W'],
          ['How are u@@y ing@@d day@@t?'],
          ['the quick wn@@br x@@f jumps ver@@ the lazy g@@d'],
          ['PACK MY BOX WITH FIVE DOZEN LIQUOR JUGS'],
        ],
      ],
      [
        `SELECT REGEXP_REPLACE(body, '\\\\b(\\\\S*)o(\\\\S*)\\\\b', '\\\\2@@\\\\1', 3, 3, 'i') FROM ${MESSAGES}`,
        [
          ['Hellooo World'],
          ['How are you doing day@@t?'],
          ['the quick brown fox jumps ver@@ the lazy dog'],
          ['PACK MY BOX WITH FIVE DOZEN R@@LIQU JUGS'],
        ],
      ],
    ],
  },
];
