import Handlebars from 'handlebars';
import { isNumber } from '../../procedures/dataset/column-rules.js';
import { template } from '../../report/templates.js';
import { isCalled } from '../naming/column-names.js';
import type { ColumnProfile } from '../profiling/profile.js';
import type { DraftFeatures } from './features.js';
import type { Roles } from './roles.js';
import type { Door, Findings, Omissions } from './types.js';

/** All that stands in a draft. */
export interface Draft {
  readonly name: string;
  readonly door: Door;
  readonly columns: readonly ColumnProfile[];
  /** Columns that may be features: among them those that may say where the patient is. */
  readonly candidates: readonly ColumnProfile[];
  readonly after: ReadonlyMap<ColumnProfile, string>;
  readonly leftOut: Omissions;
  readonly roles: Roles;
  readonly features: DraftFeatures;
  readonly markers: readonly string[];
  readonly findings: Findings;
}

/** Most wards: of more, a column is hardly the name of one. */
const MOST_WARDS = 300;

/** In a comment, on one line whatever a header has in it. */
const onOneLine = (text: string) => text.replace(/\s+/g, ' ');

/** The draft as YAML. What is open stands in it as a comment, so that the contract is refused until it is decided. */
export function contractText(draft: Draft): string {
  const { roles, features, markers, findings } = draft;
  const { los, split } = roles;
  const [a, b] = split?.levels ?? [];
  const [training, holdout] = /test|hold|valid/i.test(a ?? '') ? [b, a] : [a, b];
  const leftOut = new Map<string, string[]>();
  for (const [{ name }, why] of draft.leftOut) leftOut.set(why, [...(leftOut.get(why) ?? []), name]);
  const fill = Handlebars.compile(template('contract.yaml.hbs'), { noEscape: true });
  return fill(
    {
      ...draft,
      ...roles,
      door: 'query' in draft.door ? '# Which rows: query, at the end.' : doorText(draft.door),
      query: 'query' in draft.door ? doorText(draft.door) : undefined,
      training,
      holdout,
      losIsNumber: isNumber(los?.type ?? ''),
      looks: [...findings.open, ...findings.looks].map(onOneLine),
      notes: findings.notes.map(onOneLine),
      places: roles.admission ? placesIn(draft.candidates) : [],
      after: [...draft.after].map(([{ name }, what]) => ({ name, what })),
      columns: draft.columns.map((column) => ({ name: column.name, text: columnText(column, markers) })),
      leftOut: [...leftOut].map(([why, names]) => ({ why: onOneLine(why), names: names.join(', ') })),
      features: features.lines,
      groups: features.groups,
    },
    { helpers: { json: (value: unknown) => JSON.stringify(value) } },
  );
}

function doorText(door: Door): string {
  if ('table' in door) return `table: ${door.table}`;
  if ('source' in door) return `source: ${door.source}`;
  return `query: |\n${door.query.replace(/^/gm, '  ')}`;
}

/** Suggests what may say where the patient is, for forecasts of beds: a suggestion. */
function placesIn(columns: readonly ColumnProfile[]): { key: string; name: string }[] {
  return ['ward', 'department'].flatMap((key) => {
    const column = columns.find(
      ({ name, distinct }) => isCalled(key, name) && distinct > 1 && distinct <= MOST_WARDS,
    );
    return column ? [{ key, name: column.name }] : [];
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
