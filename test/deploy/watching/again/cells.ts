/** Fewest patients of a cell. */
const FEWEST = 10;

/** The one level of all rare ones. */
export const RARE = '(small groups, together)';

/** Patients by value. */
function patientsBy<T>(values: readonly T[], patients: readonly string[]): Map<T, Set<string>> {
  const by = new Map<T, Set<string>>();
  values.forEach((value, i) => {
    by.set(value, (by.get(value) ?? new Set()).add(patients[i]!));
  });
  return by;
}

/** Levels of training rows as the reference has them: those of fewer than ten patients together, with the smallest other where these are fewer too. */
export function rareTogether(
  levels: readonly (string | null)[],
  patients: readonly string[],
): (string | null)[] {
  const by = [...patientsBy(levels, patients)]
    .flatMap(([level, of]) => (level === null ? [] : [{ level, of }]))
    .sort((a, b) => a.of.size - b.of.size || (a.level < b.level ? -1 : 1));
  const rare = by.filter(({ of }) => of.size < FEWEST);
  const others = by.filter(({ of }) => of.size >= FEWEST);
  const together = new Set(rare.flatMap(({ of }) => [...of]));
  const joined = new Set(rare.map(({ level }) => level));
  if (rare.length > 0 && together.size < FEWEST && others[0]) joined.add(others[0].level);
  return fillFew(
    levels.map((level) => (level !== null && joined.has(level) ? RARE : level)),
    patients,
  );
}

/** Numbers of training rows as the reference has them: each that of its cell. */
export function numbersInCells(
  values: readonly (number | null)[],
  patients: readonly string[],
): (number | null)[] {
  const known = [...new Set(values.filter((value) => value !== null))].sort((a, b) => a - b);
  const by = patientsBy(values, patients);
  const seen = new Set<string>();
  const cells: { begins: number; values: number[]; patients: number }[] = [];
  for (const value of known) {
    const begins = Math.floor(seen.size / FEWEST);
    const before = seen.size;
    for (const patient of by.get(value)!) seen.add(patient);
    const last = cells.at(-1);
    const own = seen.size - before;
    if (last?.begins === begins) {
      last.values.push(value);
      last.patients += own;
    } else cells.push({ begins, values: [value], patients: own });
  }
  // A cell that is too small belongs to the next that is not; behind the last of those, to that.
  const joined: number[][] = [];
  let small: number[] = [];
  for (const cell of cells) {
    small.push(...cell.values);
    if (cell.patients < FEWEST) continue;
    joined.push(small);
    small = [];
  }
  joined.at(-1)?.push(...small);
  const as = new Map<number, number>();
  for (const cell of joined) {
    const rows = values.filter((value) => value !== null && cell.includes(value)).map(Number);
    const count = (value: number) => rows.filter((row) => row === value).length;
    const most = cell.find((value) => 2 * count(value) > rows.length);
    for (const value of cell) as.set(value, most ?? rows.reduce((sum, row) => sum + row, 0) / rows.length);
  }
  return fillFew(
    values.map((value) => (value === null ? null : as.get(value)!)),
    patients,
  );
}

/** Where fewer than ten patients have no value, their rows count with the largest cell. */
function fillFew<T extends string | number>(
  values: readonly (T | null)[],
  patients: readonly string[],
): (T | null)[] {
  const without = new Set(patients.filter((_, i) => values[i] === null));
  if (without.size >= FEWEST) return [...values];
  const counts = new Map<T, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const [largest] = [...counts]
    .filter(([, rows]) => rows === most)
    .map(([value]) => value)
    .sort((a, b) => (a < b ? -1 : 1));
  return values.map((value) => value ?? largest ?? null);
}
