import type { Page } from './page.js';

const DEMO =
  "(SELECT column1 province, column2::DATE created_date FROM VALUES ('Manitoba', '2024-01-18'), ('Alberta', '2024-01-19'))";
const NESTED = `PARSE_JSON('{"a":1, "b":[77,88], "c": {"d":"X"}}')`;

export const json: Page[] = [
  {
    page: 'functions/object_construct',
    examples: [
      ["SELECT OBJECT_CONSTRUCT('a', 1, 'b', 'BBBB', 'c', NULL)", [['{"a":1,"b":"BBBB"}']]],
      [
        `SELECT OBJECT_CONSTRUCT(*) AS oc FROM ${DEMO} ORDER BY oc['PROVINCE']`,
        [
          ['{"CREATED_DATE":"2024-01-19","PROVINCE":"Alberta"}'],
          ['{"CREATED_DATE":"2024-01-18","PROVINCE":"Manitoba"}'],
        ],
      ],
      [
        `SELECT OBJECT_CONSTRUCT(* ILIKE 'prov%') AS oc FROM ${DEMO} ORDER BY oc['PROVINCE']`,
        [['{"PROVINCE":"Alberta"}'], ['{"PROVINCE":"Manitoba"}']],
      ],
      [
        `SELECT OBJECT_CONSTRUCT(* EXCLUDE province) AS oc FROM ${DEMO} ORDER BY created_date`,
        [['{"CREATED_DATE":"2024-01-18"}'], ['{"CREATED_DATE":"2024-01-19"}']],
      ],
      [
        `SELECT {* EXCLUDE province} AS oc FROM ${DEMO} ORDER BY created_date`,
        [['{"CREATED_DATE":"2024-01-18"}'], ['{"CREATED_DATE":"2024-01-19"}']],
      ],
      [
        "SELECT OBJECT_CONSTRUCT(*) FROM VALUES(1,'x'), (2,'y')",
        [['{"COLUMN1":1,"COLUMN2":"x"}'], ['{"COLUMN1":2,"COLUMN2":"y"}']],
      ],
      [
        "SELECT OBJECT_CONSTRUCT('Key_One', PARSE_JSON('NULL'), 'Key_Two', NULL, 'Key_Three', 'null') AS obj",
        [['{"Key_One":null,"Key_Three":"null"}']],
      ],
      [
        `SELECT OBJECT_CONSTRUCT('foo', 1234567, 'dataset_size', (SELECT COUNT(*) FROM ${DEMO}),
        'distinct_province', (SELECT COUNT(DISTINCT province) FROM ${DEMO}),
        'created_date_seconds', EXTRACT(epoch_seconds, created_date)) AS json_object FROM ${DEMO}`,
        [
          ['{"created_date_seconds":1705536000,"dataset_size":2,"distinct_province":2,"foo":1234567}'],
          ['{"created_date_seconds":1705622400,"dataset_size":2,"distinct_province":2,"foo":1234567}'],
        ],
      ],
      [
        `SELECT OBJECT_CONSTRUCT('outer_key1', OBJECT_CONSTRUCT('inner_key1A', 'example1', 'inner_key1B', 'example2'),
        'outer_key2', OBJECT_CONSTRUCT('inner_key2', 5))`,
        [
          [
            '{"outer_key1":{"inner_key1A":"example1","inner_key1B":"example2"},"outer_key2":{"inner_key2":5}}',
          ],
        ],
      ],
    ],
  },
  {
    page: 'functions/flatten',
    examples: [
      [
        `SELECT key, path, index, value, this FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a":1, "b":[77,88]}'), PATH => 'b')) f`,
        [
          [null, 'b[0]', '0', '77', '[77,88]'],
          [null, 'b[1]', '1', '88', '[77,88]'],
        ],
      ],
      ["SELECT * FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[]'))) f", []],
      [
        "SELECT key, path, index, value, this FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[]'), OUTER => TRUE)) f",
        [[null, '', null, null, '[]']],
      ],
      [
        `SELECT key, path, index, value FROM TABLE(FLATTEN(INPUT => ${NESTED})) f`,
        [
          ['a', 'a', null, '1'],
          ['b', 'b', null, '[77,88]'],
          ['c', 'c', null, '{"d":"X"}'],
        ],
      ],
      [
        `SELECT key, path, index, value, this FROM TABLE(FLATTEN(INPUT => ${NESTED}, RECURSIVE => TRUE)) f`,
        [
          ['a', 'a', null, '1', '{"a":1,"b":[77,88],"c":{"d":"X"}}'],
          ['b', 'b', null, '[77,88]', '{"a":1,"b":[77,88],"c":{"d":"X"}}'],
          [null, 'b[0]', '0', '77', '[77,88]'],
          [null, 'b[1]', '1', '88', '[77,88]'],
          ['c', 'c', null, '{"d":"X"}', '{"a":1,"b":[77,88],"c":{"d":"X"}}'],
          ['d', 'c.d', null, '"X"', '{"d":"X"}'],
        ],
      ],
      [
        `SELECT key, path, index, value FROM TABLE(FLATTEN(INPUT => ${NESTED}, RECURSIVE => TRUE, MODE => 'OBJECT')) f`,
        [
          ['a', 'a', null, '1'],
          ['b', 'b', null, '[77,88]'],
          ['c', 'c', null, '{"d":"X"}'],
          ['d', 'c.d', null, '"X"'],
        ],
      ],
      [
        `SELECT id, f1.value:type AS "Type", f1.value:content AS "Details"
        FROM (SELECT column1 AS id, PARSE_JSON(column2) AS c FROM VALUES
          (12712555, '{"name": {"first": "John"}, "contact": [{"business": [{"type": "phone", "content": "555-1234"}, {"type": "email", "content": "j.smith@example.com"}]}]}'),
          (98127771, '{"name": {"first": "Jane"}, "contact": [{"business": [{"type": "phone", "content": "555-1236"}, {"type": "email", "content": "j.doe@example.com"}]}]}')) p,
        LATERAL FLATTEN(INPUT => p.c, PATH => 'contact') f, LATERAL FLATTEN(INPUT => f.value:business) f1`,
        [
          ['12712555', '"phone"', '"555-1234"'],
          ['12712555', '"email"', '"j.smith@example.com"'],
          ['98127771', '"phone"', '"555-1236"'],
          ['98127771', '"email"', '"j.doe@example.com"'],
        ],
      ],
    ],
  },

  {
    page: 'functions/parse_json',
    examples: [
      [
        `SELECT n, v, TYPEOF(v) FROM (SELECT column1 AS n, PARSE_JSON(column2) AS v FROM VALUES (1, 'null'), (2, null), (3, 'true'),
        (4, '-17'), (5, '123.12'), (6, '1.912e2'), (7, '"Om ara pa ca na dhih"  '), (9, '{ "x" : "abc", "y" : false, "z": 10} ')
        AS vals) ORDER BY n`,
        [
          ['1', null, 'NULL_VALUE'],
          ['2', null, null],
          ['3', 'true', 'BOOLEAN'],
          ['4', '-17', 'INTEGER'],
          ['5', '123.12', 'DECIMAL'],
          ['6', '191.2', 'DOUBLE'],
          ['7', '"Om ara pa ca na dhih"', 'VARCHAR'],
          ['9', '{"x":"abc","y":false,"z":10}', 'OBJECT'],
        ],
      ],
      [`SELECT PARSE_JSON('{ "a" : "123", "b" : "456", "a": "789"} ', 'd')`, [['{"a":"789","b":"456"}']]],
      [
        "SELECT TO_JSON(NULL), TO_JSON('null'::VARIANT), PARSE_JSON(NULL), PARSE_JSON('null')",
        [[null, '"null"', null, null]],
      ],
      [
        `SELECT PARSE_JSON(t), TO_JSON(PARSE_JSON(t)), PARSE_JSON(t) = PARSE_JSON(t), TO_JSON(PARSE_JSON(t)) = t FROM (SELECT '{"PI":3.14}' t)`,
        [['{"PI":3.14}', '{"PI":3.14}', 'true', 'true']],
      ],
      [
        `SELECT TO_JSON(PARSE_JSON('{"b":1,"a":2}')), TO_JSON(PARSE_JSON('{"b":1,"a":2}')) = '{"b":1,"a":2}',
        TO_JSON(PARSE_JSON('{"b":1,"a":2}')) = '{"a":2,"b":1}'`,
        [['{"a":2,"b":1}', 'false', 'true']],
      ],
      [
        `SELECT a, TYPEOF(a), b, TYPEOF(b), a = b FROM (SELECT PARSE_JSON('{"PI":3.14}') a, TO_VARIANT('{"PI":3.14}') b)`,
        [['{"PI":3.14}', 'OBJECT', '"{\\"PI\\":3.14}"', 'VARCHAR', 'false']],
      ],
    ],
  },
  {
    page: 'functions/parse_json',
    examples: [],
    failing: [
      [
        `SELECT PARSE_JSON('{ "a" : "123", "b" : "456", "a": "789"} ')`,
        '100069',
        'Error parsing JSON: duplicate object attribute "a", pos 31',
      ],
    ],
  },
];
