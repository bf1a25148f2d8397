import { isCalled } from '../naming/column-names.js';
import type { ColumnProfile } from '../profiling/profile.js';
import type { Findings, LeftOut } from './draft-contract.js';
import type { DraftFeatures } from './features.js';
import type { Roles } from './roles.js';

/** All that stands in a draft. */
export interface Draft {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly ColumnProfile[];
  /** Columns that may be features: among them those that may say where the patient is. */
  readonly candidates: readonly ColumnProfile[];
  readonly after: ReadonlyMap<ColumnProfile, string>;
  readonly leftOut: LeftOut;
  readonly roles: Roles;
  readonly features: DraftFeatures;
  readonly markers: readonly string[];
  readonly findings: Findings;
}

/** The draft as YAML. What is open stands in it as a comment, so that the contract is refused until it is decided. */
export function contractText({
  name,
  table,
  columns,
  candidates,
  after,
  leftOut,
  roles,
  features,
  markers,
  findings: { notes, looks, open },
}: Draft): string {
  return [
    '# A first contract, written by looking at the data. Read every line: which columns are known on admission',
    '# cannot be seen in the data. docs/contract.md says what each key means.',
    ...[...open, ...looks].map((what) => comment(`LOOK: ${what}`)),
    ...notes.map(comment),
    `name: ${name}`,
    `table: ${table}`,
    ...roleLines(roles),
    ...(roles.admission ? placeLines(candidates) : []),
    ...(after.size > 0
      ? [
          '',
          '# LOOK: a guess.',
          'afterAdmission:',
          ...[...after].map(([c, what]) => `  - ${c.name} # ${what}`),
        ]
      : []),
    ...(markers.length > 0 ? ['', `nulls: ${JSON.stringify(markers)}`] : []),
    '',
    'columns:',
    ...columns.map((column) => `  ${column.name}: ${columnText(column, markers)}`),
    '',
    ...leftOutLines(leftOut),
    'features:',
    ...features.lines,
    '',
    ...(features.groups.length > 0 ? ['groups:', ...features.groups.map((group) => `  - [${group}]`)] : []),
    '',
  ].join('\n');
}

/** The columns that are no features, by the reason. */
function leftOutLines(leftOut: LeftOut): string[] {
  const names = new Map<string, string[]>();
  for (const [{ name }, why] of leftOut) names.set(why, [...(names.get(why) ?? []), name]);
  return [...names].map(([why, columns]) => comment(`Left out, ${why}: ${columns.join(', ')}.`));
}

/** In a comment, on one line whatever a header has in it. */
function comment(text: string): string {
  return `# ${text.replace(/\s+/g, ' ')}`;
}

const LOOK = ' # LOOK: see above';

function roleLines({
  id,
  patient,
  admission,
  discharge,
  los,
  split,
  guessedDates,
  doubtfulId,
}: Roles): string[] {
  const dated = admission && discharge;
  const [a, b] = split?.levels ?? [];
  const trainingLevel = /test|hold|valid/i.test(a ?? '') ? b : a;
  const holdoutLevel = trainingLevel === a ? b : a;
  return [
    id ? `id: ${id.name}${doubtfulId ? LOOK : ''}` : '# id: LOOK: see above',
    ...(patient ? [`patient: ${patient.name}`] : []),
    ...(dated
      ? [
          `admission: ${admission.name}${guessedDates ? LOOK : ''}`,
          `discharge: ${discharge.name}${guessedDates ? LOOK : ''}`,
        ]
      : [
          los ? `los: ${los.name}${/^(NUMBER|FLOAT)$/.test(los.type) ? '' : LOOK}` : '# los: LOOK: see above',
        ]),
    ...(split
      ? [
          `split: { column: ${split.name}, training: ${JSON.stringify(trainingLevel)}, holdout: ${JSON.stringify(holdoutLevel)} } # LOOK: which is which`,
        ]
      : []),
  ];
}

/** Of more wards than this a column is hardly the name of one. */
const MOST_WARDS = 300;

/** What may say where the patient is, for forecasts of beds; a suggestion, in a comment. */
function placeLines(columns: readonly ColumnProfile[]): string[] {
  return ['ward', 'department'].flatMap((key) => {
    const column = columns.find(
      ({ name, distinct }) => isCalled(key, name) && distinct > 1 && distinct <= MOST_WARDS,
    );
    return column ? [`# ${key}: ${column.name} # take the # away to have beds forecast by it`] : [];
  });
}

/** The type, and with it what table and files call the column and how they write it, where that is not plain. */
function columnText(
  { name, source, header, type, nulls, dates, decimal }: ColumnProfile,
  markers: readonly string[],
): string {
  const more = {
    ...(source === name ? {} : { source }),
    ...(header === undefined ? {} : { header }),
    // Its own markers take the place of those for all columns.
    ...(nulls ? { nulls: [...new Set([...nulls, ...markers])] } : {}),
    ...(dates?.order ? { order: dates.order } : {}),
    ...(decimal ? { decimal } : {}),
  };
  const keys = Object.entries(more);
  if (keys.length === 0) return type;
  return `{ type: ${type}, ${keys.map(([key, value]) => `${key}: ${key === 'order' ? value : JSON.stringify(value)}`).join(', ')} }`;
}
