// Statements made from others by chance, the same ones for the same seed.

/** Numbers from 0 up to 1 that a seed decides (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** What stands at the edges of types, of names and of the grammar. */
const EDGES =
  `0 -1 1 2 0.5 1e308 1e-400 9223372036854775807 99999999999999999999999999999999999999 -128 NULL TRUE '' 'a'
'NaN' '2024-02-30' '0001-01-01'::DATE '9999-12-31'::TIMESTAMP '12:00:00'::TIME ? $x $1 :1 ( ) [] {} , . * :: : ; -> => % || / - +
( SELECT ) AND OR NOT IN BETWEEN LIKE IS CASE WHEN THEN ELSE END OVER () WITH x AS FROM WHERE GROUP BY ALL HAVING QUALIFY
ORDER LIMIT OFFSET UNION EXCEPT INTERSECT JOIN LEFT ON USING LATERAL FLATTEN TABLE VALUES DISTINCT PIVOT SAMPLE ROWS RANGE
UNBOUNDED PRECEDING ILIKE ANY RLIKE ESCAPE AT BEFORE IGNORE NULLS WITHIN FILTER ARRAY OBJECT VARIANT NUMBER(38,37) NUMBER(2,1)
VARCHAR(3) BINARY DATE TIME TIMESTAMP_TZ FLOAT BOOLEAN DECFLOAT "" "a" a _ IDENTIFIER REPEAT('a',1000000000) RANDOM() PI()
CURRENT_TIMESTAMP() PARSE_JSON('{"a":[1,null,{"b":"x"}]}') ARRAY_CONSTRUCT(1,'a',NULL) OBJECT_CONSTRUCT('k',1) TO_VARIANT(1)
'\\\\' 'a''b' 'é😀' $$text$$ --\n /* // # @ ~ ^ ! { } INTERVAL '1 day' SPACE(1000000000) LPAD('a',1000000000,'b') SEQ4()
GENERATOR(ROWCOUNT=>3) COUNT(*) SUM(1) LISTAGG(1,',') MAX(NULL) ROW_NUMBER() DATEADD DATEDIFF day 'day' TO_DATE TO_CHAR`
    .split(/[ \n]+/)
    .filter(Boolean);

const TOKEN =
  /'(?:[^'\\]|''|\\.)*'|"[^"]*"|\$\$[\s\S]*?\$\$|[A-Za-z_][\w$]*|\d+(?:\.\d+)?|\s+|::|=>|->|\|\||<>|<=|>=|!=|./gs;
const tokens = (sql: string) => sql.match(TOKEN) ?? [];

/** One to four changes of one statement; others lend it pieces. */
export function mutated(seeds: readonly string[], random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  let words = tokens(pick(seeds));
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
    const at = Math.floor(random() * words.length);
    const until = at + 1 + Math.floor(random() * 6);
    const piece = () => {
      const other = tokens(pick(seeds));
      const from = Math.floor(random() * other.length);
      return other.slice(from, from + 1 + Math.floor(random() * 12));
    };
    const change = [
      () => words.splice(at, 1),
      () => words.splice(at, until - at),
      () => words.splice(at, 0, ...words.slice(at, until)),
      () => words.splice(at, 1, pick(EDGES)),
      () => words.splice(at, 1, pick(EDGES)),
      () => words.splice(at, 0, ' ', pick(EDGES), ' '),
      () => words.splice(at, until - at, ...piece()),
      () => words.splice(at, 0, ' ', ...piece(), ' '),
      () => words.splice(at, 1, `(${words[at]})`),
      () => {
        words = ['SELECT * FROM (', ...words, ') ', pick(EDGES)];
      },
      () => {
        words = [
          'WITH w AS (',
          ...words,
          ') SELECT COUNT(*), ',
          pick(EDGES),
          ' FROM w GROUP BY ',
          pick(EDGES),
        ];
      },
    ];
    pick(change)();
    if (words.length === 0) words = ['SELECT'];
  }
  return words.join('');
}
