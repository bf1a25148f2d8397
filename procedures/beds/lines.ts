import { flatMap, sortBy } from '../ground/lists.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';

/** A ward, a department or the whole hospital, with how many are in. */
export interface Unit {
  readonly LEVEL: string;
  readonly UNIT: string;
  readonly TAKEN: number;
}

/** How many patients a ward and a department have in common. */
export interface Shared {
  readonly WARD: string;
  readonly DEPARTMENT: string;
  readonly N: number;
}

/** Under which name readers of figures see a unit: its own, that of all small ones, or null: not at all. */
export interface UnitLine {
  readonly LEVEL: string;
  readonly UNIT: string;
  readonly LINE: string | null;
}

/** Lines of both levels that cannot be told apart, and how many patients they share with others. */
interface Block {
  readonly lines: readonly string[];
  readonly edges: Map<Block, number>;
}

/**
 * Which units readers of figures see together, so that no forecast of fewer than ten patients is shown, nor follows from others. Units of
 * fewer than ten are one line a level, with the next larger ones where that takes ten. And across levels: wards and departments are the
 * same patients in two tables, and what wards add up to less departments are the patients by whom these differ. So no set of lines may
 * share fewer than ten patients with the others, unless none: where one does, units on both sides join the small ones.
 * @example
 * // A ward of three in a department whose other ward is shown: that one joins it, or the department less the ward were the three.
 * linesOf(
 *   [{ LEVEL: 'department', UNIT: 'surgery', TAKEN: 23 }, { LEVEL: 'ward', UNIT: 'ISO', TAKEN: 3 }, { LEVEL: 'ward', UNIT: 'P', TAKEN: 20 }],
 *   [{ WARD: 'ISO', DEPARTMENT: 'surgery', N: 3 }, { WARD: 'P', DEPARTMENT: 'surgery', N: 20 }],
 * ).map(({ LINE }) => LINE); // ["surgery", "(small wards)", "(small wards)"]
 */
export function linesOf(units: readonly Unit[], shared: readonly Shared[]): UnitLine[] {
  const parts = sortBy(
    units.filter(({ LEVEL }) => LEVEL !== 'all'),
    (a, b) => a.TAKEN - b.TAKEN || (a.UNIT < b.UNIT ? -1 : 1),
  );
  const hidden = new Set(parts.filter(isSmall));
  const nameLine = (unit: Unit) => `${unit.LEVEL} ${hidden.has(unit) ? '' : unit.UNIT}`;
  for (;;) {
    const next = nextToHide(parts, shared, hidden, nameLine);
    if (next.length === 0) break;
    for (const unit of next) hidden.add(unit);
  }
  return units.map((unit) => {
    const { LEVEL, UNIT } = unit;
    if (!hidden.has(unit)) return { LEVEL, UNIT, LINE: isSmall(unit) ? null : UNIT };
    return { LEVEL, UNIT, LINE: isShort(parts, hidden, LEVEL) ? null : `(small ${LEVEL}s)` };
  });
}

function isSmall({ TAKEN }: Unit): boolean {
  return TAKEN < FEWEST_PATIENTS;
}

/** Whether the hidden units of a level are too few patients together. */
function isShort(units: readonly Unit[], hidden: ReadonlySet<Unit>, level: string): boolean {
  const own = units.filter((unit) => unit.LEVEL === level && hidden.has(unit));
  return own.length > 0 && own.reduce((sum, { TAKEN }) => sum + TAKEN, 0) < FEWEST_PATIENTS;
}

