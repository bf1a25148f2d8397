import type { Page } from './page.js';

const CONTACTS = `CREATE OR REPLACE TABLE customer_contact_example (cust_id INT, cust_email VARCHAR, cust_phone VARCHAR, activation_date VARCHAR)
  AS SELECT column1, column2, column3, column4 FROM VALUES
  (1, 'some_text@example.com', '800-555-0100', '20210320'), (2, 'some_other_text@example.org', '800-555-0101', '20240509'),
  (3, 'some_different_text@example.net', '800-555-0102', '20191017')`;

export const strings: Page[] = [
  {
    page: 'functions/split',
    setup: [
      'CREATE OR REPLACE TABLE split_test_names(first_name VARCHAR, children VARCHAR)',
      "INSERT INTO split_test_names values ('Mark', 'Marky,Mike,Maria'), ('John', 'Johnny,Jane')",
    ],
    examples: [
      ["SELECT SPLIT('127.0.0.1', '.')", '["127","0","0","1"]'],
      ["SELECT SPLIT('127.0.0.1', '.')[0]", '"127"'],
      ["SELECT SPLIT('|a||', '|')", '["","a","",""]'],
      [
        `SELECT first_name, C.value::STRING AS childname FROM split_test_names, LATERAL FLATTEN(INPUT=>SPLIT(children, ',')) C`,
        `Mark | Marky
        Mark | Mike
        Mark | Maria
        John | Johnny
        John | Jane`,
      ],
    ],
  },
  {
    page: 'functions/substr',
    setup: [
      `CREATE OR REPLACE TABLE test_substr (base_value VARCHAR, start_value INT, length_value INT)
        AS SELECT column1, column2, column3 FROM VALUES ('mystring', -1, 3), ('mystring', -3, 3), ('mystring', -3, 7),
        ('mystring', -5, 3), ('mystring', -7, 3), ('mystring', 0, 3), ('mystring', 0, 7), ('mystring', 1, 3), ('mystring', 1, 7),
        ('mystring', 3, 3), ('mystring', 3, 7), ('mystring', 5, 3), ('mystring', 5, 7), ('mystring', 7, 3), ('mystring', NULL, 3),
        ('mystring', 3, NULL)`,
      CONTACTS,
    ],
    examples: [
      ["SELECT SUBSTR('testing 1 2 3', 9, 3)", '1 2'],
      [
        'SELECT base_value, start_value, length_value, SUBSTR(base_value, start_value, length_value) AS substring FROM test_substr',
        `mystring | -1 | 3 | g
        mystring | -3 | 3 | ing
        mystring | -3 | 7 | ing
        mystring | -5 | 3 | tri
        mystring | -7 | 3 | yst
        mystring | 0 | 3 | mys
        mystring | 0 | 7 | mystrin
        mystring | 1 | 3 | mys
        mystring | 1 | 7 | mystrin
        mystring | 3 | 3 | str
        mystring | 3 | 7 | string
        mystring | 5 | 3 | rin
        mystring | 5 | 7 | ring
        mystring | 7 | 3 | ng
        mystring | NULL | 3 | NULL
        mystring | 3 | NULL | NULL`,
      ],
      [
        "SELECT cust_id, cust_email, SUBSTR(cust_email, POSITION('@' IN cust_email) + 1) AS domain FROM customer_contact_example",
        `1 | some_text@example.com | example.com
        2 | some_other_text@example.org | example.org
        3 | some_different_text@example.net | example.net`,
      ],
      [
        'SELECT cust_id, SUBSTR(cust_phone, 1, 3) AS area_code, SUBSTR(cust_phone, 5) AS phone_without_area_code FROM customer_contact_example',
        `1 | 800 | 555-0100
        2 | 800 | 555-0101
        3 | 800 | 555-0102`,
      ],
      [
        `SELECT cust_id, activation_date, SUBSTR(activation_date, 1, 4) AS year, SUBSTR(activation_date, 5, 2) AS month,
          SUBSTR(activation_date, 7, 2) AS day FROM customer_contact_example`,
        `1 | 20210320 | 2021 | 03 | 20
        2 | 20240509 | 2024 | 05 | 09
        3 | 20191017 | 2019 | 10 | 17`,
      ],
    ],
  },
  {
    page: 'functions/initcap',
    examples: [
      [
        `SELECT v, INITCAP(v) FROM (SELECT column1 v FROM VALUES ('The Quick Gray Fox'), ('the sky is blue'), ('OVER the River 2 Times'),
          ('WE CAN HANDLE THIS'), ('HelL0_hi+therE'), ('νησί του ποταμού'), ('ÄäÖößÜü'), ('Hi,are?you!there'), ('to je dobré'),
          ('ÉéÀàè]çÂâ ÊêÎÔô ÛûËÏ ïÜŸÇç ŒœÆæ'), ('ĄąĆ ćĘęŁ łŃńÓ óŚśŹźŻż'), ('АаБб ВвГгД дЕеЁёЖ жЗзИиЙй'), ('ХхЦц ЧчШш ЩщЪъ ЫыЬь ЭэЮ юЯя'), (NULL))`,
        `The Quick Gray Fox | The Quick Gray Fox
        the sky is blue | The Sky Is Blue
        OVER the River 2 Times | Over The River 2 Times
        WE CAN HANDLE THIS | We Can Handle This
        HelL0_hi+therE | Hell0_Hi+There
        νησί του ποταμού | Νησί Του Ποταμού
        ÄäÖößÜü | Ääöößüü
        Hi,are?you!there | Hi,Are?You!There
        to je dobré | To Je Dobré
        ÉéÀàè]çÂâ ÊêÎÔô ÛûËÏ ïÜŸÇç ŒœÆæ | Ééààè]Çââ Êêîôô Ûûëï Ïüÿçç Œœææ
        ĄąĆ ćĘęŁ łŃńÓ óŚśŹźŻż | Ąąć Ćęęł Łńńó Óśśźźżż
        АаБб ВвГгД дЕеЁёЖ жЗзИиЙй | Аабб Ввггд Дееёёж Жззиийй
        ХхЦц ЧчШш ЩщЪъ ЫыЬь ЭэЮ юЯя | Ххцц Ччшш Щщъъ Ыыьь Ээю Юяя
        NULL | NULL`,
      ],
      ["SELECT INITCAP('this is the new Frame+work', '') AS initcap_result", 'This is the new frame+work'],
      [
        "SELECT INITCAP('iqamqinterestedqinqthisqtopic','q') AS initcap_result",
        'IqAmqInterestedqInqThisqTopic',
      ],
      ["SELECT INITCAP('lion☂fRog potato⨊cLoUD', '⨊☂') AS initcap_result", 'Lion☂Frog potato⨊Cloud'],
      [
        "SELECT INITCAP('apple is僉sweetandballIsROUND', '僉a b') AS initcap_result",
        'aPple Is僉SweetaNdbaLlisround',
      ],
    ],
  },
  {
    page: 'functions/insert',
    examples: [
      ["SELECT INSERT('abc', 1, 2, 'Z') as STR", 'Zc'],
      ["SELECT INSERT('abcdef', 3, 2, 'zzz') as STR", 'abzzzef'],
      ["SELECT INSERT('abc', 2, 1, '') as STR", 'ac'],
      ["SELECT INSERT('abc', 4, 0, 'Z') as STR", 'abcZ'],
      ["SELECT INSERT(NULL, 1, 2, 'Z') as STR", 'NULL'],
      [
        "SELECT INSERT('abc', NULL, 2, 'Z'), INSERT('abc', 1, NULL, 'Z'), INSERT('abc', 1, 2, NULL)",
        'NULL | NULL | NULL',
      ],
    ],
  },
  {
    page: 'functions/like',
    setup: [
      'CREATE OR REPLACE TABLE like_ex(name VARCHAR(20))',
      String.raw`INSERT INTO like_ex VALUES ('John  Dddoe'), ('John \'alias\' Doe'), ('Joe   Doe'), ('John_down'), ('Joe down'), ('Elaine'), (''), (null)`,
    ],
    examples: [
      [
        "SELECT name FROM like_ex WHERE name LIKE '%Jo%oe%' ORDER BY name",
        "Joe   Doe\nJohn  Dddoe\nJohn 'alias' Doe",
      ],
      [
        "SELECT name FROM like_ex WHERE name NOT LIKE '%Jo%oe%' ORDER BY name",
        [[''], ['Elaine'], ['Joe down'], ['John_down']],
      ],
      [
        "SELECT name FROM like_ex WHERE name NOT LIKE 'John%' ORDER BY name",
        [[''], ['Elaine'], ['Joe   Doe'], ['Joe down']],
      ],
      [
        "SELECT name FROM like_ex WHERE name NOT LIKE '' ORDER BY name",
        "Elaine\nJoe   Doe\nJoe down\nJohn  Dddoe\nJohn 'alias' Doe\nJohn_down",
      ],
      [String.raw`SELECT name FROM like_ex WHERE name LIKE '%\'%' ORDER BY name`, "John 'alias' Doe"],
      ["SELECT name FROM like_ex WHERE name LIKE '%J%h%^_do%' ESCAPE '^' ORDER BY name", 'John_down'],
      [
        `INSERT INTO like_ex (name) VALUES ('100 times'), ('1000 times'), ('100%');
        SELECT * FROM like_ex WHERE name LIKE '100%' ORDER BY 1`,
        '100 times\n100%\n1000 times',
      ],
      ["SELECT * FROM like_ex WHERE name LIKE '100^%' ESCAPE '^' ORDER BY 1", '100%'],
      [String.raw`SELECT * FROM like_ex WHERE name LIKE '100\\%' ESCAPE '\\' ORDER BY 1`, '100%'],
    ],
  },
  {
    page: 'functions/like_all',
    setup: [
      'CREATE OR REPLACE TABLE like_all_example(name VARCHAR(20))',
      "INSERT INTO like_all_example VALUES ('John  Dddoe'), ('Joe   Doe'), ('John_do%wn'), ('Joe down'), ('Tom   Doe'), ('Tim down'), (null)",
    ],
    examples: [
      [
        "SELECT * FROM like_all_example WHERE name LIKE ALL ('%Jo%oe%','J%e') ORDER BY name",
        'Joe   Doe\nJohn  Dddoe',
      ],
      ["SELECT * FROM like_all_example WHERE name LIKE ALL ('%Jo%oe%','J%n') ORDER BY name", ''],
      [
        "SELECT * FROM like_all_example WHERE name LIKE ALL ('%J%h%^_do%', 'J%^%wn') ESCAPE '^' ORDER BY name",
        'John_do%wn',
      ],
    ],
  },
  {
    page: 'functions/regexp_count',
    setup: [
      'CREATE OR REPLACE TABLE overlap (id NUMBER, a STRING)',
      "INSERT INTO overlap VALUES (1,',abc,def,ghi,jkl,')",
      "INSERT INTO overlap VALUES (2,',abc,,def,,ghi,,jkl,')",
      'CREATE OR REPLACE TABLE regexp_count_demo (dt DATE, messages VARCHAR)',
      `INSERT INTO regexp_count_demo (dt, messages) VALUES ('10-AUG-2025','ER-6842,LG-230,LG-150,ER-3379,ER-6210'),
        ('11-AUG-2025','LG-272,LG-605,LG-683,ER-5577'), ('12-AUG-2025','ER-2207,LG-551,LG-826,ER-6842')`,
    ],
    examples: [
      [
        String.raw`SELECT REGEXP_COUNT('It was the best of times, it was the worst of times', '\\bwas\\b', 1) AS result`,
        '2',
      ],
      ["SELECT REGEXP_COUNT('Excelence', 'e', 1, 'i') AS e_in_excelence", '4'],
      [
        "SELECT id, REGEXP_COUNT(a, '[[:punct:]][[:alnum:]]+[[:punct:]]', 1, 'i') AS result FROM overlap",
        '1 | 2\n2 | 4',
      ],
      [
        'SELECT * FROM regexp_count_demo',
        `2025-08-10 | ER-6842,LG-230,LG-150,ER-3379,ER-6210
        2025-08-11 | LG-272,LG-605,LG-683,ER-5577
        2025-08-12 | ER-2207,LG-551,LG-826,ER-6842`,
      ],
      [
        "SELECT dt, REGEXP_COUNT(messages, ',') + 1 AS message_count FROM regexp_count_demo",
        '2025-08-10 | 5\n2025-08-11 | 4\n2025-08-12 | 4',
      ],
      [
        String.raw`SELECT dt, REGEXP_COUNT(messages, '\\bER-[0-9]{4}') AS number_of_errors FROM regexp_count_demo`,
        '2025-08-10 | 3\n2025-08-11 | 1\n2025-08-12 | 2',
      ],
    ],
  },
  {
    page: 'functions/regexp_instr',
    setup: [
      'CREATE OR REPLACE TABLE demo1 (id INT, string1 VARCHAR)',
      "INSERT INTO demo1 (id, string1) VALUES (1, 'nevermore1, nevermore2, nevermore3.')",
      'CREATE OR REPLACE TABLE demo2 (id INT, string1 VARCHAR)',
      `INSERT INTO demo2 (id, string1) VALUES (2, 'It was the best of times, it was the worst of times.'),
        (3, 'In    the   string   the   extra   spaces  are   redundant.'), (4, 'A thespian theater is nearby.')`,
    ],
    examples: [
      [
        String.raw`SELECT id, REGEXP_SUBSTR(string1, 'nevermore\\d') AS substring, REGEXP_INSTR( string1, 'nevermore\\d') AS position FROM demo1`,
        '1 | nevermore1 | 1',
      ],
      [
        String.raw`SELECT id, REGEXP_SUBSTR(string1, 'nevermore\\d', 5) AS substring, REGEXP_INSTR( string1, 'nevermore\\d', 5) AS position FROM demo1`,
        '1 | nevermore2 | 13',
      ],
      [
        String.raw`SELECT id, REGEXP_SUBSTR(string1, 'nevermore\\d', 1, 3) AS substring, REGEXP_INSTR( string1, 'nevermore\\d', 1, 3, 0) AS start_position,
          REGEXP_INSTR( string1, 'nevermore\\d', 1, 3, 1) AS after_position FROM demo1`,
        '1 | nevermore3 | 25 | 35',
      ],
      [
        `SELECT id, REGEXP_SUBSTR(string1, 'nevermore', 1, 4) AS substring, REGEXP_INSTR( string1, 'nevermore', 1, 4) AS position FROM demo1`,
        '1 | NULL | 0',
      ],
      [
        String.raw`SELECT id, REGEXP_INSTR(string1, 'the\\W+\\w+') AS position FROM demo2 ORDER BY id`,
        '2 | 8\n3 | 7\n4 | 0',
      ],
      [
        String.raw`SELECT id, REGEXP_INSTR(string1, 'the\\W+\\w+', 1, 2) AS position FROM demo2 ORDER BY id`,
        '2 | 34\n3 | 22\n4 | 0',
      ],
      [
        String.raw`SELECT id, REGEXP_INSTR( string1, 'the\\W+(\\w+)', 1, 2, 0, 'e', 1), REGEXP_INSTR( string1, 'the\\W+(\\w+)', 1, 2, 0, 'e'),
          REGEXP_INSTR( string1, 'the\\W+(\\w+)', 1, 2, 0, '', 1) FROM demo2 ORDER BY id`,
        '2 | 38 | 38 | 38\n3 | 28 | 28 | 28\n4 | 0 | 0 | 0',
      ],
    ],
  },
  {
    page: 'functions/position',
    examples: [
      ["SELECT POSITION('an', 'banana', 1)", '2'],
      ["SELECT POSITION('an', 'banana', 3)", '4'],
      [
        `SELECT POSITION(n IN h) FROM (SELECT column1 k, column2 n, column3 h FROM VALUES (1, '', ''), (2, '', 'sth'), (3, '43', '41424344'),
          (4, 'a', NULL), (5, 'dog', 'catalog'), (6, 'log', 'catalog'), (7, 'lésine', 'le péché, la lésine'), (8, 'nicht', 'Ich weiß nicht'),
          (9, 'sth', ''), (10, '☃c', '☃a☃b☃c☃d'), (11, '☃☃', 'bunch of ☃☃☃☃'), (12, '❄c', '❄a☃c❄c☃'), (13, NULL, 'a'), (14, NULL, NULL)) ORDER BY k`,
        '1\n1\n5\nNULL\n0\n5\n14\n10\n0\n5\n10\n5\nNULL\nNULL',
      ],
      ["SELECT POSITION(X'EF', X'ABCDEF')", '3'],
      ["SELECT POSITION(X'BC', X'ABCD')", '0'],
    ],
  },
  {
    page: 'functions/ltrim',
    setup: [
      'CREATE OR REPLACE TABLE test_ltrim_function(column1 VARCHAR)',
      "INSERT INTO test_ltrim_function VALUES ('  #Leading Spaces')",
    ],
    examples: [
      ["SELECT LTRIM('#000000123', '0#')", '123'],
      [
        `SELECT CONCAT('>', CONCAT(column1, '<')) AS original_value, CONCAT('>', CONCAT(LTRIM(column1), '<')) AS trimmed_value FROM test_ltrim_function`,
        '>  #Leading Spaces< | >#Leading Spaces<',
      ],
      [
        "SELECT CONCAT('>', CONCAT(LTRIM(column1, ' #'), '<')) AS trimmed_value FROM test_ltrim_function",
        '>Leading Spaces<',
      ],
    ],
  },
  {
    page: 'functions/lpad',
    setup: [
      'CREATE OR REPLACE TABLE demo_lpad_ids (id VARCHAR)',
      "INSERT INTO demo_lpad_ids VALUES ('5'), ('50'), ('500')",
      'CREATE OR REPLACE TABLE padding_example (v VARCHAR, b BINARY)',
      "INSERT INTO padding_example (v, b) SELECT 'Hi', HEX_ENCODE('Hi')",
      "INSERT INTO padding_example (v, b) SELECT '-123.00', HEX_ENCODE('-123.00')",
      "INSERT INTO padding_example (v, b) SELECT 'Twelve Dollars', TO_BINARY(HEX_ENCODE('Twelve Dollars'), 'HEX')",
    ],
    examples: [
      [
        "SELECT id, LPAD(id, 8, '0') AS padded_ids FROM demo_lpad_ids",
        '5 | 00000005\n50 | 00000050\n500 | 00000500',
      ],
      [
        'SELECT * FROM padding_example',
        `Hi | 4869
        -123.00 | 2D3132332E3030
        Twelve Dollars | 5477656C766520446F6C6C617273`,
      ],
      [
        "SELECT v, LPAD(v, 10, ' ') AS pad_with_blank, LPAD(v, 10, '$') AS pad_with_dollar_sign FROM padding_example ORDER BY v",
        [
          ['-123.00', '   -123.00', '$$$-123.00'],
          ['Hi', '        Hi', '$$$$$$$$Hi'],
          ['Twelve Dollars', 'Twelve Dol', 'Twelve Dol'],
        ],
      ],
      [
        `SELECT b, LPAD(b, 10, TO_BINARY(HEX_ENCODE(' '))) AS pad_with_blank, LPAD(b, 10, TO_BINARY(HEX_ENCODE('$'))) AS pad_with_dollar_sign
          FROM padding_example ORDER BY b`,
        `2D3132332E3030 | 2020202D3132332E3030 | 2424242D3132332E3030
        4869 | 20202020202020204869 | 24242424242424244869
        5477656C766520446F6C6C617273 | 5477656C766520446F6C | 5477656C766520446F6C`,
      ],
      ["SELECT LPAD('123.50', 19, '*_')", '*_*_*_*_*_*_*123.50'],
    ],
  },
  {
    page: 'functions/translate',
    examples: [
      ["SELECT TRANSLATE('peña','ñ','n') AS translation", 'pena'],
      ["SELECT TRANSLATE('❄a❄bX❄dYZ❄','XYZ❄','cef') AS translation", 'abcdef'],
    ],
  },
];
