import { posix } from 'node:path';
import type { Floor } from './plan.js';
import { imports, type Source } from './sources.js';

/** An import by value from one room of a folder into another. */
export interface Arrow {
  /** `from → to`, by rooms. */
  readonly rooms: string;
  /** `file → file`. */
  readonly files: string;
}

/** The room of a folder that a file lies in: the folder below it, or the file itself. */
export function roomOf(path: string, folder: string): string | undefined {
  const inside =
    folder === '' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
  return inside?.split('/')[0];
}

/** Every arrow between rooms of a folder. Types alone need nothing at run time; what is loaded late stands in no circle. */
export function arrowsOf(all: readonly Source[], folder: string): Arrow[] {
  return all.flatMap((source) => {
    const from = roomOf(source.path, folder);
    if (from === undefined) return [];
    return imports(source)
      .filter(({ kind }) => kind === 'static' || kind === 'worker')
      .flatMap(({ target }) => {
        const to = roomOf(target.replace(/\.js$/, '.ts'), folder);
        if (to === undefined || to === from || target.startsWith('node:')) return [];
        return [{ rooms: `${from} → ${to}`, files: `${source.path} → ${target}` }];
      });
  });
}

/**
 * Where code and plan differ: rooms that the plan does not know, arrows that point upwards and are no exception, and
 * exceptions that there are fewer of, or none.
 */
export function againstThePlan(all: readonly Source[], { folder, rooms, exceptions = {} }: Floor): string[] {
  const found = new Set(all.flatMap(({ path }) => roomOf(path, folder) ?? []));
  const problems = [...found]
    .filter((room) => !rooms.includes(room))
    .map((room) => `${posix.join(folder, room)} has no place in test/house/plan.ts`);
  problems.push(
    ...rooms
      .filter((room) => !found.has(room))
      .map((room) => `${posix.join(folder, room)} is in the plan only`),
  );
  const upwards = new Map<string, string[]>();
  for (const { rooms: pair, files } of arrowsOf(all, folder)) {
    const [from, to] = pair.split(' → ') as [string, string];
    // Packages and unknown rooms are other rules' affair.
    if (!rooms.includes(from) || !rooms.includes(to) || rooms.indexOf(to) < rooms.indexOf(from)) continue;
    upwards.set(pair, [...(upwards.get(pair) ?? []), files]);
  }
  for (const [pair, files] of upwards)
    if (files.length > (exceptions[pair] ?? 0))
      problems.push(
        `${folder || 'the house'}: ${pair} points upwards (${files.length}, allowed ${exceptions[pair] ?? 0}):\n  ${files.join('\n  ')}`,
      );
  for (const [pair, count] of Object.entries(exceptions)) {
    const now = upwards.get(pair)?.length ?? 0;
    if (now < count)
      problems.push(
        `${folder}: ${pair} has become better (${now} instead of ${count}); say so in test/house/plan.ts`,
      );
  }
  return problems;
}

/** Folders of code with more than `most` files that the list does not explain, or explains wrongly. */
export function tooFull(
  all: readonly Source[],
  most: number,
  explained: Readonly<Record<string, { readonly files?: number }>>,
): string[] {
  const counts = new Map<string, number>();
  for (const { path } of all) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const allowed = (folder: string) =>
    folder in explained ? (explained[folder]!.files ?? Number.POSITIVE_INFINITY) : most;
  const grown = [...counts]
    .filter(([folder, count]) => count > allowed(folder))
    .map(([folder, count]) => `${folder} has ${count} files (allowed ${allowed(folder)})`);
  const shrunk = Object.entries(explained)
    .map(([folder, { files = most + 1 }]) => ({ folder, files, now: counts.get(folder) ?? 0 }))
    .filter(({ files, now }) => now < files)
    .map(
      ({ folder, files, now }) =>
        `${folder} has ${now} files, fewer than ${files}; say so in test/house/plan.ts`,
    );
  return [...grown, ...shrunk];
}

/** Declared packages that nothing of these sources imports. */
export function notImported(all: readonly Source[], declared: Iterable<string>): string[] {
  const used = new Set(
    all.flatMap((source) =>
      imports(source).map(({ target }) =>
        target.startsWith('local/') ? target.split('/').slice(0, 2).join('/') : target,
      ),
    ),
  );
  return [...declared].filter((name) => !used.has(name));
}
