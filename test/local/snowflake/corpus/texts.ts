import type { Page } from './page.js';

export const texts: Page[] = [
  { page: 'functions/rtrimmed_length', examples: [["SELECT RTRIMMED_LENGTH(' ABCD ')", '5']] },
  {
    page: 'functions/soundex',
    setup: [
      'CREATE OR REPLACE TABLE sounding_board (v VARCHAR)',
      'CREATE OR REPLACE TABLE sounding_bored (v VARCHAR)',
      "INSERT INTO sounding_board (v) VALUES ('Marsha')",
      "INSERT INTO sounding_bored (v) VALUES ('Marcia')",
    ],
    examples: [
      [
        "SELECT SOUNDEX('I love rock and roll music.'), SOUNDEX('I love rocks and gemstones.'), SOUNDEX('I leave a rock wherever I go.')",
        'I416 | I416 | I416',
      ],
      ["SELECT SOUNDEX('Marks'), SOUNDEX('Marx')", 'M620 | M620'],
      [
        'SELECT * FROM sounding_board AS board, sounding_bored AS bored WHERE SOUNDEX(bored.v) = SOUNDEX(board.v)',
        'Marsha | Marcia',
      ],
    ],
  },
  {
    page: 'functions/soundex_p123',
    examples: [
      [
        "SELECT SOUNDEX('Pfister'), SOUNDEX_P123('Pfister'), SOUNDEX('LLoyd'), SOUNDEX_P123('Lloyd')",
        'P236 | P123 | L300 | L430',
      ],
    ],
  },
  { page: 'functions/editdistance', examples: [["SELECT EDITDISTANCE('future', 'past', 2) < 2", 'false']] },
  {
    page: 'functions/parse_url',
    examples: [
      [
        "SELECT PARSE_URL('https://www.snowflake.com/')",
        '{"fragment":null,"host":"www.snowflake.com","parameters":null,"path":"","port":null,"query":null,"scheme":"https"}',
      ],
      [
        "SELECT PARSE_URL('mailto:abc@xyz.com')",
        '{"fragment":null,"host":null,"parameters":null,"path":"abc@xyz.com","port":null,"query":null,"scheme":"mailto"}',
      ],
      ["SELECT PARSE_URL('example.int/hello.php?user=12#nofragment', 1)", '{"error":"scheme not specified"}'],
    ],
  },
  {
    page: 'functions/strtok_to_array',
    examples: [
      ["SELECT STRTOK_TO_ARRAY('a.b.c', '.')", '["a","b","c"]'],
      ["SELECT STRTOK_TO_ARRAY('user@snowflake.com', '.@')", '["user","snowflake","com"]'],
    ],
  },
  {
    page: 'functions/strtok_split_to_table',
    examples: [
      [
        "SELECT table1.value FROM table(strtok_split_to_table('a.b', '.')) AS table1 ORDER BY table1.value",
        `a
b`,
      ],
    ],
  },
  {
    page: 'functions/regexp_substr_all',
    examples: [
      ["select regexp_substr_all('a1_a2a3_a4A5a6', 'a[[:digit:]]') as matches", '["a1","a2","a3","a4","a6"]'],
      ["select regexp_substr_all('a1_a2a3_a4A5a6', 'a[[:digit:]]', 2) as matches", '["a2","a3","a4","a6"]'],
      ["select regexp_substr_all('a1_a2a3_a4A5a6', 'a[[:digit:]]', 1, 3) as matches", '["a3","a4","a6"]'],
      [
        "select regexp_substr_all('a1_a2a3_a4A5a6', 'a[[:digit:]]', 1, 1, 'i') as matches",
        '["a1","a2","a3","a4","A5","a6"]',
      ],
      [
        "select regexp_substr_all('a1_a2a3_a4A5a6', '(a)([[:digit:]])', 1, 1, 'ie') as matches",
        '["a","a","a","a","A","a"]',
      ],
      ["select regexp_substr_all('a1_a2a3_a4A5a6', 'b') as matches", '[]'],
    ],
  },
  {
    page: 'functions/replace',
    setup: [
      'CREATE OR REPLACE TABLE replace_example( subject VARCHAR(10), pattern VARCHAR(10), replacement VARCHAR(10))',
      "INSERT INTO replace_example VALUES ('old car', 'old car', 'new car'), ('sad face', 'sad', 'happy'), ('snowman', 'snow', 'fire')",
    ],
    examples: [
      ["SELECT REPLACE('down', 'down', 'up')", 'up'],
      ["SELECT REPLACE('Vacation in Athens', 'Athens', 'Rome')", 'Vacation in Rome'],
      ["SELECT REPLACE('abcd', 'bc')", 'ad'],
      [
        'SELECT subject, pattern, replacement, REPLACE(subject, pattern, replacement) AS new FROM replace_example ORDER BY subject',
        `old car | old car | new car | new car
sad face | sad | happy | happy face
snowman | snow | fire | fireman`,
      ],
    ],
  },
  {
    page: 'functions/ascii',
    examples: [
      [
        "SELECT column1, ASCII(column1) FROM (values('!'), ('A'), ('a'), ('bcd'), (''), (null))",
        [
          ['!', '33'],
          ['A', '65'],
          ['a', '97'],
          ['bcd', '98'],
          ['', '0'],
          [null, null],
        ],
      ],
    ],
  },
  { page: 'functions/check_xml', examples: [["SELECT CHECK_XML('<name> Valid </name>')", 'NULL']] },
  {
    page: 'functions/concat_ws',
    examples: [
      ["SELECT CONCAT_WS(',', 'one', 'two', 'three')", 'one,two,three'],
      ["SELECT CONCAT_WS(',', 'one')", 'one'],
    ],
  },
];
