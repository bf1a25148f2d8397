import type { Page } from './page.js';

export const encodings: Page[] = [
  {
    page: 'functions/md5_binary',
    setup: [
      'CREATE OR REPLACE TABLE binary_demo (b BINARY)',
      "INSERT INTO binary_demo (b) SELECT MD5_BINARY('Snowflake')",
    ],
    examples: [
      ["SELECT md5_binary('Snowflake')", 'EDF1439075A83A447FB8B630DDC9C8DE'],
      [
        "SELECT TO_VARCHAR(b, 'HEX') AS hex_representation FROM binary_demo",
        'EDF1439075A83A447FB8B630DDC9C8DE',
      ],
    ],
  },
  {
    page: 'functions/md5_number_lower64',
    examples: [["select md5_number_lower64('Snowflake')", '9203306159527282910']],
  },
  {
    page: 'functions/md5_number_upper64',
    examples: [["select md5_number_upper64('Snowflake')", '17145559544104499780']],
  },
  {
    page: 'functions/sha1_binary',
    setup: [
      'CREATE OR REPLACE TABLE sha_table( v VARCHAR, v_as_sha1 VARCHAR, v_as_sha1_hex VARCHAR, v_as_sha1_binary BINARY, v_as_sha2 VARCHAR, v_as_sha2_hex VARCHAR, v_as_sha2_binary BINARY )',
      "INSERT INTO sha_table(v) VALUES ('AbCd0')",
      'UPDATE sha_table SET v_as_sha1 = SHA1(v), v_as_sha1_hex = SHA1_HEX(v), v_as_sha1_binary = SHA1_BINARY(v), v_as_sha2 = SHA2(v), v_as_sha2_hex = SHA2_HEX(v), v_as_sha2_binary = SHA2_BINARY(v)',
    ],
    examples: [
      ["SELECT sha1_binary('Snowflake')", 'FDA76B0BCC1E87CF259B1D1E3271D76F590FB5DD'],
      [
        'SELECT v, v_as_sha1_binary FROM sha_table ORDER BY v',
        'AbCd0 | 9DDB991863D53B35A52C490DB256207C776AB8D8',
      ],
    ],
  },
  {
    page: 'functions/sha1',
    setup: [
      'CREATE OR REPLACE TABLE sha_table( v VARCHAR, v_as_sha1 VARCHAR, v_as_sha1_hex VARCHAR, v_as_sha1_binary BINARY, v_as_sha2 VARCHAR, v_as_sha2_hex VARCHAR, v_as_sha2_binary BINARY )',
      "INSERT INTO sha_table(v) VALUES ('AbCd0')",
      'UPDATE sha_table SET v_as_sha1 = SHA1(v), v_as_sha1_hex = SHA1_HEX(v), v_as_sha1_binary = SHA1_BINARY(v), v_as_sha2 = SHA2(v), v_as_sha2_hex = SHA2_HEX(v), v_as_sha2_binary = SHA2_BINARY(v)',
    ],
    examples: [
      ["SELECT sha1('Snowflake')", 'fda76b0bcc1e87cf259b1d1e3271d76f590fb5dd'],
      [
        'SELECT v, v_as_sha1, v_as_sha1_hex FROM sha_table ORDER BY v',
        'AbCd0 | 9ddb991863d53b35a52c490db256207c776ab8d8 | 9ddb991863d53b35a52c490db256207c776ab8d8',
      ],
    ],
  },
  {
    page: 'functions/sha2',
    setup: [
      'CREATE OR REPLACE TABLE sha_table( v VARCHAR, v_as_sha1 VARCHAR, v_as_sha1_hex VARCHAR, v_as_sha1_binary BINARY, v_as_sha2 VARCHAR, v_as_sha2_hex VARCHAR, v_as_sha2_binary BINARY )',
      "INSERT INTO sha_table(v) VALUES ('AbCd0')",
      'UPDATE sha_table SET v_as_sha1 = SHA1(v), v_as_sha1_hex = SHA1_HEX(v), v_as_sha1_binary = SHA1_BINARY(v), v_as_sha2 = SHA2(v), v_as_sha2_hex = SHA2_HEX(v), v_as_sha2_binary = SHA2_BINARY(v)',
    ],
    examples: [
      ["SELECT sha2('Snowflake', 224)", '6267d3d7a59929e6864dd4b737d98e3ef8569d9f88a7466647838532'],
      [
        'SELECT v, v_as_sha2, v_as_sha2_hex FROM sha_table ORDER BY v',
        'AbCd0 | e1d8ba27889d6782008f495473278c4f071995c5549a976e4d4f93863ce93643 | e1d8ba27889d6782008f495473278c4f071995c5549a976e4d4f93863ce93643',
      ],
    ],
  },
  {
    page: 'functions/sha2_binary',
    setup: [
      'CREATE OR REPLACE TABLE sha_table( v VARCHAR, v_as_sha1 VARCHAR, v_as_sha1_hex VARCHAR, v_as_sha1_binary BINARY, v_as_sha2 VARCHAR, v_as_sha2_hex VARCHAR, v_as_sha2_binary BINARY )',
      "INSERT INTO sha_table(v) VALUES ('AbCd0')",
      'UPDATE sha_table SET v_as_sha1 = SHA1(v), v_as_sha1_hex = SHA1_HEX(v), v_as_sha1_binary = SHA1_BINARY(v), v_as_sha2 = SHA2(v), v_as_sha2_hex = SHA2_HEX(v), v_as_sha2_binary = SHA2_BINARY(v)',
    ],
    examples: [
      [
        "SELECT sha2_binary('Snowflake', 384)",
        '736BD8A53845348830B1EE63A8CD3972F031F13B111F66FFDEC2271A7AE709662E503A0CA305BD50DA8D1CED48CD45D9',
      ],
      [
        'SELECT v, v_as_sha2_binary FROM sha_table ORDER BY v',
        'AbCd0 | E1D8BA27889D6782008F495473278C4F071995C5549A976E4D4F93863CE93643',
      ],
    ],
  },
  {
    page: 'functions/base64_decode_string',
    setup: [
      'CREATE OR REPLACE TABLE base64_table (v VARCHAR, base64_string VARCHAR)',
      "INSERT INTO base64_table (v) VALUES ('HELLO')",
      'UPDATE base64_table SET base64_string = BASE64_ENCODE(v)',
    ],
    examples: [
      ["SELECT BASE64_DECODE_STRING('U25vd2ZsYWtl')", 'Snowflake'],
      [
        'SELECT v, base64_string, BASE64_DECODE_STRING(base64_string) FROM base64_table',
        'HELLO | SEVMTE8= | HELLO',
      ],
    ],
  },
  {
    page: 'functions/base64_encode',
    setup: [
      'CREATE OR REPLACE TABLE base64_table (v VARCHAR, base64_string VARCHAR)',
      "INSERT INTO base64_table (v) VALUES ('HELLO')",
      'UPDATE base64_table SET base64_string = BASE64_ENCODE(v)',
    ],
    examples: [
      ["SELECT BASE64_ENCODE('Snowflake')", 'U25vd2ZsYWtl'],
      [
        "SELECT BASE64_ENCODE('Snowflake ❄❄❄ Snowman ☃☃☃',32,'$')",
        [
          [
            `U25vd2ZsYWtlIOKdhOKdhOKdhCBTbm93
bWFuIOKYg$KYg$KYgw==`,
          ],
        ],
      ],
      [
        'SELECT v, base64_string, BASE64_DECODE_STRING(base64_string) FROM base64_table',
        'HELLO | SEVMTE8= | HELLO',
      ],
    ],
  },
  {
    page: 'functions/hex_decode_binary',
    setup: [
      'CREATE OR REPLACE TABLE binary_table (v VARCHAR, b BINARY)',
      "INSERT INTO binary_table (v, b) SELECT 'HELLO', HEX_DECODE_BINARY(HEX_ENCODE('HELLO'))",
    ],
    examples: [
      ['SELECT v, b, HEX_DECODE_STRING(TO_VARCHAR(b)) FROM binary_table', 'HELLO | 48454C4C4F | HELLO'],
      ["SELECT HEX_DECODE_BINARY(HEX_ENCODE(MD5_BINARY('Snowflake')))", 'EDF1439075A83A447FB8B630DDC9C8DE'],
    ],
  },
  {
    page: 'functions/hex_decode_string',
    setup: [
      'CREATE OR REPLACE TABLE binary_table (v VARCHAR, b BINARY)',
      "INSERT INTO binary_table (v, b) SELECT 'HELLO', HEX_DECODE_BINARY(HEX_ENCODE('HELLO'))",
    ],
    examples: [
      ["SELECT HEX_DECODE_STRING('536E6F77666C616B65')", 'Snowflake'],
      ["SELECT HEX_DECODE_STRING('536e6f77666c616b65')", 'Snowflake'],
      ['SELECT v, b, HEX_DECODE_STRING(TO_VARCHAR(b)) FROM binary_table', 'HELLO | 48454C4C4F | HELLO'],
    ],
  },
  {
    page: 'functions/hex_encode',
    examples: [
      ["SELECT HEX_ENCODE('Snowflake')", '536E6F77666C616B65'],
      ["SELECT HEX_ENCODE('Snowflake',0)", '536e6f77666c616b65'],
    ],
  },
  {
    page: 'functions/try_base64_decode_binary',
    setup: [
      'CREATE OR REPLACE TABLE base64 (v VARCHAR, base64_encoded_varchar VARCHAR, b BINARY)',
      "INSERT INTO base64 (v, base64_encoded_varchar, b) SELECT 'HELP', BASE64_ENCODE('HELP'), TRY_BASE64_DECODE_BINARY(BASE64_ENCODE('HELP'))",
    ],
    examples: [
      [
        "SELECT v, base64_encoded_varchar, TO_VARCHAR(b, 'BASE64'), TO_VARCHAR(b, 'UTF-8') FROM base64",
        'HELP | SEVMUA== | SEVMUA== | HELP',
      ],
    ],
  },
  {
    page: 'functions/try_base64_decode_string',
    setup: [
      'CREATE OR REPLACE TABLE base64 (v VARCHAR, base64_string VARCHAR, garbage VARCHAR)',
      "INSERT INTO base64 (v, base64_string, garbage) SELECT 'HELLO', BASE64_ENCODE('HELLO'), '127'",
    ],
    examples: [
      ["SELECT TRY_BASE64_DECODE_STRING(BASE64_ENCODE('HELLO'))", 'HELLO'],
      [
        'SELECT v, base64_string, TRY_BASE64_DECODE_STRING(base64_string), TRY_BASE64_DECODE_STRING(garbage) FROM base64',
        'HELLO | SEVMTE8= | HELLO | NULL',
      ],
    ],
  },
  {
    page: 'functions/try_hex_decode_binary',
    setup: [
      'CREATE OR REPLACE TABLE hex (v VARCHAR, b BINARY)',
      "INSERT INTO hex (v, b) SELECT 'ABab', TRY_HEX_DECODE_BINARY(HEX_ENCODE('ABab'))",
    ],
    examples: [['SELECT v, b, TRY_HEX_DECODE_STRING(TO_VARCHAR(b)) FROM hex', 'ABab | 41426162 | ABab']],
  },
  {
    page: 'functions/try_hex_decode_string',
    setup: [
      'CREATE OR REPLACE TABLE hex (v VARCHAR, hex_string VARCHAR, garbage VARCHAR)',
      "INSERT INTO hex (v, hex_string, garbage) SELECT 'AaBb', HEX_ENCODE('AaBb'), '127'",
    ],
    examples: [
      [
        'SELECT v, hex_string, TRY_HEX_DECODE_STRING(hex_string), TRY_HEX_DECODE_STRING(garbage) FROM hex',
        'AaBb | 41614262 | AaBb | NULL',
      ],
    ],
  },
  {
    page: 'functions/try_to_binary',
    setup: [
      'CREATE OR REPLACE TABLE strings (v VARCHAR, hex_encoded_string VARCHAR, b BINARY)',
      "INSERT INTO strings (v) VALUES ('01'), ('A B'), ('Hello'), (NULL)",
      'UPDATE strings SET hex_encoded_string = HEX_ENCODE(v)',
      "UPDATE strings SET b = TRY_TO_BINARY(hex_encoded_string, 'HEX')",
    ],
    examples: [
      [
        "SELECT v, hex_encoded_string, TO_VARCHAR(b, 'UTF-8') FROM strings ORDER BY v",
        `01 | 3031 | 01
A B | 412042 | A B
Hello | 48656C6C6F | Hello
NULL | NULL | NULL`,
      ],
    ],
  },
  {
    page: 'functions/to_binary',
    setup: [
      'CREATE OR REPLACE TABLE binary_test (v VARCHAR, b BINARY)',
      "INSERT INTO binary_test(v) VALUES ('SNOW')",
      "UPDATE binary_test SET b = TO_BINARY(HEX_ENCODE(v), 'HEX')",
    ],
    examples: [
      ["SELECT v, HEX_DECODE_STRING(TO_VARCHAR(b, 'HEX')) FROM binary_test", 'SNOW | SNOW'],
      ["SELECT TO_BINARY('SNOW', 'utf-8')", '534E4F57'],
      ["SELECT TO_VARCHAR(TO_BINARY('SNOW', 'utf-8'), 'HEX')", '534E4F57'],
    ],
  },
  {
    page: 'functions/bit_length',
    setup: [
      'CREATE OR REPLACE TABLE bl (v VARCHAR, b BINARY)',
      "INSERT INTO bl (v, b) VALUES ('abc', NULL), ('\\u0394', X'A1B2')",
    ],
    examples: [
      [
        'SELECT v, b, BIT_LENGTH(v), BIT_LENGTH(b) FROM bl ORDER BY v',
        `abc | NULL | 24 | NULL
Δ | A1B2 | 16 | 16`,
      ],
    ],
  },
  {
    page: 'functions/octet_length',
    examples: [["SELECT OCTET_LENGTH('abc'), OCTET_LENGTH('\\u0392'), OCTET_LENGTH(X'A1B2')", '3 | 2 | 2']],
  },
  {
    page: 'binary-input-output',
    setup: [
      'CREATE OR REPLACE TABLE binary_table (v VARCHAR, b BINARY)',
      "INSERT INTO binary_table (v, b) SELECT 'AB', TO_BINARY('AB')",
      'CREATE OR REPLACE TABLE demo_binary (b BINARY)',
      "INSERT INTO demo_binary (b) SELECT TO_BINARY('HELP', 'UTF-8')",
    ],
    examples: [
      ['SELECT v, b FROM binary_table', 'AB | AB'],
      ['SELECT TO_VARCHAR(b), HEX_DECODE_STRING(TO_VARCHAR(b)) FROM demo_binary', '48454C50 | HELP'],
      [
        "SELECT 'HELP', HEX_ENCODE('HELP'), b, HEX_DECODE_STRING(HEX_ENCODE('HELP')), TO_VARCHAR(b), HEX_DECODE_STRING(TO_VARCHAR(b)) FROM demo_binary",
        'HELP | 48454C50 | 48454C50 | HELP | 48454C50 | HELP',
      ],
      [
        "SELECT 'HELP', BASE64_ENCODE('HELP'), BASE64_DECODE_STRING(BASE64_ENCODE('HELP')), TO_VARCHAR(b, 'BASE64'), BASE64_DECODE_STRING(TO_VARCHAR(b, 'BASE64')) FROM demo_binary",
        'HELP | SEVMUA== | HELP | SEVMUA== | HELP',
      ],
      ["SELECT 'HELP', TO_VARCHAR(b, 'UTF-8') FROM demo_binary", 'HELP | HELP'],
    ],
  },
  { page: 'binary-examples', examples: [["SELECT to_char(X'41424320E29D84', 'utf-8')", 'ABC ❄']] },
];
