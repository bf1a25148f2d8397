import type { Page } from './page.js';

export const arrays: Page[] = [
  {
    page: 'functions/array_union_agg',
    setup: [
      'CREATE OR REPLACE TABLE union_test(a array)',
      "INSERT INTO union_test SELECT PARSE_JSON('[ 1, 1, 2]') UNION ALL SELECT PARSE_JSON('[ 1, 2, 3]')",
    ],
    examples: [['SELECT ARRAY_UNION_AGG(a) FROM union_test', '[1,1,2,3]']],
  },
  {
    page: 'functions/array_sort',
    examples: [
      ["SELECT ARRAY_SORT([20, PARSE_JSON('null'), 0, NULL, 10])", '[0,10,20,null,null]'],
      ["SELECT ARRAY_SORT([20, PARSE_JSON('null'), 0, NULL, 10], FALSE)", '[null,null,20,10,0]'],
      [
        'SELECT ARRAY_INSERT(ARRAY_INSERT(ARRAY_CONSTRUCT(), 3, 2), 6, 1) arr, ARRAY_SORT(arr)',
        '[null,null,null,2,null,null,1] | [1,2,null,null,null,null,null]',
      ],
    ],
  },
  {
    page: 'functions/array_distinct',
    examples: [
      ["SELECT ARRAY_DISTINCT(['A', 'A', 'B', NULL, NULL])", '["A","B",null]'],
      ['SELECT ARRAY_DISTINCT(NULL)', 'NULL'],
      [
        "SELECT ARRAY_DISTINCT( [ {'a': 1, 'b': 2}, {'a': 1, 'b': 2}, {'a': 1, 'b': 3} ] )",
        '[{"a":1,"b":2},{"a":1,"b":3}]',
      ],
    ],
  },
  {
    page: 'functions/array_flatten',
    examples: [
      ['SELECT ARRAY_FLATTEN([[1, 2, 3], [4], [5, 6]])', '[1,2,3,4,5,6]'],
      ['SELECT ARRAY_FLATTEN([[[1, 2], [3]], [[4], [5]]])', '[[1,2],[3],[4],[5]]'],
      ['SELECT ARRAY_FLATTEN([[1, 2, 3], NULL, [5, 6]])', 'NULL'],
      ['SELECT ARRAY_FLATTEN([[1, 2, 3], [NULL], [5, 6]])', '[1,2,3,null,5,6]'],
    ],
  },
  {
    page: 'functions/array_max',
    examples: [
      ['SELECT ARRAY_MAX([20, 0, NULL, 10, NULL])', '20'],
      ['SELECT ARRAY_MAX([])', 'NULL'],
      ['SELECT ARRAY_MAX([NULL, NULL, NULL])', 'NULL'],
      [
        "SELECT ARRAY_MAX([date1::TIMESTAMP, timestamp1]) AS array_max FROM ( VALUES ('1999-01-01'::DATE, '2023-12-09 22:09:26.000000000'::TIMESTAMP), ('2023-12-09'::DATE, '1999-01-01 22:09:26.000000000'::TIMESTAMP) AS t(date1, timestamp1) )",
        `"2023-12-09 22:09:26.000"
"2023-12-09 00:00:00.000"`,
      ],
    ],
  },
  {
    page: 'functions/array_min',
    examples: [
      ['SELECT ARRAY_MIN([20, 0, NULL, 10, NULL])', '0'],
      ['SELECT ARRAY_MIN([])', 'NULL'],
      ['SELECT ARRAY_MIN([NULL, NULL, NULL])', 'NULL'],
      [
        "SELECT ARRAY_MIN([date1::TIMESTAMP, timestamp1]) AS array_min FROM ( VALUES ('1999-01-01'::DATE, '2023-12-09 22:09:26.000000000'::TIMESTAMP), ('2023-12-09'::DATE, '1999-01-01 22:09:26.000000000'::TIMESTAMP) AS t(date1, timestamp1) )",
        `"1999-01-01 00:00:00.000"
"1999-01-01 22:09:26.000"`,
      ],
    ],
  },
  {
    page: 'functions/array_remove',
    examples: [
      ["SELECT ARRAY_REMOVE( [1, 5, 5.00, 5.00::DOUBLE, '5', 5, NULL], 5)", '[1,"5",null]'],
      ['SELECT ARRAY_REMOVE([5, 5], 5)', '[]'],
      ["SELECT ARRAY_REMOVE( ['a', 'b', 'a', 'c', 'd', 'a'], 'a'::VARIANT)", '["b","c","d"]'],
    ],
  },
  {
    page: 'functions/array_remove_at',
    examples: [
      ['SELECT ARRAY_REMOVE_AT( [2, 5, 7], 0)', '[5,7]'],
      ['SELECT ARRAY_REMOVE_AT( [2, 5, 7], -1)', '[2,5]'],
      ['SELECT ARRAY_REMOVE_AT( [2, 5, 7], 10)', '[2,5,7]'],
    ],
  },
  {
    page: 'functions/array_except',
    examples: [
      ["SELECT ARRAY_EXCEPT(['A', 'B'], ['B', 'C'])", '["A"]'],
      ["SELECT ARRAY_EXCEPT(['A', 'B', 'C'], ['B', 'C'])", '["A"]'],
      ["SELECT ARRAY_EXCEPT(['A', 'B', 'B', 'B', 'C'], ['B'])", '["A","B","B","C"]'],
      ["SELECT ARRAY_EXCEPT(['A', 'B'], ['A', 'B'])", '[]'],
      ["SELECT ARRAY_EXCEPT(['A', NULL, NULL], ['B', NULL])", '["A",null]'],
      ["SELECT ARRAY_EXCEPT(['A', NULL, NULL], [NULL, 'B', NULL])", '["A"]'],
      ["SELECT ARRAY_EXCEPT([{'a': 1, 'b': 2}, 1], [{'a': 1, 'b': 2}, 3])", '[1]'],
      ["SELECT ARRAY_EXCEPT(['A', 'B'], NULL)", 'NULL'],
    ],
  },
  {
    page: 'functions/array_intersection',
    setup: [
      'CREATE OR REPLACE TABLE array_demo (ID INTEGER, array1 ARRAY, array2 ARRAY, tip VARCHAR)',
      "INSERT INTO array_demo (ID, array1, array2, tip) SELECT 1, ARRAY_CONSTRUCT(1, 2), ARRAY_CONSTRUCT(3, 4), 'non-overlapping'",
      "INSERT INTO array_demo (ID, array1, array2, tip) SELECT 2, ARRAY_CONSTRUCT(1, 2, 3), ARRAY_CONSTRUCT(3, 4, 5), 'value 3 overlaps'",
      "INSERT INTO array_demo (ID, array1, array2, tip) SELECT 3, ARRAY_CONSTRUCT(1, 2, 3, 4), ARRAY_CONSTRUCT(3, 4, 5), 'values 3 and 4 overlap'",
      "INSERT INTO array_demo (ID, array1, array2, tip) SELECT 4, ARRAY_CONSTRUCT(NULL, 102, NULL), ARRAY_CONSTRUCT(NULL, NULL, 103), 'NULLs overlap'",
      "INSERT INTO array_demo (ID, array1, array2, tip) SELECT 5, array_construct(object_construct('a',1,'b',2), 1, 2), array_construct(object_construct('a',1,'b',2), 3, 4), 'the objects in the array match'",
      "INSERT INTO array_demo (ID, array1, array2, tip) SELECT 6, array_construct(object_construct('a',1,'b',2), 1, 2), array_construct(object_construct('b',2,'c',3), 3, 4), 'neither the objects nor any other values match'",
      "INSERT INTO array_demo (ID, array1, array2, tip) SELECT 7, array_construct(object_construct('a',1, 'b',2, 'c',3)), array_construct(object_construct('c',3, 'b',2, 'a',1)), 'the objects contain the same values, but in different order'",
    ],
    examples: [
      ["SELECT array_intersection(ARRAY_CONSTRUCT('A', 'B'), ARRAY_CONSTRUCT('B', 'C'))", '["B"]'],
      ["SELECT array_intersection(ARRAY_CONSTRUCT('A', 'B', 'C'), ARRAY_CONSTRUCT('B', 'C'))", '["B","C"]'],
      [
        "SELECT array_intersection(ARRAY_CONSTRUCT('A', 'B', 'B', 'B', 'C'), ARRAY_CONSTRUCT('B', 'B'))",
        '["B","B"]',
      ],
      [
        'SELECT ID, array1, array2, tip, ARRAY_INTERSECTION(array1, array2) FROM array_demo WHERE ID <= 3 ORDER BY ID',
        `1 | [1,2] | [3,4] | non-overlapping | []
2 | [1,2,3] | [3,4,5] | value 3 overlaps | [3]
3 | [1,2,3,4] | [3,4,5] | values 3 and 4 overlap | [3,4]`,
      ],
      [
        'SELECT ID, array1, array2, tip, ARRAY_INTERSECTION(array1, array2) FROM array_demo WHERE ID = 4 ORDER BY ID',
        '4 | [null,102,null] | [null,null,103] | NULLs overlap | [null,null]',
      ],
      [
        'SELECT ID, array1, array2, tip, ARRAY_INTERSECTION(array1, array2) FROM array_demo WHERE ID >= 5 and ID <= 7 ORDER BY ID',
        `5 | [{"a":1,"b":2},1,2] | [{"a":1,"b":2},3,4] | the objects in the array match | [{"a":1,"b":2}]
6 | [{"a":1,"b":2},1,2] | [{"b":2,"c":3},3,4] | neither the objects nor any other values match | []
7 | [{"a":1,"b":2,"c":3}] | [{"a":1,"b":2,"c":3}] | the objects contain the same values, but in different order | [{"a":1,"b":2,"c":3}]`,
      ],
      ["SELECT array_intersection(ARRAY_CONSTRUCT('A', 'B'), NULL)", 'NULL'],
    ],
  },
  {
    page: 'functions/array_generate_range',
    examples: [
      ['SELECT ARRAY_GENERATE_RANGE(2, 5)', '[2,3,4]'],
      ['SELECT ARRAY_GENERATE_RANGE(5, 25, 10)', '[5,15]'],
      ['SELECT ARRAY_GENERATE_RANGE(-5, -25, -10)', '[-5,-15]'],
    ],
  },
  {
    page: 'functions/arrays_to_object',
    examples: [
      ["SELECT ARRAYS_TO_OBJECT(['key1', 'key2', 'key3'], [1, 2, 3])", '{"key1":1,"key2":2,"key3":3}'],
      ["SELECT ARRAYS_TO_OBJECT(['key1', NULL, 'key3'], [1, 2, 3])", '{"key1":1,"key3":3}'],
      ["SELECT ARRAYS_TO_OBJECT(['key1', 'key2', 'key3'], [1, NULL, 3])", '{"key1":1,"key2":null,"key3":3}'],
    ],
  },
  {
    page: 'functions/arrays_overlap',
    examples: [
      [
        "SELECT ARRAYS_OVERLAP(array_construct('hello', 'aloha'), array_construct('hello', 'hi', 'hey')) AS Overlap",
        'true',
      ],
      [
        "SELECT ARRAYS_OVERLAP(array_construct('hello', 'aloha'), array_construct('hola', 'bonjour', 'ciao')) AS Overlap",
        'false',
      ],
      [
        "SELECT ARRAYS_OVERLAP(array_construct(object_construct('a',1,'b',2), 1, 2), array_construct(object_construct('b',2,'c',3), 3, 4)) AS Overlap",
        'false',
      ],
      [
        "SELECT ARRAYS_OVERLAP(array_construct(object_construct('a',1,'b',2), 1, 2), array_construct(object_construct('a',1,'b',2), 3, 4)) AS Overlap",
        'true',
      ],
      ['SELECT ARRAYS_OVERLAP(ARRAY_CONSTRUCT(1, 2, NULL), ARRAY_CONSTRUCT(3, NULL, 5)) AS Overlap', 'true'],
    ],
  },
  {
    page: 'functions/get_ignore_case',
    examples: [
      [
        `SELECT GET_IGNORE_CASE(TO_OBJECT(PARSE_JSON('{"aa":1, "aA":2, "Aa":3, "AA":4}')),'aA') as output`,
        '2',
      ],
      [`SELECT GET_IGNORE_CASE(TO_OBJECT(PARSE_JSON('{"aa":1, "aA":2, "Aa":3}')),'AA') as output`, '3'],
    ],
  },
  {
    page: 'functions/json_extract_path_text',
    setup: [
      'CREATE OR REPLACE TABLE demo1 (id INTEGER, json_data VARCHAR)',
      `INSERT INTO demo1 SELECT 1, '{"level_1_key": "level_1_value"}'`,
      `INSERT INTO demo1 SELECT 2, '{"level_1_key": {"level_2_key": "level_2_value"}}'`,
      `INSERT INTO demo1 SELECT 3, '{"level_1_key": {"level_2_key": ["zero", "one", "two"]}}'`,
    ],
    examples: [
      [
        "SELECT TO_VARCHAR(GET_PATH(PARSE_JSON(json_data), 'level_1_key')) AS OLD_WAY, JSON_EXTRACT_PATH_TEXT(json_data, 'level_1_key') AS JSON_EXTRACT_PATH_TEXT FROM demo1 ORDER BY id",
        `level_1_value | level_1_value
{"level_2_key":"level_2_value"} | {"level_2_key":"level_2_value"}
{"level_2_key":["zero","one","two"]} | {"level_2_key":["zero","one","two"]}`,
      ],
      [
        "SELECT TO_VARCHAR(GET_PATH(PARSE_JSON(json_data), 'level_1_key.level_2_key')) AS OLD_WAY, JSON_EXTRACT_PATH_TEXT(json_data, 'level_1_key.level_2_key') AS JSON_EXTRACT_PATH_TEXT FROM demo1 ORDER BY id",
        `NULL | NULL
level_2_value | level_2_value
["zero","one","two"] | ["zero","one","two"]`,
      ],
      [
        "SELECT TO_VARCHAR(GET_PATH(PARSE_JSON(json_data), 'level_1_key.level_2_key[1]')) AS OLD_WAY, JSON_EXTRACT_PATH_TEXT(json_data, 'level_1_key.level_2_key[1]') AS JSON_EXTRACT_PATH_TEXT FROM demo1 ORDER BY id",
        `NULL | NULL
NULL | NULL
one | one`,
      ],
    ],
  },
  {
    page: 'functions/object_pick',
    examples: [
      [
        "SELECT OBJECT_PICK( OBJECT_CONSTRUCT( 'a', 1, 'b', 2, 'c', 3 ), 'a', 'b' ) AS new_object",
        '{"a":1,"b":2}',
      ],
      [
        "SELECT OBJECT_PICK( OBJECT_CONSTRUCT( 'a', 1, 'b', 2, 'c', 3 ), ARRAY_CONSTRUCT('a', 'b') ) AS new_object",
        '{"a":1,"b":2}',
      ],
    ],
  },
];
