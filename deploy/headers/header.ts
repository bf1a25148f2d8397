import type { Only } from '../../procedures/object.js';

/** Kinds of objects that a file of sql/ or tasks/ declares: a folder each. */
export const FOLDERS = {
  'sql/tables': 'table',
  'sql/views': 'view',
  'sql/streams': 'stream',
  'sql/functions': 'function',
  'sql/external-functions': 'external-function',
  'sql/file-formats': 'file-format',
  'sql/stages': 'stage',
  tasks: 'task',
} as const;

export type FileKind = (typeof FOLDERS)[keyof typeof FOLDERS];

/** Which role reads or uses an object: LOS_READ, LOS_RUN, LOS_OPERATE, LOS_PATIENTS (rows and lists of patients), or the owner alone. No role writes a table. */
export type Reader = 'read' | 'run' | 'operate' | 'patients' | 'owner';

/**
 * Header of a file, in lines `-- key: value` on top of it. A line `-- …` goes on with the value before it. In values,
 * as in the text below, {{placeholders}} stand for what values.ts has, {{ref:NAME}} for another object, and <DATASET>
 * and <TABLE> in names for the contract's.
 */
export interface Header {
  /** As SHOW reports it, without arguments. */
  readonly name: string;
  /** Exists only there. */
  readonly only?: Only;
  /** Names that it had in earlier releases. */
  readonly formerly?: readonly string[];
  /** Names of objects that must be there first and that the text does not refer to. */
  readonly needs?: readonly string[];
  readonly readers?: Reader;
  /** Yes if its rows are of single patients. */
  readonly patients?: 'yes' | 'no';
  /** Columns that `snowflake.masking` masks: `COLUMN identifier`, `COLUMN sensitive`, …: what `snowflake.masking` masks. */
  readonly masks?: string;
  /** `predictions` if a silent period hides it, with all that reads it. */
  readonly shows?: string;
  /** For a view for LOS_READ: the population of each column, `names: A, B; published: others` (test/deploy/stack/access.test.ts). */
  readonly figures?: string;
  /**
   * Class of a table's rows: `records`, which nothing can compute again, so that apply makes no empty one where there
   * was one and CHECK_TABLES counts them; `derived`, found again from others; `work`, read only while something is
   * under way; `source`, the hospital's.
   */
  readonly holds?: 'records' | 'derived' | 'work' | 'source';
  /** For records: the columns that tell rows apart; with ? behind it one that may be NULL. */
  readonly key?: readonly string[];
  /**
   * Day of records that are never replaced: SQL of the day that a row counts for, no later than what `expires` compares. Left out: rows are
   * replaced by others, and only the loss of many is one.
   */
  readonly day?: string;
  /** For records: the column of the moment at which a row was written, where `day` does not name it. */
  readonly moment?: string;
  /** For records: the statement that sets right what follows from the order of rows, once lost ones are brought back. */
  readonly settle?: string;
  /** For records: a condition on those that are counted. */
  readonly counted?: string;
  /** For a table: the statement that deletes rows older than {{before}}, as watch.keepDays says. Left out: rows stay. */
  readonly expires?: string;
  /** For a table of patients: the statement that erases an admission, whose id it takes once. */
  readonly forget?: string;
  /** For a table: columns that are recomputed, so that nothing is lost with their values. */
  readonly recomputed?: string;
  /** For a table: one that is there already is used as it is. */
  readonly adopt?: 'yes';
  /** For a table: the one that is computed from it; while that has rows, an empty one does not take the place of one that is gone. */
  readonly 'source of'?: string;
  /**
   * For a stream: statements that read everything again when its definition changes. Of a derived table: the one that
   * finds its rows again, after apply has made or changed it over a deployment that works.
   */
  readonly again?: readonly string[];
  /** Fate, for a stream that wakes a task, of its changes where it has to be recreated. */
  readonly restored?: string;
  /** The same: the statement by which a new one holds what waits. */
  readonly touch?: string;
  /** For a stream: others rename its table, and then it is recreated. */
  readonly follows?: 'yes';
  /** For a task: when it starts, in Snowflake's words or `triggered`. */
  readonly schedule?: string;
  /** For a task: the role that may run, suspend and resume it; LOS_RUN sees all. */
  readonly operators?: 'run' | 'operate';
  /** For a task: KIND of the run that it writes into LOS_RUN_LOG. */
  readonly run?: string;
  /** For a function: `NAME TYPE, …`. */
  readonly arguments?: string;
  readonly returns?: string;
  /** For an external function: its translators, and the query for the request translator that was chosen last. */
  readonly request?: string;
  readonly response?: string;
  readonly chosen?: string;
  /** The same: most rows of a batch, and its path below the API's address. */
  readonly rows?: string;
  readonly path?: string;
  /** For a function: a call, for the reference. */
  readonly example?: string;
}

type Key = keyof Header;

const OF_RECORDS: readonly Key[] = ['key', 'day', 'counted', 'settle', 'moment'];
const EVERYWHERE: readonly Key[] = ['name', 'only', 'formerly', 'needs', 'figures', 'shows'];

