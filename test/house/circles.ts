import { posix } from 'node:path';
import { arrowsOf } from './arrows.js';
import { type Import, imports, type Source } from './sources.js';

type Graph = ReadonlyMap<string, Iterable<string>>;

/** Everything that leads back to itself: the sets of two or more that reach each other (Tarjan, 1972). */
export function circles(graph: Graph): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const path: string[] = [];
  const found: string[][] = [];
  const visit = (node: string) => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (path.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const circle = path.splice(path.indexOf(node));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

/** Circles of files that import each other by value, or also for types. */
export function circlesOfFiles(
  all: readonly Source[],
  kinds: readonly Import['kind'][] = ['static', 'worker'],
): string[][] {
  const files = new Set(all.map(({ path }) => path));
  return circles(
    new Map(
      all.map((source) => [
        source.path,
        imports(source)
          .filter(({ kind }) => kinds.includes(kind))
          .map(({ target }) => target.replace(/\.js$/, '.ts'))
          .filter((target) => files.has(target)),
      ]),
    ),
  );
}

/** Circles of rooms, in whatever folder, with a folder among them; those of files alone are told apart. */
export function circlesOfFolders(all: readonly Source[]): string[][] {
  const folders = new Set(['']);
  for (const { path } of all)
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder))
      folders.add(folder);
  return [...folders].flatMap((folder) => {
    const graph = new Map<string, Set<string>>();
    for (const { rooms } of arrowsOf(all, folder)) {
      const [from, to] = rooms.split(' → ').map((room) => posix.join(folder, room)) as [string, string];
      graph.set(from, (graph.get(from) ?? new Set()).add(to));
    }
    return circles(graph).filter((circle) => circle.some((room) => folders.has(room)));
  });
}
