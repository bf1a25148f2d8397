import type { Page } from './page.js';

const EMPLOYEES = [
  'CREATE OR REPLACE TABLE object_delete_example (id INTEGER, ov OBJECT)',
  `INSERT INTO object_delete_example (id, ov) SELECT 1, { 'employee_id': 1001, 'employee_date_of_birth': '12-10-2003',
    'employee_contact': { 'city': 'San Mateo', 'state': 'CA', 'phone': '800-555-0100' } }`,
  `INSERT INTO object_delete_example (id, ov) SELECT 2, { 'employee_id': 1002, 'employee_date_of_birth': '01-01-1990',
    'employee_contact': { 'city': 'Seattle', 'state': 'WA', 'phone': '800-555-0101' } }`,
];

const ABC = '{"a":1,"b":[77,88],"c":{"d":"X"}}';

export const semiStructured: Page[] = [
  {
    page: 'functions/object_delete',
    setup: EMPLOYEES,
    examples: [
      [
        "SELECT OBJECT_DELETE(OBJECT_CONSTRUCT('a', 1, 'b', 2, 'c', 3), 'a', 'b') AS object_returned",
        '{"c":3}',
      ],
      [
        "SELECT id, OBJECT_DELETE(ov, 'employee_date_of_birth') AS contact_without_date_of_birth FROM object_delete_example",
        `1 | {"employee_contact":{"city":"San Mateo","phone":"800-555-0100","state":"CA"},"employee_id":1001}
        2 | {"employee_contact":{"city":"Seattle","phone":"800-555-0101","state":"WA"},"employee_id":1002}`,
      ],
      [
        `SELECT id, OBJECT_DELETE(ov:"employee_contact", 'phone') AS contact_without_phone FROM object_delete_example`,
        '1 | {"city":"San Mateo","state":"CA"}\n2 | {"city":"Seattle","state":"WA"}',
      ],
      [
        `SELECT id, OBJECT_INSERT(ov, 'employee_contact', OBJECT_DELETE(ov:employee_contact, 'phone'), true) AS full_object_without_phone
          FROM object_delete_example`,
        `1 | {"employee_contact":{"city":"San Mateo","state":"CA"},"employee_date_of_birth":"12-10-2003","employee_id":1001}
        2 | {"employee_contact":{"city":"Seattle","state":"WA"},"employee_date_of_birth":"01-01-1990","employee_id":1002}`,
      ],
    ],
  },
  {
    page: 'functions/object_insert',
    setup: [
      'CREATE OR REPLACE TABLE object_insert_examples (object_column OBJECT)',
      "INSERT INTO object_insert_examples (object_column) SELECT OBJECT_CONSTRUCT('a', 'value1', 'b', 'value2')",
      'CREATE OR REPLACE TABLE sample_nested_object (id INTEGER, nested_object OBJECT)',
      `INSERT INTO sample_nested_object (id, nested_object) SELECT 1, OBJECT_CONSTRUCT('outer_key1',
        OBJECT_CONSTRUCT('inner_key1A', 'example1', 'inner_key1B', 'example2'), 'outer_key2', OBJECT_CONSTRUCT('inner_key2', 5))`,
      `INSERT INTO sample_nested_object (id, nested_object) SELECT 2, OBJECT_CONSTRUCT('outer_key1',
        OBJECT_CONSTRUCT('inner_key1A', 'example3', 'inner_key1B', 'example4'), 'outer_key2', OBJECT_CONSTRUCT('inner_key2', 7))`,
    ],
    examples: [
      ['SELECT * FROM object_insert_examples', '{"a":"value1","b":"value2"}'],
      [
        `UPDATE object_insert_examples SET object_column = OBJECT_INSERT(object_column, 'c', 'value3');
        SELECT * FROM object_insert_examples`,
        '{"a":"value1","b":"value2","c":"value3"}',
      ],
      [
        `UPDATE object_insert_examples SET object_column = OBJECT_INSERT(object_column, 'd', PARSE_JSON('null'));
        UPDATE object_insert_examples SET object_column = OBJECT_INSERT(object_column, 'e', NULL);
        UPDATE object_insert_examples SET object_column = OBJECT_INSERT(object_column, 'f', 'null');
        SELECT * FROM object_insert_examples`,
        '{"a":"value1","b":"value2","c":"value3","d":null,"f":"null"}',
      ],
      [
        `UPDATE object_insert_examples SET object_column = OBJECT_INSERT(object_column, 'b', 'valuex', TRUE);
        SELECT * FROM object_insert_examples`,
        '{"a":"value1","b":"valuex","c":"value3","d":null,"f":"null"}',
      ],
      [
        `UPDATE sample_nested_object SET nested_object = OBJECT_INSERT(nested_object, 'outer_key1', OBJECT_INSERT(nested_object:outer_key1,
          'inner_key1C', CASE WHEN id = 1 THEN 'added_value_1' WHEN id = 2 THEN 'added_value_2' END, TRUE), TRUE);
        SELECT * FROM sample_nested_object`,
        `1 | {"outer_key1":{"inner_key1A":"example1","inner_key1B":"example2","inner_key1C":"added_value_1"},"outer_key2":{"inner_key2":5}}
        2 | {"outer_key1":{"inner_key1A":"example3","inner_key1B":"example4","inner_key1C":"added_value_2"},"outer_key2":{"inner_key2":7}}`,
      ],
      [
        `UPDATE sample_nested_object SET nested_object = OBJECT_INSERT(nested_object, 'outer_key2', OBJECT_INSERT(nested_object:outer_key2,
          'inner_key2', CASE WHEN id = 1 THEN 6 WHEN id = 2 THEN 8 END, TRUE), TRUE);
        SELECT id, nested_object:outer_key2 FROM sample_nested_object`,
        '1 | {"inner_key2":6}\n2 | {"inner_key2":8}',
      ],
    ],
  },
  {
    page: 'functions/array_slice',
    examples: [
      ['SELECT ARRAY_SLICE([0,1,2,3,4,5,6], 0, 2)', '[0,1]'],
      [
        'SELECT ARRAY_SLICE([0,1,2,3,4,5,6], 3, ARRAY_SIZE([0,1,2,3,4,5,6])) AS slice_to_last_index',
        '[3,4,5,6]',
      ],
      ["SELECT ARRAY_SLICE(['foo','snow','flake','bar'], 1, 3)", '["snow","flake"]'],
      ['SELECT ARRAY_SLICE(NULL, 2, 3)', 'NULL'],
      ['SELECT ARRAY_SLICE([0,1,2,3,4,5,6], NULL, 2)', 'NULL'],
      ['SELECT ARRAY_SLICE([0,1,2,3,4,5,6], 0, -2)', '[0,1,2,3,4]'],
      ['SELECT ARRAY_SLICE([0,1,2,3,4,5,6], -5, -3)', '[2,3]'],
      ['SELECT ARRAY_SLICE([0,1,2,3,4,5,6], 10, 12)', '[]'],
      ['SELECT ARRAY_SLICE([0,1,2,3,4,5,6], -10, -12)', '[]'],
    ],
  },
  {
    page: 'functions/array_insert',
    examples: [
      ["SELECT ARRAY_INSERT(ARRAY_CONSTRUCT(0,1,2,3),2,'hello')", '[0,1,"hello",2,3]'],
      ["SELECT ARRAY_INSERT(ARRAY_CONSTRUCT(0,1,2,3),-1,'hello')", '[0,1,2,"hello",3]'],
    ],
  },
  {
    page: 'functions/typeof',
    setup: [
      'CREATE OR REPLACE TABLE vartab (n NUMBER(2), v VARIANT)',
      `INSERT INTO vartab SELECT column1 AS n, PARSE_JSON(column2) AS v FROM VALUES (1, 'null'), (2, null), (3, 'true'), (4, '-17'),
        (5, '123.12'), (6, '1.912e2'), (7, '"Om ara pa ca na dhih"  '), (8, '[-1, 12, 289, 2188, false,]'), (9, '{ "x" : "abc", "y" : false, "z": 10} ') AS vals`,
    ],
    examples: [
      [
        'SELECT n, TYPEOF(v) FROM vartab ORDER BY n',
        `1 | NULL_VALUE
        2 | NULL
        3 | BOOLEAN
        4 | INTEGER
        5 | DECIMAL
        6 | DOUBLE
        7 | VARCHAR
        8 | ARRAY
        9 | OBJECT`,
      ],
      [
        'SELECT n, v FROM vartab WHERE n IN (3, 4, 5, 7, 9) ORDER BY n',
        `3 | true
        4 | -17
        5 | 123.12
        7 | "Om ara pa ca na dhih"
        9 | {"x":"abc","y":false,"z":10}`,
      ],
    ],
  },
  {
    page: 'functions/flatten',
    setup: [
      `CREATE OR REPLACE TABLE persons AS SELECT column1 AS id, PARSE_JSON(column2) as c FROM values
        (12712555, '{ name:  { first: "John", last: "Smith"}, contact: [ { business:[ { type: "phone", content:"555-1234" },
         { type: "email", content:"j.smith@example.com" } ] } ] }'),
        (98127771, '{ name:  { first: "Jane", last: "Doe"}, contact: [ { business:[ { type: "phone", content:"555-1236" },
         { type: "email", content:"j.doe@example.com" } ] } ] }') v`,
    ],
    examples: [
      [
        `SELECT KEY, PATH, INDEX, VALUE, THIS FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a":1, "b":[77,88]}'), PATH => 'b')) f`,
        'NULL | b[0] | 0 | 77 | [77,88]\nNULL | b[1] | 1 | 88 | [77,88]',
      ],
      ["SELECT KEY, PATH, INDEX, VALUE, THIS FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[]'))) f", ''],
      [
        "SELECT KEY, PATH, INDEX, VALUE, THIS FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[]'), OUTER => TRUE)) f",
        [[null, '', null, null, '[]']],
      ],
      [
        `SELECT KEY, PATH, INDEX, VALUE, THIS FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a":1, "b":[77,88], "c": {"d":"X"}}'))) f`,
        `a | a | NULL | 1 | ${ABC}
        b | b | NULL | [77,88] | ${ABC}
        c | c | NULL | {"d":"X"} | ${ABC}`,
      ],
      [
        `SELECT KEY, PATH, INDEX, VALUE, THIS FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a":1, "b":[77,88], "c": {"d":"X"}}'), RECURSIVE => TRUE )) f`,
        `a | a | NULL | 1 | ${ABC}
        b | b | NULL | [77,88] | ${ABC}
        NULL | b[0] | 0 | 77 | [77,88]
        NULL | b[1] | 1 | 88 | [77,88]
        c | c | NULL | {"d":"X"} | ${ABC}
        d | c.d | NULL | "X" | {"d":"X"}`,
      ],
      [
        `SELECT KEY, PATH, INDEX, VALUE, THIS FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{"a":1, "b":[77,88], "c": {"d":"X"}}'), RECURSIVE => TRUE, MODE => 'OBJECT' )) f`,
        `a | a | NULL | 1 | ${ABC}
        b | b | NULL | [77,88] | ${ABC}
        c | c | NULL | {"d":"X"} | ${ABC}
        d | c.d | NULL | "X" | {"d":"X"}`,
      ],
      [
        `SELECT id as "ID", f1.value:type AS "Type", f1.value:content AS "Details" FROM persons p,
          LATERAL FLATTEN(INPUT => p.c, PATH => 'contact') f, LATERAL FLATTEN(INPUT => f.value:business) f1`,
        `12712555 | "phone" | "555-1234"
        12712555 | "email" | "j.smith@example.com"
        98127771 | "phone" | "555-1236"
        98127771 | "email" | "j.doe@example.com"`,
      ],
    ],
  },
];
