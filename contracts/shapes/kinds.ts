import { FEWEST_PATIENTS } from '../../procedures/ground/small-groups.js';
import type { Table } from '../../report/mail/events.js';
import type { Shape } from './shape.js';

/** Visits of one kind, as a shape's kinds.sql counts them: how many of each sort, and of how many patients. */
export type Kind = {
  readonly KIND: string;
  readonly IN_WARDS: number | null;
} & Readonly<
  Record<'VISITS' | 'PATIENTS' | `${Sort | 'STAYS'}` | `${Sort | 'STAYS' | 'IN_WARDS'}_PATIENTS`, number>
>;

type Sort = (typeof NIGHTS)[number];

/** By how many nights they are. */
const NIGHTS = ['SAME_DAY', 'ONE_NIGHT', 'MORE_NIGHTS'] as const;

/** A kind by its code and, where it has some, words. */
export function nameKind({ kinds = {} }: Shape, kind: string): string {
  const words = kinds[kind];
  return words ? `${kind} (${words})` : kind || '(none)';
}

const TOO_FEW = `< ${FEWEST_PATIENTS}`;

/**
 * Counts visits of each kind, of how many nights, and which are stays, for people: no figure about fewer than ten
 * patients, nor one from which it follows.
 */
export function kindsTable(shape: Shape, kinds: readonly Kind[]): Table {
  const inWards = kinds.some(({ IN_WARDS }) => IN_WARDS !== null);
  const places = inWards ? ['in wards'] : [];
  return {
    title: '',
    columns: [shape.title, 'visits', 'same day', 'one night', 'more', ...places, 'taken as stays'],
    rows: kinds.map((kind) => [
      nameKind(shape, kind.KIND),
      cell(kind.VISITS, kind.PATIENTS),
      ...nights(kind),
      ...(inWards ? [share(kind, Number(kind.IN_WARDS ?? 0), kind.IN_WARDS_PATIENTS)] : []),
      share(kind, kind.STAYS, kind.STAYS_PATIENTS),
    ]),
  };
}

function isFew(visits: number, patients: number): boolean {
  return Number(visits) > 0 && Number(patients) < FEWEST_PATIENTS;
}

function cell(visits: number, patients: number): string {
  return isFew(visits, patients) ? TOO_FEW : Number(visits).toLocaleString('en-US');
}

/** Says how many nights. Where one of the three is of few patients, the others show only that they are not: together they are all visits. */
function nights(kind: Kind): string[] {
  const parts = NIGHTS.map((name) => ({ visits: kind[name], patients: kind[`${name}_PATIENTS`] }));
  const hidden = parts.some(({ visits, patients }) => isFew(visits, patients));
  return parts.map(({ visits, patients }) => {
    const text = cell(visits, patients);
    return hidden && text !== TOO_FEW && text !== '0' ? 'some' : text;
  });
}

/** A part of a kind's visits, where neither it nor the rest is of few. */
function share(kind: Kind, visits: number, patients: number): string {
  const rest = Number(kind.VISITS) - Number(visits);
  if (Number(visits) === 0) return 'none';
  if (rest === 0) return 'all';
  const text = cell(visits, patients);
  return text !== TOO_FEW && rest < FEWEST_PATIENTS ? 'nearly all' : text;
}