/** The units that have to join the hidden ones next; none: none have to, or none are left. @param units the smallest first */
function nextToHide(
  units: readonly Unit[],
  shared: readonly Shared[],
  hidden: ReadonlySet<Unit>,
  nameLine: (unit: Unit) => string,
): readonly Unit[] {
  const shown = units.filter((unit) => !hidden.has(unit));
  const sides = findThinCut(units, shared, nameLine);
  // Of the level of which fewer have to join: the smallest on each side, but where the hidden ones of the level are already.
  const choices =
    sides.length === 0
      ? []
      : ['department', 'ward'].map((level) =>
          sides
            .filter((side) => side.indexOf(`${level} `) < 0)
            .map((side) => shown.find((unit) => unit.LEVEL === level && side.indexOf(nameLine(unit)) >= 0)),
        );
  const possible = choices.filter((choice) => choice.every((unit) => unit !== undefined)) as Unit[][];
  const best = sortBy(possible, (a, b) => a.length - b.length)[0];
  if (best !== undefined) return best;
  for (const level of ['department', 'ward'])
    if (isShort(units, hidden, level)) {
      const next = shown.find(({ LEVEL }) => LEVEL === level);
      if (next !== undefined) return [next];
    }
  return [];
}

/** Two sets of lines that share patients, but fewer than ten; none: there are no such ones. */
function findThinCut(
  units: readonly Unit[],
  shared: readonly Shared[],
  nameLine: (unit: Unit) => string,
): readonly (readonly string[])[] {
  const lineOf = (level: string, name: string) => {
    const unit = units.find(({ LEVEL, UNIT }) => LEVEL === level && UNIT === name);
    return unit === undefined ? undefined : nameLine(unit);
  };
  let blocks: Block[] = [];
  const blockOf = (line: string): Block => {
    const known = blocks.find(({ lines }) => lines.indexOf(line) >= 0);
    if (known !== undefined) return known;
    const made = { lines: [line], edges: new Map<Block, number>() };
    blocks.push(made);
    return made;
  };
  for (const { WARD, DEPARTMENT, N } of shared) {
    const [ward, department] = [lineOf('ward', WARD), lineOf('department', DEPARTMENT)];
    if (ward !== undefined && department !== undefined) connect(blockOf(ward), blockOf(department), N);
  }
  const merge = (a: Block, b: Block): void => {
    blocks = mergeBlocks(blocks, a, b);
  };
  // The smallest cut (Stoer and Wagner 1997): what is added last shares with all others what no smaller cut parts from the one before it.
  while (blocks.length > 1) {
    const order = orderBlocks(blocks);
    const last = order[order.length - 1] as Block;
    const patients = Array.from(last.edges.values()).reduce((sum, n) => sum + n, 0);
    if (patients > 0 && patients < FEWEST_PATIENTS)
      return [last.lines, flatMap(order.slice(0, -1), ({ lines }) => lines)];
    if (order.length === 1) blocks = blocks.filter((block) => block !== last);
    else merge(order[order.length - 2] as Block, last);
  }
  return [];
}

function connect(a: Block, b: Block, n: number): void {
  a.edges.set(b, (a.edges.get(b) || 0) + n);
  b.edges.set(a, (b.edges.get(a) || 0) + n);
}

/** Blocks that are connected with the first one, each time the one that shares most with those before it. */
function orderBlocks(blocks: readonly Block[]): readonly Block[] {
  const order: Block[] = [];
  const ties = new Map<Block, number>([[blocks[0] as Block, 0]]);
  while (ties.size > 0) {
    const next = Array.from(ties.keys()).reduce((most, block) =>
      Number(ties.get(block)) > Number(ties.get(most)) ? block : most,
    );
    ties.delete(next);
    order.push(next);
    next.edges.forEach((n, block) => {
      if (order.indexOf(block) < 0) ties.set(block, (ties.get(block) || 0) + n);
    });
  }
  return order;
}

function mergeBlocks(blocks: readonly Block[], a: Block, b: Block): Block[] {
  const made: Block = { lines: a.lines.concat(b.lines), edges: new Map() };
  for (const part of [a, b])
    part.edges.forEach((n, other) => {
      other.edges.delete(part);
      if (other !== a && other !== b) connect(made, other, n);
    });
  return blocks.filter((block) => block !== a && block !== b).concat([made]);
}