/** Required and optional keys of each kind. */
const KEYS: Readonly<Record<FileKind, { readonly must: readonly Key[]; readonly may?: readonly Key[] }>> = {
  table: {
    must: ['readers', 'patients', 'holds'],
    may: [...OF_RECORDS, 'again', 'expires', 'forget', 'masks', 'recomputed', 'adopt', 'source of'],
  },
  view: { must: ['readers'], may: ['patients', 'masks'] },
  stream: { must: [], may: ['again', 'restored', 'touch', 'follows'] },
  function: { must: ['readers', 'arguments'], may: ['example'] },
  'external-function': {
    must: ['readers', 'arguments', 'returns', 'request', 'response', 'rows', 'path'],
    may: ['chosen', 'example'],
  },
  'file-format': { must: [] },
  stage: { must: [] },
  task: { must: ['operators'], may: ['schedule', 'run'] },
};

/** Keys of which a value is one of few words. */
const WORDS: Readonly<Partial<Record<Key, readonly string[]>>> = {
  only: 'dates mail challenger columns table origin stream events others planned decisions lists expected ready huddle moves excess'.split(
    ' ',
  ),
  readers: ['read', 'run', 'operate', 'patients', 'owner'],
  operators: ['run', 'operate'],
  patients: ['yes', 'no'],
  holds: ['records', 'derived', 'work', 'source'],
  adopt: ['yes'],
  shows: ['predictions'],
  follows: ['yes'],
};

/** Keys that a statement takes when it runs: once. */
const ONCE: Readonly<Partial<Record<Key, string>>> = { expires: '{{before}}', forget: '?' };

/** Header and statement of a file. */
export interface Declaration {
  readonly kind: FileKind;
  /** Relative to the project. */
  readonly file: string;
  readonly header: Header;
  /** Description of the object for people: the lines of comment after the header. */
  readonly prose: string;
  readonly text: string;
}

/**
 * Reads a file that declares an object.
 * @throws Error that names the file, for a key that its kind does not have, lacks, or says with another word
 */
export function parseDeclaration(file: string, kind: FileKind, source: string): Declaration {
  const lines = source.split('\n');
  const entries: [key: string, value: string][] = [];
  const isKey = (line: string) => /^-- ([a-z]+(?: of)?): (.*)$/.exec(line);
  let at = 0;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const [, key, value] = isKey(line) ?? [];
    const last = entries.at(-1);
    if (key !== undefined && value !== undefined) entries.push([key, value.trim()]);
    else if (last && /^-- {3}/.test(line)) last[1] += ` ${line.slice(2).trim()}`;
    else break;
  }
  const prose: string[] = [];
  for (; (lines[at] ?? '').startsWith('--'); at++) prose.push((lines[at] ?? '').replace(/^-- ?/, ''));
  checkKeys(file, kind, entries);
  if (prose.length === 0) throw new Error(`${file} does not say what it is, in a comment below its header`);
  return {
    kind,
    file,
    header: headerOf(entries),
    prose: prose.join(' ').trim(),
    text: lines.slice(at).join('\n'),
  };
}

function checkKeys(file: string, kind: FileKind, entries: readonly (readonly [string, string])[]): void {
  const { must, may = [] } = KEYS[kind];
  const known: readonly string[] = [...EVERYWHERE, ...must, ...may];
  const keys = entries.map(([key]) => key);
  for (const key of ['name', ...must])
    if (!keys.includes(key)) throw new Error(`${file} declares a ${kind} and does not say "-- ${key}: …"`);
  for (const [key, value] of entries) {
    if (!known.includes(key))
      throw new Error(`${file} says "-- ${key}:"; a ${kind} may say ${known.join(', ')}`);
    if (key !== 'again' && keys.indexOf(key) !== keys.lastIndexOf(key))
      throw new Error(`${file} says "-- ${key}:" twice`);
    const place = ONCE[key as Key];
    if (place !== undefined && value.split(place).length !== 2)
      throw new Error(`${file}: "-- ${key}:" has ${place} once, no more and no less`);
    const words = WORDS[key as Key];
    if (words && !words.includes(value))
      throw new Error(`${file} says "-- ${key}: ${value}"; it can be ${words.join(', ')}`);
  }
  const of = (key: string) => entries.find(([own]) => own === key)?.[1];
  if (kind === 'table' && (of('patients') === 'yes') !== (of('forget') !== undefined))
    throw new Error(
      `${file}: a table of patients says "-- forget: …", by which an admission is erased, and no other does`,
    );
  if ((kind === 'table' || kind === 'view') && (of('patients') === 'yes') !== (of('masks') !== undefined))
    throw new Error(
      `${file}: a ${kind} of patients says "-- masks: …", the columns that name a patient or tell much of one, and no other does`,
    );
  for (const [holds, key] of Object.entries({ records: 'key', derived: 'again' }))
    if (kind === 'table' && (of('holds') === holds) !== (of(key) !== undefined))
      throw new Error(`${file}: a table of "-- holds: ${holds}" says "-- ${key}: …", and no other does`);
  if (/view|table/.test(kind) && /^(read|run)$/.test(of('readers') ?? '') && of('figures') === undefined)
    throw new Error(`${file}: a ${kind} for readers says "-- figures: …", the population of each column`);
}

function headerOf(entries: readonly (readonly [string, string])[]): Header {
  const list = (value: string) => value.split(',').map((name) => name.trim());
  const header: Record<string, unknown> = {};
  for (const [key, value] of entries)
    if (key === 'needs' || key === 'formerly' || key === 'key') header[key] = list(value);
    else if (key === 'again') header[key] = [...((header[key] as string[] | undefined) ?? []), value];
    else header[key] = value;
  return header as unknown as Header;
}
