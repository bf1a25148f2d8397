import { localRefusal, type SnowflakeError } from '../errors.js';

/** Built-in functions of Snowflake's that are not built here, each group with the reason and what to do instead. */
const GROUPS: [names: RegExp, why: string, instead?: string][] = [
  [
    /^(TRY_)?(EN|DE)CRYPT(_RAW)?$/,
    'keys and passphrases are not handled here',
    'Encrypt in the application.',
  ],
  [/^(DE)?COMPRESS(_BINARY|_STRING)?$/, 'its compressed bytes could not be the same as Snowflake’s'],
  [/^COLLAT(E|ION)$/, 'texts compare by their code points only', 'Compare UPPER(…) of both sides.'],
  [
    /^(MINHASH(_COMBINE)?|APPROXIMATE_(SIMILARITY|JACCARD_INDEX))$/,
    'MinHash states are private to Snowflake',
  ],
  [
    /^(HLL|APPROX_PERCENTILE|APPROX_TOP_K)_(ACCUMULATE|COMBINE|ESTIMATE|EXPORT|IMPORT)$/,
    'the states of approximate aggregates are private to Snowflake',
    'Aggregate the rows themselves.',
  ],
  [/^BITMAP_/, 'bitmaps are private to Snowflake', 'Use COUNT(DISTINCT …).'],
  [/^MAP_/, 'the type MAP is not built', 'Use an OBJECT and OBJECT_INSERT, OBJECT_DELETE, OBJECT_KEYS.'],
  [/^(ST|H3)_|^(TRY_)?TO_GEO(GRAPHY|METRY)$/, 'geospatial types are not built'],
  [/^VECTOR_/, 'the type VECTOR is not built'],
  [/^(AI|CORTEX|SNOWFLAKE)_|^PROMPT$/, 'no language model runs here'],
  [/^DP_INTERVAL_/, 'privacy policies are not built'],
  [/^IS_(APPLICATION|DATABASE)_ROLE_IN_SESSION$/, 'roles of applications and databases are not built'],
  [/^(LAST_TRANSACTION|ALL_USER_NAMES)$/, 'it is not built', 'Use SHOW TRANSACTIONS or SHOW USERS.'],
  [/^SEARCH(_IP)?$/, 'full-text search is not built', 'Use CONTAINS, ILIKE or REGEXP_LIKE.'],
  [/^PARSE_IP$/, 'it is not built', 'Use SPLIT_PART and the bit functions.'],
  [/^ZIPF$/, 'this distribution is not built', 'Use UNIFORM or NORMAL.'],
  [
    /^(AS|IS)_(DATE|DATE_VALUE|TIME|TIMESTAMP_(NTZ|LTZ|TZ)|BINARY)$/,
    'VARIANTs hold JSON here, in which dates, times and bytes are texts',
    'Cast with ::DATE, ::TIMESTAMP_NTZ …, or TRY_TO_DATE(v::VARCHAR).',
  ],
  // Any that is not built: Snowflake has more of them than its documentation, for its own clients.
  [/^SYSTEM\$[A-Z]/, 'this function of the system is not built'],
  [/^(MODEL_MONITOR|DATA_QUALITY|FL_|BUILD_|GET_PRESIGNED_URL|TO_FILE)/, 'files and models are not built'],
];

/** The refusal for a function of Snowflake's that is not built; undefined if Snowflake has none of this name. */
export function refusalOf(name: string): SnowflakeError | undefined {
  const group = GROUPS.find(([names]) => names.test(name));
  return group && localRefusal(name, group[1], group[2]);
}
